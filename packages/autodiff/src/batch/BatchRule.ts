import type { ParamsOf, Primitive } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/** A value during batching. A buffer of a batch is held as an array, and one that is still empty not at all. */
export interface Batched {
  readonly value: Tensor;
  readonly batched: boolean;
  /** How to make the buffer anew, while nothing has been written to it. */
  readonly empty: ParamsOf<"bufferNew"> | null;
}

/** Values that are all batched, or all the same for the whole batch. */
export function batchedAlike(values: readonly Tensor[], batched: boolean): Batched[] {
  return values.map((value) => ({ value, batched, empty: null }));
}

/** What a rule knows of an equation some of whose inputs are batched, along their first axis. */
export interface BatchContext<P extends Primitive> {
  readonly params: ParamsOf<P>;
  readonly inputs: readonly Tensor[];
  /** Which inputs are batched. At least one is. */
  readonly batched: readonly boolean[];
  /** The length of the batch. */
  readonly size: number;
}

/** The output, batched along its first axis; `null` to run the equation for one element of the batch after the other. */
type BatchRule<P extends Primitive> = (context: BatchContext<P>) => Tensor | null;

/** The rules of primitives that have one output. */
export type BatchRules<P extends Primitive> = { readonly [Name in P]: BatchRule<Name> };
