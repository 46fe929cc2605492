import { eye, transpose } from "@diffrax-ts/array";
import { vmap } from "@diffrax-ts/autodiff";
import type { Tensor } from "@diffrax-ts/pytree";
import { bandRowsOf, bandwidthOf } from "./band.ts";
import { inSpace, mvFlat } from "./flat.ts";
import { matrixOfBand } from "./kernels/band.ts";
import type { LinearOperator } from "./LinearOperator.ts";

/** The matrix of an operator that is known by its products, from as many of them as it has columns, or as it has diagonals. */
export function probedMatrix(operator: LinearOperator): Tensor {
  const bandwidth = bandwidthOf(operator);
  if (bandwidth !== null)
    return matrixOfBand(bandRowsOf(operator.kind, operator, bandwidth), bandwidth);
  const { size, dtype } = inSpace(operator);
  const columns = vmap((x: Tensor) => mvFlat(operator, x))(eye(size, { dtype }));
  return transpose(columns);
}
