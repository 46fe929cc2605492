import type { Program } from "@diffrax-ts/program";
import { v128 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { type Lanes, valueTypes } from "./FunctionEmitter.ts";
import { interleaved } from "./interleaved.ts";
import { type Cursor, emitNest, emitPieces, endWalk, startWalk, type Walk } from "./nest.ts";
import { byStride, constantAt, isArray, localAt, type MemoryPlace, type Place } from "./Place.ts";
import { withoutConstants } from "./withoutConstants.ts";
import { splat, type Vectors, vectorsOf } from "./vectors.ts";

/** Kernels with so many equations or more do two vectors at once, which takes a fifth less time. */
const longKernel = 40;
const copiesOfLong = 2;

/**
 * A loop over arrays that computes each element of the outputs from those of the inputs, by a program of scalars: four
 * or two at a time where all of it works in lanes.
 */
export function emitKernel(
  block: BlockEmitter,
  whole: Program,
  operands: readonly Place[],
  outputs: readonly MemoryPlace[],
): void {
  const { f } = block;
  const { program, constants } = withoutConstants(whole);
  const inputs = [...operands, ...constants.map(constantAt)];
  const arrays = [...inputs.filter(isArray), ...outputs];
  const order = byStride(outputs[0]!);
  const walk = startWalk(f, arrays, [arrays.map(() => order)]);
  const axes = walk.groups[0]!;
  const inner = axes.at(-1);
  const vectors = vectorsOf(program, walk, inner, outputs.length);
  const atOnce = vectors.lanes;
  // Scalars that all elements share are put into all lanes once.
  const splats = inputs.map((place) =>
    atOnce === 1 || isArray(place) ? place : splat(block, place, atOnce),
  );

  const kernel: Kernel = {
    program,
    vectors,
    walk,
    inner,
    inputs,
    splats,
    numOutputs: outputs.length,
  };
  emitNest(f, walk, axes.slice(0, -1), () =>
    emitPieces(f, walk, inner, piecesOf(vectors), (size) => emitElements(block, kernel, size)),
  );
  for (const [i, place] of splats.entries())
    if (place.at === "local" && place !== inputs[i]) f.freeLocal(place.local);
  endWalk(f, walk);
}

/** What computes elements of arrays, and where they are. */
export interface Kernel {
  /** For one element. */
  readonly program: Program;
  readonly vectors: Vectors;
  readonly walk: Walk;
  /** The axis of the walk along which several elements are computed at once. */
  readonly inner: number | undefined;
  /** Arrays, in the order of their cursors, and what all elements share. */
  readonly inputs: readonly Place[];
  /** The same with what all elements share in vectors. */
  readonly splats: readonly Place[];
  readonly numOutputs: number;
}

/** The numbers of elements that are computed at once, the largest first. */
export function piecesOf({ lanes, program }: Vectors): number[] {
  const isLong = lanes !== 1 && program.equations.length >= longKernel;
  return [...(isLong ? [copiesOfLong * lanes] : []), ...(lanes === 1 ? [1] : [lanes, 1])];
}

/** Computes so many elements, which stand where the cursors are. */
export function emitElements(block: BlockEmitter, kernel: Kernel, size: number): void {
  const { f } = block;
  const { program, vectors, walk, inner, inputs, splats, numOutputs } = kernel;
  const lanes: Lanes = size === 1 ? 1 : vectors.lanes;
  const copies = size / lanes;
  const shift = (cursor: Cursor, copy: number): Cursor =>
    copy === 0
      ? cursor
      : { ...cursor, offset: cursor.offset + copy * lanes * cursor.step[inner!]! };
  let next = 0;
  const places = Array.from({ length: copies }, (_, copy) => {
    next = 0;
    return inputs.map((place, i) => {
      if (!isArray(place)) return lanes === 1 ? place : splats[i]!;
      const cursor = shift(walk.cursors[next++]!, copy);
      f.load(cursor, lanes, inner !== undefined && cursor.step[inner] === 0);
      return localAt(f.keep(lanes === 1 ? valueTypes[place.dtype] : v128), place.dtype);
    });
  });
  const one = lanes === 1 ? program : vectors.program;
  const all = copies === 1 ? one : interleaved(one, copies);
  const write = (inside: BlockEmitter): void => {
    for (const [i, output] of all.outputs.entries()) {
      const copy = Math.floor(i / numOutputs);
      const cursor = walk.cursors[next + (i % numOutputs)]!;
      f.store(shift(cursor, copy), () => inside.push(output), lanes);
    }
  };
  block.inner(all, places.flat(), write, true, lanes);
  for (const copy of places)
    for (const [i, place] of copy.entries())
      if (place.at === "local" && isArray(inputs[i]!)) f.freeLocal(place.local);
}
