import { div, dot, sub, zeros } from "@diffrax-ts/array";
import type { ScanStep } from "@diffrax-ts/autodiff";
import type { Tensor } from "@diffrax-ts/pytree";
import { pick, places, replaced } from "./places.ts";
import { sweep, type Tensors } from "./sweep.ts";

/** Which triangle of a matrix is looked at. */
export interface TriangleOptions {
  readonly isLower: boolean;
  /** Whether the diagonal is taken for ones. @defaultValue false */
  readonly isUnit?: boolean;
}

/**
 * The solution of `T x = b` for a triangle of a matrix `[n, n]`, by substitution. The other triangle has to be finite, and is not used.
 */
export function solveTriangle(
  matrix: Tensor,
  b: Tensor,
  { isLower, isUnit = false }: TriangleOptions,
): Tensor {
  const start = zeros(b.shape, { dtype: b.dtype });
  const rows = { v: matrix, b, k: places(b.length) };
  return sweep(isUnit ? substituteUnit : substitute, start, rows, { reverse: !isLower }).carry;
}

/** Row `k`; the elements of `x` that are still to come are zero. */
function substitute(x: Tensor, { v, b, k }: Tensors<"v" | "b" | "k">): ScanStep<Tensor, Tensors> {
  const element = div(sub(b, dot(v, x)), pick(v, k)); //          xₖ = (bₖ - vₖ · x) / vₖₖ
  return { carry: replaced(x, k, element), row: {} };
}

function substituteUnit(
  x: Tensor,
  { v, b, k }: Tensors<"v" | "b" | "k">,
): ScanStep<Tensor, Tensors> {
  return { carry: replaced(x, k, sub(b, dot(v, x))), row: {} };
}
