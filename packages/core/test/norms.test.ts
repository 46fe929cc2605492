// The derivatives of norms. Where they are not differentiable, in 0, a step that makes no error must not make the gradient NaN.
import {
  adjointRmsSeminorm,
  grad,
  hessian,
  jit,
  jvp,
  maxNorm,
  np,
  rmsNorm,
  type Scalar,
  type Tensor,
  twoNorm,
  vmap,
} from "@diffrax-ts/core";
import type { Norm } from "@diffrax-ts/protocol";
import { leaves } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

const norms: Readonly<Record<string, Norm>> = { rmsNorm, twoNorm, maxNorm };
const gradientOf = (norm: Norm, at: unknown): number[] =>
  leaves(grad(norm as never)(at as never)).flatMap((leaf) =>
    typeof leaf === "number" ? leaf : Array.from(leaf as Float64Array),
  );

describe.each(Object.entries(norms))("the gradient of %s", (name, norm) => {
  test.each<[string, unknown, number]>([
    ["a vector", Float64Array.of(0, 0), 2],
    ["a number", 0, 1],
    ["a tree", { a: 0, b: [Float64Array.of(0, 0), 0] }, 4],
    ["a float32 vector", Float32Array.of(0, 0, 0), 3],
  ])("is 0 in 0: %s", (_, at, size) => {
    expect(gradientOf(norm, at).map(Math.abs)).toEqual(new Array<number>(size).fill(0));
  });

  test("is that of differences elsewhere, 0 among its elements or not", () => {
    const h = 2 ** -17; // central differences are off by h², their roundings by 2⁻⁵² / h: 1e-10 and 3e-11
    for (const at of [
      [3, -4],
      [0, 2, -0.5],
      [-1.5, 0.25, 1, 0],
    ]) {
      const slope = at.map((_, i) => {
        const moved = (by: number): number =>
          norm(np.tensor(at.map((x, j) => (i === j ? x + by : x)))).item();
        return (moved(h) - moved(-h)) / (2 * h);
      });
      const gradient = gradientOf(norm, Float64Array.from(at));
      for (const [i, x] of slope.entries())
        expect(Math.abs(gradient[i]! - x), `${name} of ${at}, ${i}`).toBeLessThan(1e-9);
    }
  });

  test("does not depend on the leaves that the elements are in", () => {
    const flat = gradientOf(norm, Float64Array.of(3, -4, 0.5));
    expect(gradientOf(norm, { a: 3, b: Float64Array.of(-4, 0.5) })).toEqual(flat);
    expect(gradientOf(norm, [3, [-4], 0.5])).toEqual(flat);
  });

  test("is 0 in 0 for the elements of a batch that are 0, in jit and along a tangent", () => {
    const rows = np.tensor([
      [0, 0],
      [3, -4],
    ]);
    const batch = jit((x: Tensor) =>
      vmap((row: Tensor) => grad(norm as (row: Tensor) => Scalar)(row))(x),
    )(rows);
    expect(batch.toArray()).toEqual([[0, 0], gradientOf(norm, Float64Array.of(3, -4))]);
    const { tangent } = jvp(norm as never, [Float64Array.of(0, 0)], [Float64Array.of(1, -2)]);
    expect(Math.abs((tangent as Scalar).item())).toBe(0);
  });
});

test("the gradients of rmsNorm and twoNorm are x / (n norm) and x / norm", () => {
  // A root and a quotient, each rounded once.
  const close = (x: number): number => expect.closeTo(x, 15) as number;
  expect(gradientOf(twoNorm, Float64Array.of(3, -4))).toEqual([0.6, -0.8].map(close));
  const rms = Math.sqrt(12.5);
  expect(gradientOf(rmsNorm, Float64Array.of(3, -4))).toEqual([1.5 / rms, -2 / rms].map(close));
});

test("the Hessian of twoNorm is (1 - x xᵀ / norm²) / norm, and no NaN in 0", () => {
  const h = (x: Float64Array): number[][] =>
    (hessian(twoNorm as never)(x as never) as unknown as { toArray(): number[][] }).toArray();
  const wanted = [
    [16 / 125, -12 / 125],
    [-12 / 125, 9 / 125],
  ];
  expect(h(Float64Array.of(3, 4))).toEqual(
    wanted.map((row) => row.map((x) => expect.closeTo(x, 15) as number)),
  );
  for (const x of h(Float64Array.of(0, 0)).flat()) expect(x).not.toBeNaN();
});

test("adjointRmsSeminorm has the gradient of rmsNorm for the state and its gradient, and 0 for what is summed up only", () => {
  const zeros = [Float64Array.of(0, 0), Float64Array.of(0, 0), 1, 2];
  expect(gradientOf(adjointRmsSeminorm, zeros).map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
});
