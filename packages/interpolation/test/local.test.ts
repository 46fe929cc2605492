import { tensor } from "@diffrax-ts/array";
import {
  fourthOrderPolynomialInterpolation,
  linearRescale,
  linearSlope,
  localLinearInterpolation,
  thirdOrderHermitePolynomialInterpolation,
} from "@diffrax-ts/interpolation";
import type { DenseInfo, LocalInterpolation, Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

/** A function of time and its derivative, to be interpolated. */
interface Curve {
  value(t: number): number;
  slope(t: number): number;
}

/** `Σ cᵢ tⁱ`. */
function polynomial(c: readonly number[]): Curve {
  return {
    value: (t) => c.reduceRight((sum, ci) => sum * t + ci, 0),
    slope: (t) => c.reduceRight((sum, ci, i) => (i === 0 ? sum : sum * t + i * ci), 0),
  };
}

const wave: Curve = {
  value: (t) => Math.exp(Math.sin(t)),
  slope: (t) => Math.cos(t) * Math.exp(Math.sin(t)),
};

/** What a solver would tell of a step along the curve: stages are slopes times the step. */
function infoOf(curve: Curve, t0: number, t1: number): DenseInfo {
  const dt = t1 - t0;
  return {
    y0: tensor(curve.value(t0)),
    y1: tensor(curve.value(t1)),
    k: [
      tensor(curve.slope(t0) * dt),
      tensor(curve.slope((t0 + t1) / 2) * dt),
      tensor(curve.slope(t1) * dt),
    ],
  };
}

type Make = (t0: Scalar, t1: Scalar, info: DenseInfo) => LocalInterpolation;

// Simpson's rule, whose three points are the stages here, gives half a step to the fourth power with these weights.
const half: Make = (t0, t1, info) =>
  fourthOrderPolynomialInterpolation(t0, t1, info, [5 / 24, 1 / 3, -1 / 24]);

const kinds: readonly { readonly name: string; readonly make: Make; readonly order: number }[] = [
  { name: "localLinearInterpolation", make: localLinearInterpolation, order: 1 },
  {
    name: "thirdOrderHermitePolynomialInterpolation",
    make: thirdOrderHermitePolynomialInterpolation,
    order: 3,
  },
  { name: "fourthOrderPolynomialInterpolation", make: half, order: 3 },
];

const number = (x: Tree): number => (x as Tensor).item();

describe("the interpolation of a step", () => {
  test.each(kinds)(
    "of $name reproduces polynomials of degree $order, and their slopes",
    ({ make, order }) => {
      const coefficient = fc.double({ min: -3, max: 3, noNaN: true });
      fc.assert(
        fc.property(
          fc.array(coefficient, { minLength: order + 1, maxLength: order + 1 }),
          fc.double({ min: -2, max: 2, noNaN: true }),
          fc.double({ min: 0.1, max: 2, noNaN: true }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          (c, t0, dt, s) => {
            const curve = polynomial(c);
            const local = make(tensor(t0), tensor(t0 + dt), infoOf(curve, t0, t0 + dt));
            const t = t0 + s * dt;
            // Values up to 3 · 4⁴, weights up to 32, and the slope divides by the step.
            expect(Math.abs(number(local.evaluate(tensor(t))) - curve.value(t))).toBeLessThan(
              1e-11,
            );
            expect(Math.abs(number(local.derivative(tensor(t))) - curve.slope(t))).toBeLessThan(
              1e-10,
            );
          },
        ),
      );
    },
  );

  test.each(kinds)(
    "of $name has an error of order $order + 1, and its slope one of order $order",
    ({ make, order }) => {
      const errors = (what: "value" | "slope"): number[] =>
        [0, 1, 2, 3, 4].map((halvings) => {
          const dt = 0.25 / 2 ** halvings;
          const local = make(tensor(0.3), tensor(0.3 + dt), infoOf(wave, 0.3, 0.3 + dt));
          const ask = what === "value" ? "evaluate" : "derivative";
          return Math.abs(number(local[ask](tensor(0.3 + 0.2 * dt))) - wave[what](0.3 + 0.2 * dt));
        });
      const observed = (list: readonly number[]): number =>
        Math.log2(list[0]! / list.at(-1)!) / (list.length - 1);
      expect(Math.abs(observed(errors("value")) - (order + 1))).toBeLessThan(0.2);
      expect(Math.abs(observed(errors("slope")) - order)).toBeLessThan(0.2);
    },
  );

  test.each(kinds)("of $name is y0 with slope 0 if the step has no length", ({ make }) => {
    const local = make(tensor(0.5), tensor(0.5), infoOf(wave, 0.5, 0.5));
    expect(number(local.evaluate(tensor(0.5)))).toBe(wave.value(0.5));
    expect(number(local.derivative(tensor(0.5)))).toBe(0);
  });

  test.each(kinds)("of $name has the structure of the state", ({ make }) => {
    const leaf = (x: number): Tree => ({ a: tensor([x, 2 * x]), b: [tensor(-x)] });
    const info: DenseInfo = { y0: leaf(1), y1: leaf(2), k: [leaf(1), leaf(1), leaf(1)] };
    const local = make(tensor(0), tensor(1), info);
    const { a, b } = local.evaluate(tensor(1)) as {
      readonly a: Tensor;
      readonly b: readonly Tensor[];
    };
    expect([a.toArray(), b[0]!.item()]).toEqual([[2, 4], -2]);
    const slope = local.derivative(tensor(0)) as { readonly a: Tensor };
    expect(slope.a.toArray()).toEqual([1, 2]);
  });
});

test("fourthOrderPolynomialInterpolation leaves out the stages whose weight is zero", () => {
  const info = infoOf(wave, 0, 1);
  const broken: DenseInfo = {
    ...info,
    k: [(info["k"] as Tree[])[0]!, tensor(Number.NaN), (info["k"] as Tree[])[2]!],
  };
  const local = fourthOrderPolynomialInterpolation(tensor(0), tensor(1), broken, [1 / 4, 0, 1 / 4]);
  expect(number(local.evaluate(tensor(0.5)))).toBeCloseTo(
    wave.value(0) + (wave.slope(0) + wave.slope(1)) / 4,
    14,
  );
});

test("linearRescale(t0, t, t1) is the fraction of the way, and 0 if there is none", () => {
  expect(linearRescale(tensor(1), tensor(1.5), tensor(3)).item()).toBe(0.25);
  expect(linearSlope(tensor(1), tensor(3)).item()).toBe(0.5);
  expect(linearRescale(tensor(1), tensor(1), tensor(1)).item()).toBe(0);
  expect(linearSlope(tensor(1), tensor(1)).item()).toBe(0);
});

test("an interpolation of stages says so where the solver told of none", () => {
  const [t0, t1] = [tensor(0), tensor(1)];
  const info: DenseInfo = { y0: tensor(1), y1: tensor(2) };
  expect(() => thirdOrderHermitePolynomialInterpolation(t0, t1, info)).toThrow(
    "interpolation: denseInfo.k must be the list of the stages of a step, got undefined",
  );
});
