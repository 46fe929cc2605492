import type { Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { EventTrack } from "./EventTrack.ts";
import type { Roots } from "./Roots.ts";

/** What is carried from step to step. */
export interface EventState {
  readonly [key: string]: Tree;
  /** Of all conditions at the end of the last step that was kept, `[n]`. */
  readonly values: Tensor;
  /** The one that has ended the solve. */
  readonly mask: Tensor;
  /** Those that are behind; `null` if the first ends the solve. */
  readonly rows: EventTrack | null;
  /** The conditions that have had their event at the end of the last step, where they are zero; `null` unless events are only recorded. */
  readonly areSpent: Tensor | null;
  /** The conditions that have had their event where they are; `null` unless events change the state. */
  readonly roots: Roots | null;
  /** Where the step that is being made would end without known times; `null` if there are none. */
  readonly plannedEnd: Scalar | null;
}
