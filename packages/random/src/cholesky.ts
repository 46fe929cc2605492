import {
  add,
  arange,
  div,
  greaterEqual,
  mul,
  outer,
  reshape,
  sqrt,
  sub,
  take,
  transpose,
  where,
} from "@diffrax-ts/array";
import { scan, vmap } from "@diffrax-ts/autodiff";
import type { Tensor } from "@diffrax-ts/pytree";

/** `L` with `L Lᵀ = (A + Aᵀ) / 2`, lower triangular, of a matrix or of each of a batch; not-a-numbers if there is none. */
export function cholesky(matrices: Tensor): Tensor {
  const { shape } = matrices;
  if (shape.length === 2) return ofMatrix(matrices);
  const n = shape.at(-1)!;
  return reshape(vmap(ofMatrix)(reshape(matrices, [-1, n, n])), shape);
}

function ofMatrix(matrix: Tensor): Tensor {
  const places: Tensor = arange(matrix.shape[0]!, { dtype: "int32" });
  const step = (rest: Tensor, j: Tensor) => {
    const column = take(rest, j, { axis: 1 });
    const scaled = div(column, sqrt(take(column, j))); //  lᵢⱼ = aᵢⱼ / √aⱼⱼ
    const below = where(greaterEqual(places, j), scaled, 0);
    return { carry: sub(rest, outer(below, below)), row: below }; //  A - l lᵀ
  };
  const symmetric = mul(add(matrix, transpose(matrix)), 0.5);
  return transpose(scan(step, symmetric, places).rows);
}
