import { grad, jit, jvp, valueAndGrad, vjp, vmap } from "@diffrax-ts/autodiff";
import { mul, tensorOf } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Draw, numbersOf } from "./support/Draw.ts";
import { randomFunction, sum, type VectorFunction } from "./support/randomFunction.ts";

const thoroughness = Number(process.env["THOROUGHNESS"] ?? 1);

interface Drawn {
  readonly f: VectorFunction;
  readonly loss: VectorFunction;
  readonly x: Tensor;
  readonly v: Tensor;
  readonly draw: Draw;
}

function check(numRuns: number, depth: number, property: (drawn: Drawn) => void): void {
  fc.assert(
    fc.property(fc.gen(), (next) => {
      const draw = new Draw(next);
      const n = draw.pick([1, 2, 3, 18]);
      const f = randomFunction(draw, n, depth);
      const vector = (): Tensor =>
        tensorOf({ dtype: "float64", shape: [n], data: draw.floats([n], [0.2, 1], true) });
      const weights = vector();
      property({ f, loss: (x) => sum(mul(f(x), weights)), x: vector(), v: vector(), draw });
    }),
    { numRuns: Math.ceil(numRuns * thoroughness), includeErrorInReport: true },
  );
}

/** `x + h v`. */
function moved(x: Tensor, v: Tensor, h: number): Tensor {
  const [a, b] = [numbersOf(x), numbersOf(v)];
  return tensorOf({
    dtype: "float64",
    shape: x.shape,
    data: Float64Array.from(a, (y, i) => y + h * b[i]!),
  });
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, x, i) => total + x * b[i]!, 0);

function close(got: readonly number[], wanted: readonly number[], tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  const size = Math.max(1, ...wanted.map(Math.abs));
  for (const [i, x] of wanted.entries())
    expect(Math.abs(got[i]! - x) / size, `number ${i}: ${got[i]} and ${x}`).toBeLessThan(tolerance);
}

describe("random functions with loops, branches, batches and derivatives inside one another", () => {
  test("jit(f) gives the bits of f", () => {
    check(40, 3, ({ f, x }) => {
      expect(numbersOf(jit(f)(x as never))).toEqual(numbersOf(f(x)));
    });
  });

  test("grad(loss) is the limit of differences", () => {
    check(40, 3, ({ loss, x, v }) => {
      const { value, grad: gradient } = valueAndGrad(loss as never)(x as never) as unknown as {
        value: Tensor;
        grad: Tensor;
      };
      expect(numbersOf(value)).toEqual(numbersOf(jit(loss)(x as never)));
      const run = jit(loss);
      const h = 2 ** -10;
      const at = (k: number): number => run(moved(x, v, k * h)).item();
      // h⁴/30 is 3e-14; the fifth derivatives of what is nested grow up to 1e6.
      close(
        [dot(numbersOf(gradient), numbersOf(v))],
        [(8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h)],
        1e-6,
      );
    });
  });

  test("the Hessian times a vector is the same forward over reverse, reverse over forward and reverse over reverse", () => {
    check(25, 2, ({ loss, x, v }) => {
      const gradient = (y: Tensor): Tensor => grad(loss as never)(y as never) as Tensor;
      const wanted = numbersOf(jvp(gradient, [x], [v]).tangent);
      close(
        numbersOf(
          grad(((y: Tensor) => jvp(loss, [y], [v]).tangent) as never)(x as never) as Tensor,
        ),
        wanted,
        1e-10,
      );
      close(
        numbersOf(grad(((y: Tensor) => sum(mul(gradient(y), v))) as never)(x as never) as Tensor),
        wanted,
        1e-10,
      );
      const h = 2 ** -10;
      const run = jit(gradient);
      const at = (k: number): number[] => numbersOf(run(moved(x, v, k * h)));
      const [a, b, c, d] = [at(1), at(-1), at(2), at(-2)];
      close(
        a.map((y, i) => (8 * (y - b[i]!) - (c[i]! - d[i]!)) / (12 * h)),
        wanted,
        1e-5,
      );
    });
  });

  test("a third derivative is the same in two orders", () => {
    check(8, 1, ({ loss, x, v }) => {
      const slope = (y: Tensor): Tensor => jvp(loss, [y], [v]).tangent;
      const second = (y: Tensor): Tensor => jvp(slope, [y], [v]).tangent;
      const gradient = (y: Tensor): Tensor => grad(loss as never)(y as never) as Tensor;
      const along = (y: Tensor): Tensor => jvp(gradient, [y], [v]).tangent;
      close(
        numbersOf(jvp(along, [x], [v]).tangent),
        numbersOf(
          vjp(second, x).vjp(
            tensorOf({ dtype: "float64", shape: [], data: Float64Array.of(1) }),
          )[0],
        ),
        1e-9,
      );
    });
  });

  test("vmap(grad(loss)) gives the bits of a loop, and so does vmap(vmap(f))", () => {
    check(30, 2, ({ f, loss, x, v }) => {
      const gradient = (y: Tensor): Tensor => grad(loss as never)(y as never) as Tensor;
      const rows = [x, v, moved(x, v, 2)];
      const stack = tensorOf({
        dtype: "float64",
        shape: [3, ...x.shape],
        data: Float64Array.from(rows.flatMap(numbersOf)),
      });
      expect(numbersOf(vmap(gradient)(stack as never))).toEqual(
        rows.flatMap((row) => numbersOf(gradient(row))),
      );
      const twice = tensorOf({
        dtype: "float64",
        shape: [1, 3, ...x.shape],
        data: Float64Array.from(rows.flatMap(numbersOf)),
      });
      expect(numbersOf(vmap(vmap(f) as VectorFunction)(twice as never))).toEqual(
        rows.flatMap((row) => numbersOf(jit(f)(row as never))),
      );
    });
  });
});
