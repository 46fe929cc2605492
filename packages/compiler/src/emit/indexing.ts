// Reading and writing at places that are known only when the code runs.
import { bytesOf, type Equation, rowMajor, sizeOf } from "@diffrax-ts/program";
import { i32, i64, op } from "../wasm/opcodes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { emitAccumulate, emitCopyArray } from "./cluster.ts";
import { dense, pushAddress } from "./control.ts";
import type { MemoryPlace, Place, SplatPlace } from "./Place.ts";
import { keepSplat } from "./splat.ts";

/** Puts `clamp(index, 0, most) * bytes` on the stack. */
function pushOffset(
  block: BlockEmitter,
  index: Equation["inputs"][number],
  most: number,
  bytes: number,
): void {
  const { f } = block;
  const local = f.newLocal(i32);
  block.push(index);
  if (index.dtype === "int64") narrowIndex(block);
  f.set(local);
  pushClamped(block, local, most, index.dtype !== "uint32");
  f.i32(bytes);
  f.op(op.i32_mul);
  f.freeLocal(local);
}

/** An int64 on the stack becomes an int32; one that does not fit stays outside of every axis. */
function narrowIndex({ f }: BlockEmitter): void {
  const local = f.newLocal(i64);
  const choose = (limit: bigint, isFirst: number): void => {
    const pushBoth = (): void => {
      f.get(local);
      f.op(op.i64_const);
      f.code.i64(limit);
    };
    pushBoth();
    pushBoth();
    f.op(isFirst);
    f.op(op.select);
  };
  f.set(local);
  choose(2n ** 31n - 1n, op.i64_le_s);
  f.set(local);
  choose(-1n, op.i64_ge_s);
  f.op(op.i32_wrap_i64);
  f.freeLocal(local);
}

/** Puts a local, moved into `[0, most]`, on the stack. */
function pushClamped({ f }: BlockEmitter, local: number, most: number, signed: boolean): void {
  if (signed) {
    f.i32(0);
    f.get(local);
    f.get(local);
    f.i32(0);
    f.op(op.i32_lt_s);
    f.op(op.select);
    f.set(local);
  }
  f.get(local);
  f.i32(most);
  f.get(local);
  f.i32(most);
  f.op(op.i32_lt_u);
  f.op(op.select);
}

/** The address of a window that starts at an index known only at run time. */
function windowAt(
  block: BlockEmitter,
  from: MemoryPlace,
  start: readonly Equation["inputs"][number][],
  sizes: readonly number[],
): MemoryPlace {
  const { f } = block;
  f.get(from.base);
  // Counted backwards the window may begin below the base, and offsets are added without wrapping round: so its base
  // is its lowest element.
  const backward = from.stride.map((s, axis) =>
    s < 0 ? (sizes[axis]! - 1) * -s * bytesOf(from.dtype) : 0,
  );
  const below = backward.reduce((sum, bytes) => sum + bytes, 0);
  const isBackward = from.stride.some((s) => s < 0);
  if (isBackward) {
    f.i32(from.offset - below);
    f.op(op.i32_add);
  }
  for (const [axis, index] of start.entries()) {
    const most = from.shape[axis]! - sizes[axis]!;
    if (most === 0) continue;
    pushOffset(block, index, most, from.stride[axis]! * bytesOf(from.dtype));
    f.op(op.i32_add);
  }
  const local = f.newLocal(i32);
  f.set(local);
  const { holding: parent } = from;
  if (parent !== null) parent.count++;
  const offset = isBackward ? below : from.offset;
  return {
    ...from,
    base: local,
    offset,
    shape: sizes,
    holding: { count: 0, storage: null, local, parent },
  };
}

/** A window of an array, of which nothing is copied. */
export function emitDynamicSlice(
  block: BlockEmitter,
  { inputs, params: { sizes }, outputs }: Equation<"dynamicSlice">,
): void {
  const [array, ...start] = inputs;
  const from = block.place(array!);
  if (from.at !== "memory")
    return block.own(outputs[0]!, keepSplat(block, { ...(from as SplatPlace), shape: sizes }));
  block.own(outputs[0]!, windowAt(block, from, start, sizes));
}

/** A copy of an array with a window replaced. */
export function emitDynamicUpdateSlice(
  block: BlockEmitter,
  { inputs, outputs }: Equation<"dynamicUpdateSlice">,
): void {
  const [array, update, ...start] = inputs;
  const whole = block.allocate(outputs[0]!);
  emitCopyArray(block, block.place(array!), whole);
  const window = windowAt(block, whole, start, update!.shape);
  emitCopyArray(block, block.place(update!), window);
  block.release(window);
}

/** Runs `body` for each index of an index array, with the index in a local and its row among the outputs. */
function forEachIndex(
  block: BlockEmitter,
  indices: Place,
  body: (index: number, turn: number) => void,
): void {
  const { f } = block;
  const copies: MemoryPlace[] = [];
  const list = dense(block, indices, copies);
  const pointer = f.newLocal(i32);
  const turn = f.newLocal(i32);
  const index = f.newLocal(i32);
  pushAddress(block, list);
  f.set(pointer);
  f.i32(0);
  f.set(turn);
  f.i32(sizeOf(list.shape));
  f.repeat(() => {
    f.get(pointer);
    f.load(list.dtype, 0);
    if (list.dtype === "int64") narrowIndex(block);
    f.set(index);
    body(index, turn);
    f.advance(pointer, bytesOf(list.dtype));
    f.advance(turn, 1);
  });
  for (const local of [pointer, turn, index]) f.freeLocal(local);
  for (const copy of copies) block.release(copy);
}

/** A row along an axis, at an index in a local. */
function rowAt(block: BlockEmitter, from: MemoryPlace, axis: number, index: number): MemoryPlace {
  const { f } = block;
  const local = f.newLocal(i32);
  f.get(from.base);
  f.get(index);
  f.i32(from.stride[axis]! * bytesOf(from.dtype));
  f.op(op.i32_mul);
  f.op(op.i32_add);
  f.set(local);
  return {
    ...from,
    base: local,
    shape: from.shape.toSpliced(axis, 1),
    stride: from.stride.toSpliced(axis, 1),
    holding: null,
  };
}

/** Looks at an output of `gather` with all index axes as one. */
function asRows(place: MemoryPlace, axis: number, numAxes: number): MemoryPlace {
  const count = sizeOf(place.shape.slice(axis, axis + numAxes));
  const shape = place.shape.toSpliced(axis, numAxes, count);
  return { ...place, shape, stride: rowMajor(shape) };
}

/** Rows of an array, one for each index. */
export function emitGather(
  block: BlockEmitter,
  { inputs: [array, indices], params: { axis }, outputs }: Equation<"gather">,
): void {
  const { f } = block;
  const copies: MemoryPlace[] = [];
  const from = dense(block, block.place(array!), copies);
  const to =
    outputs[0]!.shape.length === 0 ? block.scratch(from.dtype, []) : block.allocate(outputs[0]!);
  const rows = asRows(to, axis, indices!.shape.length);
  forEachIndex(block, block.place(indices!), (index, turn) => {
    pushClamped(block, index, from.shape[axis]! - 1, indices!.dtype !== "uint32");
    f.set(index);
    const source = rowAt(block, from, axis, index);
    const target = rowAt(block, rows, axis, turn);
    emitCopyArray(block, source, target);
    f.freeLocal(source.base);
    f.freeLocal(target.base);
  });
  for (const copy of copies) block.release(copy);
  if (outputs[0]!.shape.length > 0) return;
  f.get(to.base);
  f.load(to.dtype, to.offset);
  block.setLocal(outputs[0]!);
  block.release(to);
}

/** A copy of an array with rows added, one for each index. */
export function emitScatterAdd(
  block: BlockEmitter,
  { inputs: [array, indices, updates], params: { axis }, outputs }: Equation<"scatterAdd">,
): void {
  const { f } = block;
  const copies: MemoryPlace[] = [];
  const to = block.allocate(outputs[0]!);
  emitCopyArray(block, block.place(array!), to);
  const from = asRows(dense(block, block.place(updates!), copies), axis, indices!.shape.length);
  forEachIndex(block, block.place(indices!), (index, turn) => {
    f.get(index);
    f.i32(to.shape[axis]!);
    f.op(op.i32_lt_u);
    f.block(op.if, () => {
      const source = rowAt(block, from, axis, turn);
      const target = rowAt(block, to, axis, index);
      emitAccumulate(block, target, source);
      f.freeLocal(source.base);
      f.freeLocal(target.base);
    });
  });
  for (const copy of copies) block.release(copy);
}
