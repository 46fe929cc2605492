// QR by Householder reflections, of matrices with at least as many rows as columns.
import {
  abs,
  add,
  copysign,
  div,
  dot,
  equal,
  greater,
  greaterEqual,
  max,
  mul,
  outer,
  slice,
  sqrt,
  sub,
  sum,
  transpose,
  where,
} from "@diffrax-ts/array";
import type { ScanStep } from "@diffrax-ts/autodiff";
import type { Tensor } from "@diffrax-ts/pytree";
import { pick, places, replaced } from "./places.ts";
import { sweep, type Tensors } from "./sweep.ts";

/** `A = Q R`, with `Q` the product of the reflections `I - βₖ vₖ vₖᵀ`. */
export interface QRFactors {
  /** `vₖ`, `[n, m]`. */
  readonly vectors: Tensor;
  /** `βₖ`, `[n]`; zero for a reflection that does nothing. */
  readonly betas: Tensor;
  /** `R`, `[n, n]`; its lower triangle is not zero, and not meant. */
  readonly upper: Tensor;
}

/** @param matrix - `[m, n]`, with `m >= n`. */
export function factorQR(matrix: Tensor): QRFactors {
  const n = matrix.shape[1]!;
  const { carry, rows } = sweep(reflectColumns, transpose(matrix), { k: places(n) });
  return {
    vectors: rows.v,
    betas: rows.beta,
    upper: transpose(slice(carry, null, [0, n])),
  };
}

/** Reflection `k` of all columns, which stand in rows: what is below the diagonal in column `k` becomes zero. */
function reflectColumns(
  columns: Tensor,
  { k }: Tensors<"k">,
): ScanStep<Tensor, Tensors<"v" | "beta">> {
  const rest = where(greaterEqual(places(columns.shape[1]!), k), columns.at(k), 0);
  const size = max(abs(rest));
  const scaled = div(rest, where(greater(size, 0), size, 1)); // against overflow
  const first = pick(scaled, k);
  const head = add(first, copysign(sqrt(sum(mul(scaled, scaled))), first)); // no cancellation
  const v = replaced(scaled, k, head);
  const square = sum(mul(v, v));
  const beta = where(equal(square, 0), 0, div(2, square));
  const products = mul(beta, dot(columns, v));
  return { carry: sub(columns, outer(products, v)), row: { v, beta } }; // a ← a - β (v · a) v
}

/** `Qᵀ b`, `[m]`. */
export function timesTransposedQ({ vectors, betas }: QRFactors, b: Tensor): Tensor {
  return sweep(reflect, b, { v: vectors, beta: betas }).carry;
}

/** `Q b`, `[m]`. */
export function timesQ({ vectors, betas }: QRFactors, b: Tensor): Tensor {
  return sweep(reflect, b, { v: vectors, beta: betas }, { reverse: true }).carry;
}

function reflect(x: Tensor, { v, beta }: Tensors<"v" | "beta">): ScanStep<Tensor, Tensors> {
  return { carry: sub(x, mul(mul(beta, dot(v, x)), v)), row: {} }; //     x ← x - β (v · x) v
}
