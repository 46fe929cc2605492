import {
  concatenate,
  div,
  outer,
  slice,
  sqrt,
  sub,
  take,
  tensordot,
  where,
  zeros,
  greaterEqual,
} from "@diffrax-ts/array";
import type { ScanStep } from "@diffrax-ts/autodiff";
import type { Tensor } from "@diffrax-ts/pytree";
import { pick, places } from "./places.ts";
import { sweep, type Tensors } from "./sweep.ts";

/** So many rows are eliminated before those below are updated, as one product of matrices. */
const blockSize = 16;

/** `U`, with `A = Uᵀ U` and zeros below the diagonal, from the upper triangle of `A`. Not a number if `A` is not positive definite. */
export function choleskyFactor(matrix: Tensor): Tensor {
  const n = matrix.length;
  const blocks: Tensor[] = [];
  let rest = matrix;
  for (let start = 0; start < n; start += blockSize) {
    const size = Math.min(blockSize, n - start);
    const { u } = sweep(eliminate, slice(rest, [0, size]), { k: places(size) }).rows;
    blocks.push(concatenate([zeros([size, start], { dtype: matrix.dtype }), u], { axis: 1 }));
    if (start + size === n) break;
    const right = slice(u, null, [size, null]);
    const below = slice(rest, [size, null], [size, null]);
    rest = sub(below, tensordot(right, right, [[0], [0]])); //    A₂₂ ← A₂₂ - U₁₂ᵀ U₁₂
  }
  return concatenate(blocks);
}

/** Row `k` of some rows. */
function eliminate(panel: Tensor, { k }: Tensors<"k">): ScanStep<Tensor, Tensors<"u">> {
  const row = panel.at(k);
  const columns = places(row.length);
  const u = where(greaterEqual(columns, k), div(row, sqrt(pick(row, k))), 0); // uₖ = aₖ / √aₖₖ
  const own = take(u, places(panel.length));
  return { carry: sub(panel, outer(own, u)), row: { u } }; //                  aᵢⱼ ← aᵢⱼ - uₖᵢ uₖⱼ
}
