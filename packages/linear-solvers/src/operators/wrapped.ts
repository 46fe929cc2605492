// Functions of operators that are made of one other and take and give the same, such as its negative.
import { bandwidthOf } from "../band.ts";
import type { Bandwidth } from "../Bandwidth.ts";
import type { LinearOperator } from "../LinearOperator.ts";

/** An operator that is made of another. */
interface Wrapping {
  readonly operator: LinearOperator;
}

export function inStructure(this: Wrapping): unknown {
  return this.operator.inStructure();
}

export function outStructure(this: Wrapping): unknown {
  return this.operator.outStructure();
}

export function bandwidth(this: Wrapping): Bandwidth | null {
  return bandwidthOf(this.operator);
}
