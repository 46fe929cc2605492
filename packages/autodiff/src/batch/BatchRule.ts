import type { ParamsOf, Primitive } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

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

/** The rules of some primitives. */
export type BatchRules<P extends Primitive> = { readonly [Name in P]: BatchRule<Name> };
