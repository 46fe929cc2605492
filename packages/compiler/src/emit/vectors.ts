import { bytesOf, isFloat, type Program } from "@diffrax-ts/program";
import * as op from "../wasm/opcodes.ts";
import { v128 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { fitsLanes, isNarrow, type Lanes } from "./FunctionEmitter.ts";
import { emitMaskOf, inFours, worksInLanes } from "./lanes.ts";
import type { Walk } from "./nest.ts";
import { localAt, type Place } from "./Place.ts";

/** A program for several elements at once. */
export interface Vectors {
  readonly lanes: Lanes;
  readonly program: Program;
}

/** How many elements along an axis can be computed at once, and by what. The outputs come last in the walk. */
export function vectorsOf(
  program: Program,
  { cursors, shape }: Walk,
  axis: number | undefined,
  numOutputs: number,
): Vectors {
  if (axis === undefined) return { lanes: 1, program };
  const firstOutput = cursors.length - numOutputs;
  const isDense = cursors.every(
    ({ dtype, step }, i) => step[axis] === bytesOf(dtype) || (step[axis] === 0 && i < firstOutput),
  );
  for (const lanes of [4, 2] as const) {
    if (!isDense || shape[axis]! < lanes) continue;
    if (!cursors.every(({ dtype }) => fitsLanes(dtype, lanes))) continue;
    const vectors = lanes === 4 ? inFours(program) : program;
    if (vectors !== null && worksInLanes(vectors, lanes)) return { lanes, program: vectors };
  }
  return { lanes: 1, program };
}

/** A scalar in all lanes of a new local. */
export function splat(block: BlockEmitter, place: Place, lanes: 2 | 4): Place {
  const { f } = block;
  const { dtype } = place;
  block.pushPlace(place);
  if (dtype === "bool") emitMaskOf(f, lanes);
  const isOfWords = isNarrow(dtype) || (dtype === "bool" && lanes === 4);
  if (isFloat(dtype)) f.op(isOfWords ? op.f32x4_splat : op.f64x2_splat);
  else f.op(isOfWords ? op.i32x4_splat : op.i64x2_splat);
  return localAt(f.keep(v128), dtype);
}
