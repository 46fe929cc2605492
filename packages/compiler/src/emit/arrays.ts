import { bytesOf, constantOf, type Equation, isEquation, type Primitive, rowMajor, sizeOf } from "@diffrax-ts/program";
import { i32, i64, op } from "../wasm/opcodes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { emitAccumulate, emitCopyArray } from "./cluster.ts";
import { dense, pushAddress } from "./control.ts";
import { emitDot } from "./dot.ts";
import { valueType } from "./FunctionEmitter.ts";
import type { MemoryPlace, Place, SplatPlace } from "./Place.ts";
import { emitArgReduce, emitCumsum, emitReduce } from "./reduce.ts";

/** An equation on arrays in memory. What only changes how an array is looked at copies nothing. */
export function emitArrayEquation(block: BlockEmitter, equation: Equation): void {
  const { outputs, inputs } = equation;
  const output = outputs[0]!;
  if (isEquation(equation, "bufferNew")) return emitBufferNew(block, equation);
  if (isEquation(equation, "bufferWrite")) return emitBufferWrite(block, equation);
  if (isEquation(equation, "bufferFreeze")) return block.own(output, block.place(inputs[0]!));
  if (isEquation(equation, "iota")) return emitIota(block, equation);
  if (isEquation(equation, "pack")) return emitPack(block, equation);
  if (isEquation(equation, "concatenate")) return emitConcatenate(block, equation);
  if (isEquation(equation, "dotGeneral")) return emitDot(block, equation);
  if (isEquation(equation, "gather")) return emitGather(block, equation);
  if (isEquation(equation, "scatterAdd")) return emitScatterAdd(block, equation);
  if (isEquation(equation, "dynamicSlice")) return emitDynamicSlice(block, equation);
  if (isEquation(equation, "dynamicUpdateSlice")) return emitDynamicUpdateSlice(block, equation);
  if (isEquation(equation, "pad")) return emitPad(block, equation);
  if (isEquation(equation, "cumsum")) return emitCumsum(block, equation);
  if (isEquation(equation, "argmax") || isEquation(equation, "argmin")) return emitArgReduce(block, equation);
  if (isReduce(equation.primitive)) return emitReduce(block, equation as Equation<"reduceSum">);
  const view = viewOf(block, equation, block.place(inputs[0]!));
  if (view === undefined) throw new Error(`no code for ${equation.primitive}`);
  finishView(block, equation, view);
}

function isReduce(primitive: Primitive): boolean {
  return primitive === "reduceSum" || primitive === "reduceProd" || primitive === "reduceMax" || primitive === "reduceMin";
}

/** Gives the output a view; a view of one element is read at once. */
function finishView(block: BlockEmitter, { outputs }: Equation, view: MemoryPlace | SplatPlace): void {
  const output = outputs[0]!;
  if (output.shape.length > 0) return block.own(output, keepSplat(block, view));
  const { f } = block;
  if (view.at === "splat") block.pushPlace(view.scalar);
  else {
    f.get(view.base);
    f.load(view.dtype, view.offset);
  }
  block.setLocal(output);
}

/** A scalar in a local is copied: that local may get something else while the splat is still needed. */
function keepSplat({ f }: BlockEmitter, view: MemoryPlace | SplatPlace): MemoryPlace | SplatPlace {
  if (view.at === "memory" || view.scalar.at !== "local") return view;
  const local = f.newLocal(valueType(view.dtype));
  f.get(view.scalar.local);
  f.set(local);
  return { ...view, scalar: { ...view.scalar, local } };
}

/** The operand looked at in another way. */
function viewOf(block: BlockEmitter, equation: Equation, from: Place): MemoryPlace | SplatPlace | undefined {
  const { shape, dtype } = equation.outputs[0]!;
  if (from.at !== "memory") {
    const scalar = from.at === "splat" ? from.scalar : from;
    return { at: "splat", scalar, shape, dtype };
  }
  const { stride, offset } = from;
  const view = (strides: readonly number[], start = 0): MemoryPlace => ({
    ...from, shape, stride: strides, offset: offset + start * bytesOf(dtype),
  });
  if (isEquation(equation, "broadcast")) {
    const spread = shape.map(() => 0);
    for (const [i, axis] of equation.params.axes.entries()) spread[axis] = from.shape[i] === 1 ? 0 : stride[i]!;
    return view(spread);
  }
  if (isEquation(equation, "transpose")) return view(equation.params.permutation.map((axis) => stride[axis]!));
  if (isEquation(equation, "reverse")) {
    const { axes } = equation.params;
    const start = axes.reduce((sum, axis) => sum + (from.shape[axis]! - 1) * stride[axis]!, 0);
    return view(stride.map((s, axis) => (axes.includes(axis) ? -s : s)), start);
  }
  if (isEquation(equation, "slice")) {
    const { start, step } = equation.params;
    const first = start.reduce((sum, s, axis) => sum + s * stride[axis]!, 0);
    return view(stride.map((s, axis) => s * step[axis]!), first);
  }
  if (isEquation(equation, "reshape")) {
    const copies: MemoryPlace[] = [];
    const whole = sizeOf(shape) <= 1 ? from : dense(block, from, copies);
    return { ...whole, shape, stride: rowMajor(shape) };
  }
  return undefined;
}

function emitBufferNew(block: BlockEmitter, { inputs, params: { fill }, outputs }: Equation<"bufferNew">): void {
  const place = block.allocate(outputs[0]!);
  if (inputs[0] !== undefined) return emitCopyArray(block, block.place(inputs[0]), place);
  if (fill !== null) emitCopyArray(block, splatNumber(place, fill), place);
}

function splatNumber({ dtype, shape }: MemoryPlace, x: number): SplatPlace {
  return { at: "splat", scalar: { at: "constant", constant: constantOf(dtype, x), dtype }, shape, dtype };
}

/** `if (pred) buffer[index] = value`. */
function emitBufferWrite(block: BlockEmitter, { inputs, outputs }: Equation<"bufferWrite">): void {
  const [buffer, index, value, pred] = inputs;
  const { f } = block;
  const place = block.place(buffer!) as MemoryPlace;
  const rowShape = place.shape.slice(1);
  const rowBytes = sizeOf(rowShape) * bytesOf(place.dtype);
  const address = f.newLocal(i32);
  const write = (): void => {
    f.get(place.base);
    block.push(index!);
    f.i32(rowBytes);
    f.op(op.i32_mul);
    f.op(op.i32_add);
    if (rowShape.length === 0) {
      block.push(value!);
      return f.store(place.dtype, place.offset);
    }
    f.set(address);
    const row: MemoryPlace = { ...place, base: address, shape: rowShape, stride: rowMajor(rowShape), holding: null };
    emitCopyArray(block, block.place(value!), row);
  };
  // A row that does not exist is not written.
  block.push(pred!);
  block.push(index!);
  f.i32(place.shape[0]!);
  f.op(op.i32_lt_u);
  f.op(op.i32_and);
  f.block(op.if, write);
  f.freeLocal(address);
  block.own(outputs[0]!, place);
}

function emitIota(block: BlockEmitter, { params: { axis }, outputs }: Equation<"iota">): void {
  const output = outputs[0]!;
  const n = output.shape[axis]!;
  const numbers = Int32Array.from({ length: n }, (_, i) => i);
  const { offset } = block.module.frame.array(numbers);
  const from: MemoryPlace = {
    at: "memory", base: 0, offset, shape: output.shape, stride: output.shape.map((_, i) => (i === axis ? 1 : 0)), dtype: "int32", holding: null,
  };
  emitCopyArray(block, from, block.allocate(output));
}

function emitPack(block: BlockEmitter, { inputs, outputs }: Equation<"pack">): void {
  const { f } = block;
  const { base, offset, dtype } = block.allocate(outputs[0]!);
  for (const [i, scalar] of inputs.entries()) {
    f.get(base);
    block.push(scalar);
    f.store(dtype, offset + i * bytesOf(dtype));
  }
}

function emitConcatenate(block: BlockEmitter, { inputs, params: { axis }, outputs }: Equation<"concatenate">): void {
  const whole = block.allocate(outputs[0]!);
  let start = 0;
  for (const input of inputs) {
    const part = { ...whole, shape: input.shape, offset: whole.offset + start * whole.stride[axis]! * bytesOf(whole.dtype) };
    emitCopyArray(block, block.place(input), part);
    start += input.shape[axis]!;
  }
}

function emitPad(block: BlockEmitter, { inputs, params: { low }, outputs }: Equation<"pad">): void {
  const whole = block.allocate(outputs[0]!);
  emitCopyArray(block, splatNumber(whole, 0), whole);
  const start = low.reduce((sum, n, axis) => sum + n * whole.stride[axis]!, 0);
  const part = { ...whole, shape: inputs[0]!.shape, offset: whole.offset + start * bytesOf(whole.dtype) };
  emitCopyArray(block, block.place(inputs[0]!), part);
}

/** Puts `clamp(index, 0, most) * bytes` on the stack. */
function pushOffset(block: BlockEmitter, index: Equation["inputs"][number], most: number, bytes: number): void {
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
  const backward = from.stride.map((s, axis) => (s < 0 ? (sizes[axis]! - 1) * -s * bytesOf(from.dtype) : 0));
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
  return { ...from, base: local, offset, shape: sizes, holding: { count: 0, storage: null, local, parent } };
}

function emitDynamicSlice(block: BlockEmitter, { inputs, params: { sizes }, outputs }: Equation<"dynamicSlice">): void {
  const [array, ...start] = inputs;
  const from = block.place(array!);
  if (from.at !== "memory") return block.own(outputs[0]!, keepSplat(block, { ...(from as SplatPlace), shape: sizes }));
  block.own(outputs[0]!, windowAt(block, from, start, sizes));
}

function emitDynamicUpdateSlice(block: BlockEmitter, { inputs, outputs }: Equation<"dynamicUpdateSlice">): void {
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
    ...from, base: local, shape: from.shape.toSpliced(axis, 1), stride: from.stride.toSpliced(axis, 1), holding: null,
  };
}

/** Looks at an output of `gather` with all index axes as one. */
function asRows(place: MemoryPlace, axis: number, numAxes: number): MemoryPlace {
  const count = sizeOf(place.shape.slice(axis, axis + numAxes));
  const shape = place.shape.toSpliced(axis, numAxes, count);
  return { ...place, shape, stride: rowMajor(shape) };
}

function emitGather(block: BlockEmitter, { inputs: [array, indices], params: { axis }, outputs }: Equation<"gather">): void {
  const { f } = block;
  const copies: MemoryPlace[] = [];
  const from = dense(block, block.place(array!), copies);
  const to = outputs[0]!.shape.length === 0 ? block.scratch(from.dtype, []) : block.allocate(outputs[0]!);
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

function emitScatterAdd(block: BlockEmitter, { inputs: [array, indices, updates], params: { axis }, outputs }: Equation<"scatterAdd">): void {
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
