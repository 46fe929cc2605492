import { add, astype, linspace, mul, sin, stack, sub, sum, tensor } from "@diffrax-ts/array";
import { grad, jit, vmap } from "@diffrax-ts/autodiff";
import {
  backwardHermiteCoefficients,
  CubicInterpolation,
  linearInterpolation,
  LinearInterpolation,
  rectilinearInterpolation,
} from "@diffrax-ts/interpolation";
import { type Path, pathDerivative } from "@diffrax-ts/protocol";
import { part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

const cubicThrough = (ts: Tensor, ys: Tensor) =>
  CubicInterpolation(ts, backwardHermiteCoefficients(ts, ys));

/** Increasing times and a value at each, whole numbers of sixteenths. */
const observations = fc
  .array(
    fc.record({ gap: fc.integer({ min: 1, max: 40 }), y: fc.integer({ min: -80, max: 80 }) }),
    {
      minLength: 2,
      maxLength: 12,
    },
  )
  .map((rows) => {
    let t = 0;
    return {
      ts: rows.map(({ gap }) => (t += gap / 16)),
      ys: rows.map(({ y }) => y / 16),
    };
  });

describe("a path through data", () => {
  test("has the data at their times, from both sides", () => {
    fc.assert(
      fc.property(observations, ({ ts, ys }) => {
        const coeffs = backwardHermiteCoefficients(ts, ys);
        for (const path of [LinearInterpolation(ts, ys), CubicInterpolation(ts, coeffs)]) {
          for (const [i, t] of ts.entries()) {
            // A cubic is evaluated at the end of a piece with a few roundings of its largest term.
            const size =
              Math.max(1, ...ts) ** 3 * Math.max(1, ...Array.from(coeffs.d, (x) => Math.abs(x)));
            for (const left of [true, false])
              expect(Math.abs(path.evaluate(t, null, left).item() - ys[i]!)).toBeLessThan(
                1e-14 * size + 1e-12,
              );
          }
        }
      }),
    );
  });

  test("has increments that are differences of its values, and that add up", () => {
    fc.assert(
      fc.property(observations, fc.double({ min: -1, max: 20, noNaN: true }), ({ ts, ys }, t) => {
        const path = LinearInterpolation(ts, ys);
        const whole = path.evaluate(ts[0]!, ts.at(-1)).item();
        const parts = path.evaluate(ts[0]!, t).item() + path.evaluate(t, ts.at(-1)).item();
        expect(parts).toBeCloseTo(whole, 10);
      }),
    );
  });

  test("derivative(t) is that of evaluate(t) by forward mode, between the times", () => {
    const ts = tensor([0, 0.5, 2, 3]);
    const ys = {
      a: tensor([1, 3, 2, 5]),
      b: [
        tensor([
          [1, 2],
          [0, 1],
          [4, 4],
          [2, 0],
        ]),
      ],
    };
    const coeffs = backwardHermiteCoefficients(ts, ys);
    for (const path of [LinearInterpolation(ts, ys), CubicInterpolation(ts, coeffs)]) {
      const plain = { ...path, derivative: undefined } as unknown as typeof path;
      for (const t of [-0.5, 0.2, 1.3, 2.9, 3.5]) {
        const [own, forward] = [pathDerivative(path, t), pathDerivative(plain, t)];
        expect(own.a.item()).toBeCloseTo(forward.a.item(), 12);
        expect(own.b[0]!.toArray()).toEqual(
          forward.b[0]!.toArray().map((x) => expect.closeTo(x, 12) as number),
        );
      }
    }
  });

  test("gives the same at known and at traced times", () => {
    const path = cubicThrough(tensor([0, 1, 3]), tensor([1, 0, 2]));
    const traced = jit((t: Scalar) => [path.evaluate(t), path.derivative(t, false)]);
    for (const t of [-1, 0, 0.3, 1, 2.5, 3, 4]) {
      const [value, slope] = traced(t);
      expect(value!.item()).toBe(path.evaluate(t).item());
      expect(slope!.item()).toBe(path.derivative(t, false).item());
    }
  });

  test("can be differentiated with respect to its data, its times and the time asked for", () => {
    const value = (ts: Tensor, ys: Tensor, t: Scalar): Tensor => cubicThrough(ts, ys).evaluate(t);
    const [ts, ys] = [tensor([0, 1, 3]), tensor([1, 0, 2])];
    const at = (dts: readonly number[], dys: readonly number[], dt: number): number =>
      value(add(ts, tensor([...dts])), add(ys, tensor([...dys])), tensor(2 + dt)).item();
    const h = 1e-5;
    const unit = (i: number) => [0, 1, 2].map((j) => (i === j ? h : 0));
    const back = (x: readonly number[]) => x.map((y) => -y);
    const zero = [0, 0, 0];
    const gradient = grad(value, { argnums: [0, 1, 2] })(ts, ys, 2);
    for (let i = 0; i < 3; i++) {
      const byTime = (at(unit(i), zero, 0) - at(back(unit(i)), zero, 0)) / (2 * h);
      const byValue = (at(zero, unit(i), 0) - at(zero, back(unit(i)), 0)) / (2 * h);
      expect(gradient[0].at(i).item()).toBeCloseTo(byTime, 8);
      expect(gradient[1].at(i).item()).toBeCloseTo(byValue, 8);
    }
    expect(gradient[2]).toBeCloseTo((at(zero, zero, h) - at(zero, zero, -h)) / (2 * h), 8);
  });

  test("is of float32 for data of float32, and lists follow", () => {
    const ts = astype(tensor([0, 1, 2]), "float32");
    const path = LinearInterpolation(ts, { a: [1, 2, 4], b: Float32Array.of(0, 1, 0) });
    const { a, b } = path.evaluate(1.5);
    expect([a.dtype, b.dtype, a.item(), b.item()]).toEqual(["float32", "float32", 3, 0.5]);
    expect(LinearInterpolation([0, 1], Float32Array.of(1, 2)).ts.dtype).toBe("float32");
  });

  test("takes whole numbers as floats", () => {
    const path = LinearInterpolation(Int32Array.of(0, 2), Int32Array.of(1, 4));
    expect(path.evaluate(1).item()).toBe(2.5);
    expect(path.evaluate(tensor(1, { dtype: "int32" })).item()).toBe(2.5);
  });

  test("may be made and asked in a batch: each element has its own times and data", () => {
    // Ragged: shorter series go on with times of their own and NaN, which are filled with the last observation.
    const ts = tensor([
      [0, 1, 2, 3],
      [0, 0.5, 3, 4],
    ]);
    const ys = tensor([
      [1, 2, 0, 1],
      [4, 2, Number.NaN, Number.NaN],
    ]);
    const fit = (t: Tensor, y: Tensor) => {
      const coeffs = backwardHermiteCoefficients(t, y, { fillForwardNansAtEnd: true });
      return CubicInterpolation(t, coeffs);
    };
    const paths = vmap(fit)(ts, ys);
    const values = vmap((path: ReturnType<typeof fit>, t: Scalar) => path.evaluate(t))(
      paths,
      tensor([1.5, 3.5]),
    );
    const alone = [0, 1].map((i) => fit(ts.at(i), ys.at(i)).evaluate([1.5, 3.5][i]!).item());
    expect(values.toArray()).toEqual(alone);
    expect(alone.every(Number.isFinite)).toBe(true);
  });
});

describe("data with missing numbers", () => {
  const ts = [0, 1, 2, 4, 5];
  const ys = [Number.NaN, 1, Number.NaN, 4, Number.NaN];

  test("linearInterpolation(ts, ys) fills in what lies between observations", () => {
    expect(linearInterpolation(ts, ys).toArray()).toEqual([Number.NaN, 1, 2, 4, Number.NaN]);
  });

  test("linearInterpolation(ts, ys, { replaceNansAtStart, fillForwardNansAtEnd }) fills in the rest", () => {
    const options = { replaceNansAtStart: 7, fillForwardNansAtEnd: true };
    expect(linearInterpolation(ts, ys, options).toArray()).toEqual([7, 1, 2, 4, 4]);
  });

  test("rectilinearInterpolation(ts, ys) holds what was observed last", () => {
    const [times, data] = rectilinearInterpolation(ts, ys, { replaceNansAtStart: 0 });
    expect(times.toArray()).toEqual([0, 1, 1, 2, 2, 4, 4, 5, 5]);
    expect(data.toArray()).toEqual([0, 0, 1, 1, 1, 1, 4, 4, 4]);
  });

  test("filled data have the derivative of the observations that they were filled from", () => {
    const middle = (y: Tensor): Tensor => linearInterpolation([0, 1, 4], y).at(1);
    expect(grad(middle)(tensor([1, Number.NaN, 3])).toArray()).toEqual([
      expect.closeTo(3 / 4, 12),
      0,
      expect.closeTo(1 / 4, 12),
    ]);
  });
});

describe("a path of a user's own", () => {
  const evaluate = (t0: number | Scalar, t1: number | Scalar | null = null): Tensor =>
    t1 === null ? mul(sin(t0), 2) : sub(mul(sin(t1), 2), mul(sin(t0), 2));
  const path: Path<Tensor> = part("test/Sine", { t0: 0, t1: 3, evaluate });

  test("has a derivative by forward mode", () => {
    expect(pathDerivative(path, 1).item()).toBeCloseTo(2 * Math.cos(1), 14);
    const traced = jit((t: Scalar) => pathDerivative(path, t));
    expect(traced(1).item()).toBeCloseTo(2 * Math.cos(1), 14);
    expect(sum(vmap((t: Scalar) => pathDerivative(path, t))(linspace(0, 1, 3))).shape).toEqual([]);
  });
});

describe("refused, with the argument and the way out, are", () => {
  const cases: readonly { name: string; call: () => unknown; message: RegExp }[] = [
    {
      name: "times that do not increase",
      call: () => LinearInterpolation([0, 2, 1], [1, 2, 3]),
      message: /^LinearInterpolation: ts must increase, got 2 and then 1 at index 2$/u,
    },
    {
      name: "a time that is NaN",
      call: () => linearInterpolation([0, Number.NaN], [1, 2]),
      message: /^linearInterpolation: ts must increase, got 0 and then NaN at index 1$/u,
    },
    {
      name: "NaN in data that were not filled in",
      call: () =>
        LinearInterpolation([0, 1], {
          a: [
            [1, 2],
            [3, Number.NaN],
          ],
        }),
      message: /^LinearInterpolation: ys has a NaN in row 1; fill in missing data before/u,
    },
    {
      name: "data of another dtype than the times",
      call: () => LinearInterpolation(Float64Array.of(0, 1), { a: Float32Array.of(1, 2) }),
      message: /^LinearInterpolation: ys\.a: is float32, and ts is float64; make them alike/u,
    },
    {
      name: "a time of another dtype than the data",
      call: () => LinearInterpolation([0, 1], [1, 2]).evaluate(astype(tensor(0.5), "float32")),
      message:
        /^LinearInterpolation\.evaluate: t is float32, and the times of the data are float64/u,
    },
    {
      name: "several times at once",
      call: () => LinearInterpolation([0, 1], [1, 2]).evaluate(tensor([0, 1]) as never),
      message: /t must be one number, got float64\[2\]; for many times take vmap$/u,
    },
    {
      name: "a number as data",
      call: () => LinearInterpolation([0, 1], { a: 3 }),
      message: /^LinearInterpolation: ys\.a: expected a row for each time, got the number 3$/u,
    },
    {
      name: "columns in the place of rows",
      call: () =>
        LinearInterpolation(
          [0, 1, 2],
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
        ),
      message:
        /^LinearInterpolation: ys: expected 3 rows for the 3 times in ts, got float64\[2,3\]$/u,
    },
    {
      name: "coefficients that are none",
      call: () => CubicInterpolation([0, 1], [1, 2] as never),
      message: /^CubicInterpolation: coeffs must be \{ d, c, b, a \}/u,
    },
    {
      name: "a slope of another shape",
      call: () => backwardHermiteCoefficients([0, 1], [1, 2], { deriv0: [1, 2] }),
      message: /^backwardHermiteCoefficients: deriv0: expected float64\[\] as a row of ys/u,
    },
    {
      name: "a replacement of another structure",
      call: () => linearInterpolation([0, 1], { a: [1, 2] }, { replaceNansAtStart: { b: 1 } }),
      message: /^linearInterpolation: replaceNansAtStart\.b: there is none in ys$/u,
    },
  ];
  test.each(cases)("$name", ({ call, message }) => {
    expect(call).toThrow(message);
  });

  test("but for NaN that is allowed, which is NaN in the path", () => {
    const path = LinearInterpolation([0, 1, 2], [1, Number.NaN, 3], { allowNans: true });
    expect(path.evaluate(0.5).item()).toBeNaN();
    expect(stack([path.evaluate(2)]).size).toBe(1);
  });
});
