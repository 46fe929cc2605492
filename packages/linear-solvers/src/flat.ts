// Operators as solvers use them: between vectors, each the leaves of a tree one after the other.
import type { Tensor } from "@diffrax-ts/pytree";
import type { LinearOperator } from "./LinearOperator.ts";
import { packed, type Space, spaceOf, unpacked } from "./vectors.ts";

/** What an operator takes. */
export function inSpace(operator: LinearOperator): Space {
  return spaceOf(operator.inStructure(), `${operator.kind}: inStructure`);
}

/** What an operator gives. */
export function outSpace(operator: LinearOperator): Space {
  return spaceOf(operator.outStructure(), `${operator.kind}: outStructure`);
}

/** `A x`, of a vector. */
export function mvFlat(operator: LinearOperator, x: Tensor): Tensor {
  const y = operator.mv(unpacked(inSpace(operator), x));
  return packed(outSpace(operator), y, `${operator.kind}: mv`);
}

/** The number of columns. */
export function inSize(operator: LinearOperator): number {
  return inSpace(operator).size;
}

/** The number of rows. */
export function outSize(operator: LinearOperator): number {
  return outSpace(operator).size;
}

/** @throws TypeError if an operator has not as many rows as columns. */
export function requireSquare(name: string, operator: LinearOperator, advice = ""): void {
  const [rows, columns] = [outSize(operator), inSize(operator)];
  if (rows === columns) return;
  throw new TypeError(
    `${name}: the operator must be square, got ${rows} rows and ${columns} columns (${operator.kind})${advice}`,
  );
}
