// Reading and writing at places that are known only when the code runs.
import {
  astype,
  type Atom,
  bytesOf,
  type Equation,
  less,
  lessEqual,
  logicalAnd,
  rowMajor,
  sizeOf,
  where,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import * as op from "../wasm/opcodes.ts";
import { i32 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { dense, emitAccumulate, emitCopy, inMemory, scalarProgram } from "./cluster.ts";
import { valueTypes } from "./FunctionEmitter.ts";
import { emitNest, endWalk, startWalk } from "./nest.ts";
import {
  isArray,
  localAt,
  type LocalPlace,
  type MemoryPlace,
  type Place,
  viewAt,
} from "./Place.ts";

/** Puts a function of a scalar at a place on the stack. */
function pushResult(block: BlockEmitter, place: Place, f: (x: Tensor) => Tensor): void {
  const program = scalarProgram([place.dtype], ([x]) => [f(x!)]);
  block.inner(program, [place], (inside) => inside.push(program.outputs[0]!));
}

/** An index moved into `[0, most]`. */
function clamped(most: number): (index: Tensor) => Tensor {
  return (index) =>
    astype(where(less(index, 0), 0, where(less(index, most), index, most)), "int32");
}

/** Adds as many strides along an axis as are on the stack to the address below. */
function addRows({ f }: BlockEmitter, { stride, dtype }: MemoryPlace, axis: number): void {
  f.i32(stride[axis]! * bytesOf(dtype));
  f.op(op.i32_mul);
  f.op(op.i32_add);
}

/** The window that starts at indices known only at run time; it stays within the array. */
export function windowAt(
  block: BlockEmitter,
  from: MemoryPlace,
  start: readonly Place[],
  sizes: readonly number[],
): MemoryPlace {
  const { f } = block;
  const { stride, dtype, holding: parent } = from;
  f.get(from.base);
  // Counted backwards the window may begin below the base, and offsets are added without wrapping round: so its base
  // is its lowest element.
  const isBackward = stride.some((s) => s < 0);
  const below = stride.reduce((sum, s, axis) => sum + (s < 0 ? (sizes[axis]! - 1) * -s : 0), 0);
  const bytes = below * bytesOf(dtype);
  if (isBackward) f.addBytes(from.offset - bytes);
  for (const [axis, index] of start.entries()) {
    const most = from.shape[axis]! - sizes[axis]!;
    if (most === 0) continue;
    pushResult(block, index, clamped(most));
    addRows(block, from, axis);
  }
  const base = f.keep(i32);
  if (parent !== null) parent.count++;
  const holding = { count: 0, storage: null, local: base, parent };
  return { ...from, base, offset: isBackward ? bytes : from.offset, shape: sizes, holding };
}

function placesOf(block: BlockEmitter, atoms: readonly Atom[]): Place[] {
  return atoms.map((atom) => block.place(atom));
}

/** A window of an array, of which nothing is copied. */
export function emitDynamicSlice(
  block: BlockEmitter,
  { inputs: [array, ...start], params: { sizes } }: Equation<"dynamicSlice">,
): Place {
  const from = block.place(array!);
  if (!isArray(from)) return block.copyScalar(from);
  return windowAt(block, from, placesOf(block, start), sizes);
}

/** An array with a window replaced: a copy, or itself if that is where a loop carries the result. */
export function emitDynamicUpdateSlice(
  block: BlockEmitter,
  { inputs: [array, update, ...start], outputs }: Equation<"dynamicUpdateSlice">,
): Place {
  const from = block.place(array!);
  const slot = block.slotFor(outputs[0]!);
  const whole = slot !== null && slot === from ? slot : block.scratch(outputs[0]!);
  if (whole !== from) emitCopy(block, from, whole);
  const window = windowAt(
    block,
    { ...whole, holding: null },
    placesOf(block, start),
    update!.shape,
  );
  emitCopy(block, block.place(update!), window);
  block.release(window);
  return whole;
}

/** Runs `body` for each index of an index array, and counts them in the local `turn`. */
function forEachIndex(
  block: BlockEmitter,
  indices: Atom,
  body: (index: LocalPlace, turn: number) => void,
): void {
  const { f } = block;
  const list = inMemory(block, indices);
  const walk = startWalk(f, [list], [[[...list.shape.keys()]]]);
  const index = localAt(f.newLocal(valueTypes[list.dtype]), list.dtype);
  f.i32(0);
  const turn = f.keep(i32);
  emitNest(f, walk, walk.groups[0]!, () => {
    f.load(walk.cursors[0]!);
    f.set(index.local);
    body(index, turn);
    f.advance(turn, 1);
  });
  for (const local of [index.local, turn]) f.freeLocal(local);
  endWalk(f, walk);
  block.release(list);
}

/** The row along an axis whose number `push` puts on the stack. Its base is a new local. */
export function rowAt(
  block: BlockEmitter,
  from: MemoryPlace,
  axis: number,
  push: () => void,
): MemoryPlace {
  const { f } = block;
  f.get(from.base);
  push();
  addRows(block, from, axis);
  return {
    ...from,
    base: f.keep(i32),
    shape: from.shape.toSpliced(axis, 1),
    stride: from.stride.toSpliced(axis, 1),
    holding: null,
  };
}

/** Looks at an output of `gather` with all index axes as one. */
function asRows(place: MemoryPlace, axis: number, numAxes: number): MemoryPlace {
  const count = sizeOf(place.shape.slice(axis, axis + numAxes));
  const shape = place.shape.toSpliced(axis, numAxes, count);
  return viewAt(place, shape, rowMajor(shape));
}

/** Rows of an array, one for each index. */
export function emitGather(
  block: BlockEmitter,
  { inputs: [array, indices], params: { axis }, outputs }: Equation<"gather">,
): Place {
  const { f } = block;
  const from = dense(block, array!);
  const to = block.scratch(outputs[0]!);
  const rows = asRows(to, axis, indices!.shape.length);
  const inside = clamped(from.shape[axis]! - 1);
  forEachIndex(block, indices!, (index, turn) => {
    const source = rowAt(block, from, axis, () => pushResult(block, index, inside));
    const target = rowAt(block, rows, axis, () => f.get(turn));
    emitCopy(block, source, target);
    f.freeLocal(source.base);
    f.freeLocal(target.base);
  });
  block.release(from);
  return to;
}

/** A copy of an array with rows added, one for each index. */
export function emitScatterAdd(
  block: BlockEmitter,
  { inputs: [array, indices, updates], params: { axis }, outputs }: Equation<"scatterAdd">,
): Place {
  const { f } = block;
  const to = block.scratch(outputs[0]!);
  emitCopy(block, block.place(array!), to);
  const from = dense(block, updates!);
  const rows = asRows(from, axis, indices!.shape.length);
  forEachIndex(block, indices!, (index, turn) => {
    pushResult(block, index, (i) => logicalAnd(lessEqual(0, i), less(i, to.shape[axis]!)));
    f.block(op.ifBlock, () => {
      const source = rowAt(block, rows, axis, () => f.get(turn));
      const target = rowAt(block, to, axis, () =>
        pushResult(block, index, (i) => astype(i, "int32")),
      );
      emitAccumulate(block, target, source);
      f.freeLocal(source.base);
      f.freeLocal(target.base);
    });
  });
  block.release(from);
  return to;
}
