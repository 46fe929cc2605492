// Elimination with partial pivoting for few unknowns, written out: rows are exchanged by choosing, and all numbers stay in locals of the
// compiled code. Row k of the matrix, from column k on, is what is left of it after k turns.
import {
  abs,
  concatenate,
  div,
  dot,
  equal,
  greater,
  less,
  mul,
  pad,
  reshape,
  slice,
  stack,
  sub,
  sum,
  where,
  zeros,
} from "@diffrax-ts/array";
import { scalarTensor } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { places } from "./places.ts";

/**
 * So many unknowns are few. Written out, 3, 6, 8 and 12 of them take 0.04, 0.16, 0.39 and 1.3 µs, and as loops 0.05, 0.42, 0.71 and 1.9; but engines take
 * 10 ms and more to compile what is written out for 8, and 180 for 16, where it is not even faster.
 */
export const mostSmall = 6;

/** The factors of a small matrix, `P A = L U` with the exchanges in between, as they were made. */
export interface SmallFactors {
  /** Row `k` of `U`, `[n, n]`: zeros left of the diagonal. */
  readonly upper: Tensor;
  /** By how much it was taken off the rows below, `[n, n]`: row `k` has zeros up to place `k`. */
  readonly lower: Tensor;
  /** With which of the rows left it changed places, int32 `[n]`: 0 is itself. */
  readonly pivot: Tensor;
}

export function factorSmall(matrix: Tensor): SmallFactors {
  const n = matrix.length;
  let rows = Array.from({ length: n }, (_, i): Tensor => matrix.at(i));
  const [upper, lower, pivot]: [Tensor[], Tensor[], Tensor[]] = [[], [], []];
  for (let k = 0; k < n; k++) {
    const place = placeOfPivot(rows);
    const [first] = rows as [Tensor];
    const top = rows.reduce((found, row, i) => where(equal(place, i), row, found));
    const others = rows.slice(1).map((row, i) => where(equal(place, i + 1), first, row));
    const factors = others.map((row) => div(row.at(0), top.at(0))); //           lᵢ = aᵢₖ / uₖₖ
    const tail = slice(top, [1, null]);
    rows = others.map((row, i) => sub(slice(row, [1, null]), mul(factors[i]!, tail))); // aᵢⱼ ← aᵢⱼ - lᵢ uₖⱼ
    upper.push(pad(top, [[k, 0]]));
    lower.push(
      factors.length === 0 ? zeros(n, { dtype: matrix.dtype }) : pad(stack(factors), [[k + 1, 0]]),
    );
    pivot.push(place);
  }
  return { upper: stack(upper), lower: stack(lower), pivot: stack(pivot) };
}

/** The place of the largest first element. One that is not finite comes first, so that it gets into the solution. */
function placeOfPivot(rows: readonly Tensor[]): Tensor {
  const sizes = rows.map((row) => {
    const size = abs(row.at(0));
    return where(less(size, Infinity), size, Infinity);
  });
  let [largest] = sizes as [Tensor];
  let place: Tensor = scalarTensor("int32", 0);
  for (const [i, size] of sizes.entries()) {
    if (i === 0) continue;
    const isLarger = greater(size, largest);
    place = where(isLarger, i, place);
    largest = where(isLarger, size, largest);
  }
  return place;
}

/** The solution of `A x = b`. */
export function solveSmall({ upper, lower, pivot }: SmallFactors, b: Tensor): Tensor {
  const n = b.length;
  let rest = b;
  const y: Tensor[] = [];
  for (let k = 0; k < n; k++) {
    const [top, others] = exchanged(rest, pivot.at(k));
    y.push(top);
    rest = k === n - 1 ? others : sub(others, mul(slice(lower, k, [k + 1, null]), top)); // b ← b - l yₖ
  }
  let x = div(y[n - 1]!, upper.at(n - 1, n - 1));
  let known: Tensor = reshape(x, [1]);
  for (let k = n - 2; k >= 0; k--) {
    x = div(sub(y[k]!, dot(slice(upper, k, [k + 1, null]), known)), upper.at(k, k)); // xₖ = (yₖ - u · x) / uₖₖ
    known = prepended(x, known);
  }
  return known;
}

/** The solution of `Aᵀ x = b`. */
export function solveSmallTransposed({ upper, lower, pivot }: SmallFactors, b: Tensor): Tensor {
  const n = b.length;
  let rest = b;
  const z: Tensor[] = [];
  for (let k = 0; k < n; k++) {
    const first = div(rest.at(0), upper.at(k, k)); //                            zₖ = bₖ / uₖₖ
    z.push(first);
    if (k === n - 1) break;
    rest = sub(slice(rest, [1, null]), mul(slice(upper, k, [k + 1, null]), first)); // b ← b - u zₖ
  }
  let x: Tensor = reshape(z[n - 1]!, [1]);
  for (let k = n - 2; k >= 0; k--) {
    const first = sub(z[k]!, dot(slice(lower, k, [k + 1, null]), x)); //         xₖ = zₖ - l · x
    const [top, others] = exchanged(prepended(first, x), pivot.at(k));
    x = prepended(top, others);
  }
  return x;
}

/** A vector whose first element changed places with another: the new first one, and the others. */
function exchanged(x: Tensor, place: Tensor): readonly [Tensor, Tensor] {
  const isPlace = equal(places(x.length), place);
  const top = sum(where(isPlace, x, 0));
  return [top, slice(where(isPlace, x.at(0), x), [1, null])];
}

function prepended(element: Tensor, x: Tensor): Tensor {
  return concatenate([reshape(element, [1]), x]);
}
