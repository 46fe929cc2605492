// Elimination with partial pivoting for unknowns that are neither few nor many: a loop factors the matrix, and what solves with the factors is written out.
// That is a small part of the work, so that engines compile it quickly; and iterations of Newton's kind do it again and again.
import {
  concatenate,
  div,
  equal,
  mul,
  reshape,
  slice,
  stack,
  sub,
  sum,
  take,
  where,
} from "@diffrax-ts/array";
import type { Tensor } from "@diffrax-ts/pytree";
import { eliminateColumns } from "./blockedLU.ts";
import { places } from "./places.ts";

/** So many unknowns fit into locals of the compiled code. */
export const mostInPanel = 16;

/** The factors of a matrix: `A[order] = L U`. */
export interface PanelFactors {
  /** Column `k` of `L` as row `k`, `[n, n]`: zeros up to place `k`; its diagonal of ones is left out. */
  readonly lower: Tensor;
  /** Row `k` of `U`, `[n, n]`: whatever was left there before place `k`. */
  readonly upper: Tensor;
  /** `1 / uₖₖ`, `[n]`. */
  readonly inverses: Tensor;
  /** Which row had its turn at `k`, int32 `[n]`. */
  readonly order: Tensor;
}

export function factorPanel(matrix: Tensor): PanelFactors {
  const { lower, upper, pivot, divisor } = eliminateColumns(matrix);
  return { lower: take(lower, pivot, { axis: 1 }), upper, inverses: div(1, divisor), order: pivot };
}

/** The solution of `A x = b`: `L y = b[order]`, `U x = y`. */
export function solvePanel({ lower, upper, inverses, order }: PanelFactors, b: Tensor): Tensor {
  const n = b.length;
  let rest = take(b, order);
  const y: Tensor[] = [];
  for (let k = 0; k < n; k++) {
    const first = rest.at(0);
    y.push(first);
    if (k < n - 1) rest = sub(after(rest), mul(slice(lower, k, [k + 1, null]), first)); // b ← b - lₖ yₖ
  }
  let left: Tensor = stack(y);
  let x: Tensor | null = null;
  for (let k = n - 1; k >= 0; k--) {
    const last = mul(left.at(k), inverses.at(k)); //                                   xₖ = yₖ / uₖₖ
    x = prepended(last, x);
    if (k > 0) left = sub(slice(left, [0, k]), mul(slice(upper, [0, k], k), last)); //  y ← y - uₖ xₖ
  }
  return x!;
}

/** The solution of `Aᵀ x = b`: `Uᵀ y = b`, `Lᵀ x[order] = y`. */
export function solvePanelTransposed(
  { lower, upper, inverses, order }: PanelFactors,
  b: Tensor,
): Tensor {
  const n = b.length;
  let rest = b;
  const y: Tensor[] = [];
  for (let k = 0; k < n; k++) {
    const first = mul(rest.at(0), inverses.at(k)); //                                  yₖ = bₖ / uₖₖ
    y.push(first);
    if (k < n - 1) rest = sub(after(rest), mul(slice(upper, k, [k + 1, null]), first)); // b ← b - uₖ yₖ
  }
  let left: Tensor = stack(y);
  let x: Tensor | null = null;
  for (let k = n - 1; k >= 0; k--) {
    const last = left.at(k);
    x = prepended(last, x);
    if (k > 0) left = sub(slice(left, [0, k]), mul(slice(lower, [0, k], k), last)); //  y ← y - lₖ xₖ
  }
  // Every place has had its turn once.
  const isTurn = equal(reshape(order, [n, 1]), places(n));
  return sum(where(isTurn, reshape(x!, [n, 1]), 0), { axis: 0 });
}

function after(x: Tensor): Tensor {
  return slice(x, [1, null]);
}

function prepended(element: Tensor, x: Tensor | null): Tensor {
  const first = reshape(element, [1]);
  return x === null ? first : concatenate([first, x]);
}
