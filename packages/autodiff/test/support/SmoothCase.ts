import { scalarTensor } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import type { Draw } from "./Draw.ts";

/** A function of float arrays that applies a primitive where it can be differentiated, and where to try it. */
export interface SmoothCase {
  readonly shapes: readonly (readonly number[])[];
  /** The numbers of one input. */
  readonly fill: (shape: readonly number[]) => Float64Array;
  readonly f: (...inputs: readonly Tensor[]) => readonly Tensor[];
}

/** How a case is drawn; `null` for a primitive that takes no floats, or gives back none. */
export type MakeCase = ((draw: Draw) => SmoothCase) | null;

export type Interval = readonly [number, number];
export const usual: Interval = [0.2, 1.8];

export function onArrays(
  draw: Draw,
  shapes: readonly (readonly number[])[],
  f: SmoothCase["f"],
): SmoothCase {
  return { shapes, fill: (s) => draw.floats(s, usual, true), f };
}

export const int32 = (x: number): Tensor => scalarTensor("int32", x);
export const yes = (): Tensor => scalarTensor("bool", 1);
