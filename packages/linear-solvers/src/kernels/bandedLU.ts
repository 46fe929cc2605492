// Elimination with partial pivoting within a band. A window of lower + 1 rows moves down the diagonal; an exchange of rows reaches no further.
import {
  concatenate,
  div,
  equal,
  expandDims,
  mul,
  outer,
  pad,
  reshape,
  slice,
  sub,
  sum,
  where,
  zeros,
  abs,
  add,
  less,
} from "@diffrax-ts/array";
import { scan, type ScanStep } from "@diffrax-ts/autodiff";
import type { Tensor } from "@diffrax-ts/pytree";
import type { Bandwidth } from "../Bandwidth.ts";
import { column } from "./band.ts";
import { placeOfLargest, places } from "./places.ts";

/** The factors of a matrix with few diagonals: those of each turn of the elimination. */
export interface BandFactors {
  /** The row of the pivot from the diagonal on, `[n, lower + upper + 1]`: row `k` of `U`. */
  readonly upper: Tensor;
  /** By how much it was taken off the rows below, `[n, lower]`: column `k` of `L`. */
  readonly lower: Tensor;
  /** Which row of the window it was, int32 `[n]`. */
  readonly pivot: Tensor;
}

type Row<Name extends string> = Readonly<Record<Name, Tensor>>;

/** @param rows - `rows[i, d] = A[i, i - lower + d]`. */
export function factorBand(rows: Tensor, { lower, upper }: Bandwidth): BandFactors {
  const [n, width] = [rows.length, lower + upper + 1];
  // Rows 0 to `lower` from column 0 on; below the matrix there are zeros.
  const below = pad(rows, [
    [0, lower + 1],
    [0, 0],
  ]);
  const first = Array.from({ length: lower + 1 }, (_, i) =>
    pad(slice(below, [i, i + 1], [lower - i, null]), [
      [0, 0],
      [0, lower - i],
    ]),
  );
  const window = concatenate(first);
  const next = slice(below, [lower + 1, null]);
  return scan(eliminate, window, { next: reshape(next, [n, width]) }).rows;
}

function eliminate(window: Tensor, { next }: Row<"next">): ScanStep<Tensor, BandFactors> {
  const size = abs(column(window, 0));
  // NaN is the first choice, so that it gets into the solution.
  const pivot = placeOfLargest(where(less(size, Infinity), size, Infinity));
  const isPivot = expandDims(equal(places(window.length), pivot), 1);
  const upper = sum(where(isPivot, window, 0), { axis: 0 });
  const rest = where(isPivot, slice(window, 0), window);
  const others = slice(rest, [1, null]);
  const lower = div(column(others, 0), upper.at(0)); //                      lᵢ = aᵢ₀ / u₀
  const left = sub(slice(others, null, [1, null]), outer(lower, slice(upper, [1, null])));
  const moved = pad(left, [
    [0, 0],
    [0, 1],
  ]);
  return { carry: concatenate([moved, expandDims(next, 0)]), row: { upper, lower, pivot } };
}

/** The solution of `A x = b`. */
export function solveBand({ upper, lower, pivot }: BandFactors, b: Tensor): Tensor {
  const reach = lower.shape[1]!;
  const below = pad(b, [[0, reach + 1]]);
  const next = slice(below, [reach + 1, null]);
  const y = scan(forward, slice(below, [0, reach + 1]), { l: lower, p: pivot, next }).rows.y;
  const window: Tensor = zeros(upper.shape[1]! - 1, { dtype: b.dtype });
  return scan(backward, window, { u: upper, y }, { reverse: true }).rows.x;
}

function forward(
  window: Tensor,
  { l, p, next }: Row<"l" | "p" | "next">,
): ScanStep<Tensor, Row<"y">> {
  const isPivot = equal(places(window.length), p);
  const y = sum(where(isPivot, window, 0));
  const others = slice(where(isPivot, window.at(0), window), [1, null]);
  return { carry: appended(sub(others, mul(l, y)), next), row: { y } }; //   bᵢ ← bᵢ - lᵢ y
}

function backward(window: Tensor, { u, y }: Row<"u" | "y">): ScanStep<Tensor, Row<"x">> {
  const known = sum(mul(slice(u, [1, null]), window));
  const x = div(sub(y, known), u.at(0)); //                                  x = (y - u · x) / u₀
  return { carry: slice(prepended(x, window), [0, window.length]), row: { x } };
}

/** The solution of `Aᵀ x = b`. */
export function solveBandTransposed({ upper, lower, pivot }: BandFactors, b: Tensor): Tensor {
  const [n, reach] = [b.length, lower.shape[1]!];
  const known: Tensor = zeros(upper.shape[1]!, { dtype: b.dtype });
  const z = scan(forwardTransposed, known, { u: upper, b }).rows.z;
  const window: Tensor = zeros(reach, { dtype: b.dtype });
  const { carry, rows } = scan(
    backwardTransposed,
    window,
    { l: lower, p: pivot, z },
    { reverse: true },
  );
  // An element is ready when the window leaves it, `reach` places later.
  return slice(concatenate([carry, rows.x]), [0, n]);
}

function forwardTransposed(known: Tensor, { u, b }: Row<"u" | "b">): ScanStep<Tensor, Row<"z">> {
  const z = div(sub(b, known.at(0)), u.at(0)); //                            z = (b - s₀) / u₀
  const next = add(slice(known, [1, null]), mul(slice(u, [1, null]), z)); // sᵢ ← sᵢ + uᵢ z
  return { carry: pad(next, [[0, 1]]), row: { z } };
}

function backwardTransposed(
  window: Tensor,
  { l, p, z }: Row<"l" | "p" | "z">,
): ScanStep<Tensor, Row<"x">> {
  const first = sub(z, sum(mul(l, window))); //                              x = z - l · x
  const all = prepended(first, window);
  const isPivot = equal(places(all.length), p);
  const chosen = sum(where(isPivot, all, 0));
  const exchanged = prepended(chosen, slice(where(isPivot, first, all), [1, null]));
  const last = window.length;
  return { carry: slice(exchanged, [0, last]), row: { x: exchanged.at(last) } };
}

function appended(x: Tensor, element: Tensor): Tensor {
  return concatenate([x, reshape(element, [1])]);
}

function prepended(element: Tensor, x: Tensor): Tensor {
  return concatenate([reshape(element, [1]), x]);
}
