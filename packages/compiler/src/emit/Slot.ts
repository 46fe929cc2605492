import type { DType } from "@diffrax-ts/pytree";

/** Where an input, an output or a carried value is in the frame. Arrays have no gaps. */
export interface Slot {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly offset: number;
}
