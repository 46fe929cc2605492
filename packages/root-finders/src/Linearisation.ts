import type { Scalar } from "@diffrax-ts/pytree";

/** What is known of a derivative, from one solve to the next: a tree of tensors that loops can carry. */
export interface Linearisation {
  /** What the linear solver knows of it: its factors. */
  readonly factors: unknown;
  /** By how much a step of the iteration was smaller than the one before, when it was last measured; infinite if it never was. */
  readonly rate: Scalar;
  /** What an iteration may believe of the rate before it has measured one: more than `rate`, and more from solve to solve. */
  readonly assumedRate: Scalar;
}
