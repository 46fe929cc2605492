// Elimination with partial pivoting for many unknowns: some columns at a time, and then what is right of them as one product of matrices.
import {
  abs,
  concatenate,
  div,
  dot,
  equal,
  less,
  logicalOr,
  mul,
  outer,
  slice,
  sub,
  take,
  tensordot,
  transpose as transposed,
  where,
  zeros,
} from "@diffrax-ts/array";
import type { ScanStep } from "@diffrax-ts/autodiff";
import type { Tensor } from "@diffrax-ts/pytree";
import { pick, placeOfLargest, places, replaced } from "./places.ts";
import { sweep, type Tensors } from "./sweep.ts";

/** The factors of a matrix: `A = first · second`. */
export interface BlockedFactors {
  readonly first: Triangle;
  readonly second: Triangle;
}

/**
 * A triangle, its rows in the order in which they had their turns: `vₖ` is column `k` of the first factor, row `k` of the second.
 */
export interface Triangle {
  /** `vₖ`, `[n, n]`. In the first factor 0 at places that had their turn; in the second whatever was left there. */
  readonly vectors: Tensor;
  /** `pₖ`: the place of turn `k`, int32 `[n]`. */
  readonly places: Tensor;
  /** `dₖ`: the diagonal, `[n]`; `null` if it is all ones. */
  readonly divisors: Tensor | null;
}

/** So many columns are eliminated before what is to the right of them is updated, as one product of matrices. */
const blockSize = 16;

/**
 * Rows stay where they are: what would be an exchange is a note that a row has had its turn. The matrix is worked on
 * transposed, so that its columns lie in one piece.
 */
export function factorBlocked(matrix: Tensor): BlockedFactors {
  const n = matrix.length;
  let rest = transposed(matrix);
  let isDone: Tensor = zeros(n, { dtype: "bool" });
  const blocks: Tensors<"lower" | "upper" | "pivot" | "divisor">[] = [];
  for (let start = 0; start < n; start += blockSize) {
    const size = Math.min(blockSize, n - start);
    const panel = slice(rest, [0, size]);
    const { carry, rows } = sweep(eliminate, { panel, isDone }, { k: places(size) });
    const { lower, upper, pivot, divisor } = rows;
    const row = [zeros([size, start], { dtype: matrix.dtype }), upper];
    ({ isDone } = carry);
    if (start + size < n) {
      const others = slice(rest, [size, null]);
      const right = transposed(take(others, pivot, { axis: 1 }));
      const l = take(lower, pivot, { axis: 1 });
      const { u } = sweep(substitute, right, { l, k: places(size) }).rows;
      rest = sub(others, tensordot(u, lower, [[0], [0]])); //  A₂₂ ← A₂₂ - L₂₁ U₁₂
      row.push(u);
    }
    blocks.push({ lower, upper: concatenate(row, { axis: 1 }), pivot, divisor });
  }
  const all = (name: keyof (typeof blocks)[0]): Tensor =>
    concatenate(blocks.map((block) => block[name]));
  return {
    first: { vectors: all("lower"), places: all("pivot"), divisors: null },
    second: { vectors: all("upper"), places: places(n), divisors: all("divisor") },
  };
}

/** All columns of a matrix, as one block. */
export function eliminateColumns(matrix: Tensor): Tensors<"lower" | "upper" | "pivot" | "divisor"> {
  const isDone: Tensor = zeros(matrix.length, { dtype: "bool" });
  const panel = transposed(matrix);
  return sweep(eliminate, { panel, isDone }, { k: places(matrix.length) }).rows;
}

/** Some columns during elimination. */
interface Panel {
  /** Its transpose: `[columns, n]`. */
  readonly panel: Tensor;
  /** Which rows have had their turn, `[n]`. */
  readonly isDone: Tensor;
}

/** Column `k` of a panel. */
function eliminate(
  { panel, isDone }: Panel,
  { k }: Tensors<"k">,
): ScanStep<Panel, Tensors<"lower" | "upper" | "pivot" | "divisor">> {
  const column = panel.at(k);
  const size = abs(column);
  // NaN is the first choice, so that it gets into the solution.
  const pivot = placeOfLargest(where(isDone, -1, where(less(size, Infinity), size, Infinity)));
  const upper = pick(panel, pivot);
  const divisor = pick(column, pivot);
  const isDoneNow = logicalOr(isDone, equal(places(column.length), pivot));
  const lower = where(isDoneNow, 0, div(column, divisor)); //   lᵢ = aᵢₖ / aₚₖ
  return {
    carry: { panel: sub(panel, outer(upper, lower)), isDone: isDoneNow }, // aᵢⱼ ← aᵢⱼ - lᵢ aₚⱼ
    row: { lower, upper, pivot, divisor },
  };
}

/** Row `k` of `U₁₂`, from what is to the right of a panel: `L₁₁ U₁₂ = A₁₂`. */
function substitute(right: Tensor, { l, k }: Tensors<"l" | "k">): ScanStep<Tensor, Tensors<"u">> {
  const u = right.at(k);
  return { carry: sub(right, outer(l, u)), row: { u } };
}

/** `Aᵀ = secondᵀ · firstᵀ`, and the transpose of a triangle has rows for columns. */
export function transposeBlocked({ first, second }: BlockedFactors): BlockedFactors {
  return { first: second, second: first };
}

export function solveBlocked({ first, second }: BlockedFactors, vector: Tensor): Tensor {
  const { y } = sweep(forward, vector, rowsOf(first)).rows;
  const start = zeros(vector.shape, { dtype: vector.dtype });
  return sweep(backward, start, { ...rowsOf(second), y }, { reverse: true }).carry;
}

/** A row of a triangle; without `d`, that is 1. */
type TriangleRow = Tensors<"v" | "p"> & { readonly d?: Tensor };

function rowsOf({ vectors: v, places: p, divisors: d }: Triangle): TriangleRow {
  return d === null ? { v, p } : { v, p, d };
}

function forward(rest: Tensor, { v, p, d }: TriangleRow): ScanStep<Tensor, Tensors<"y">> {
  const y = div(pick(rest, p), d ?? 1); //                        yₖ = b[pₖ] / dₖ
  return { carry: sub(rest, mul(v, y)), row: { y } }; //          b ← b - yₖ vₖ
}

function backward(
  x: Tensor,
  { v, p, d, y }: TriangleRow & Tensors<"y">,
): ScanStep<Tensor, Tensors> {
  const element = div(sub(y, dot(v, x)), d ?? 1); //              x[pₖ] = (yₖ - vₖ · x) / dₖ
  return { carry: replaced(x, p, element), row: {} };
}
