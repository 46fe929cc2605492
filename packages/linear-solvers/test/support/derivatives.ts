import { grad } from "@diffrax-ts/autodiff";
import { linearSolve } from "@diffrax-ts/linear-solvers";
import type { Tensor } from "@diffrax-ts/pytree";
import { expect } from "vitest";
import { generator, randomMatrix, randomVector } from "./systems.ts";

/** The solution alone. */
export function solved(matrix: Tensor, vector: Tensor): Tensor {
  return linearSolve(matrix, vector).value;
}

/** A matrix whose inverse is not large, a vector, and a direction for each. */
export function system(n: number, seed = n) {
  const next = generator(seed);
  const draw = () => ({ a: randomMatrix(n, next), b: randomVector(n, next) });
  const [{ b }, direction] = [draw(), draw()];
  return { a: randomMatrix(n, next, { diagonal: 1 + n / 2 }), b, da: direction.a, db: direction.b };
}

/** The gradients of a loss with respect to the matrix and to the vector. */
export function gradients(loss: (matrix: Tensor, vector: Tensor) => Tensor) {
  return (a: Tensor, b: Tensor): [Tensor, Tensor] => grad(loss, { argnums: [0, 1] })(a, b);
}

/** Fails unless the largest difference is within `tolerance` times the largest element, or times 1. */
export function expectClose(
  got: readonly number[],
  wanted: readonly number[],
  tolerance: number,
): void {
  expect(got.length).toBe(wanted.length);
  const size = Math.max(1, ...wanted.map(Math.abs));
  const error = Math.max(...got.map((x, i) => Math.abs(x - wanted[i]!)));
  expect(error / size).toBeLessThanOrEqual(tolerance);
}
