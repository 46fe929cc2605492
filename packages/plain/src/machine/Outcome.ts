import type { Tensor } from "@diffrax-ts/pytree";

/** A truth value that is known, or will be when the compiled function runs. */
export type Truth = boolean | Tensor;

/** A way in which a statement was left early. */
export interface Exit {
  readonly kind: "return" | "break" | "continue";
  /** Of the loop or block that is left; "" for the innermost loop. */
  readonly label: string;
  /** When it is taken; never known to be false. */
  readonly when: Truth;
  readonly value: unknown;
  /** The place on the tape before which neither the value nor the condition was computed. */
  readonly from: number;
}

/** How a statement ends: at most one exit of a kind and label, excluding one another; otherwise it ran through. */
export type Outcome = readonly Exit[];

/** It ran through. */
export const normal: Outcome = [];

/** It was left, always or when this holds. */
export function leave(
  kind: Exit["kind"],
  from: number,
  label: string = "",
  value?: unknown,
  when: Truth = true,
): Outcome {
  return [{ kind, label, when, value, from }];
}
