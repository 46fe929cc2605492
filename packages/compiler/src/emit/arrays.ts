import {
  bytesOf,
  type Equation,
  isEquation,
  type Primitive,
  rowMajor,
  sizeOf,
} from "@diffrax-ts/program";
import { i32, op } from "../wasm/opcodes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { emitCopyArray } from "./cluster.ts";
import { dense } from "./control.ts";
import { emitDot } from "./dot.ts";
import {
  emitDynamicSlice,
  emitDynamicUpdateSlice,
  emitGather,
  emitScatterAdd,
} from "./indexing.ts";
import type { MemoryPlace, Place, SplatPlace } from "./Place.ts";
import { emitArgReduce, emitCumsum, emitReduce } from "./reduce.ts";
import { keepSplat, splatNumber } from "./splat.ts";

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
  if (isEquation(equation, "argmax") || isEquation(equation, "argmin"))
    return emitArgReduce(block, equation);
  if (isReduce(equation.primitive)) return emitReduce(block, equation as Equation<"reduceSum">);
  const view = viewOf(block, equation, block.place(inputs[0]!));
  if (view === undefined) throw new Error(`no code for ${equation.primitive}`);
  finishView(block, equation, view);
}

function isReduce(primitive: Primitive): boolean {
  return (
    primitive === "reduceSum" ||
    primitive === "reduceProd" ||
    primitive === "reduceMax" ||
    primitive === "reduceMin"
  );
}

/** Gives the output a view; a view of one element is read at once. */
function finishView(
  block: BlockEmitter,
  { outputs }: Equation,
  view: MemoryPlace | SplatPlace,
): void {
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

/** The operand looked at in another way. */
function viewOf(
  block: BlockEmitter,
  equation: Equation,
  from: Place,
): MemoryPlace | SplatPlace | undefined {
  const { shape, dtype } = equation.outputs[0]!;
  if (from.at !== "memory") {
    const scalar = from.at === "splat" ? from.scalar : from;
    return { at: "splat", scalar, shape, dtype };
  }
  const { stride, offset } = from;
  const view = (strides: readonly number[], start = 0): MemoryPlace => ({
    ...from,
    shape,
    stride: strides,
    offset: offset + start * bytesOf(dtype),
  });
  if (isEquation(equation, "broadcast")) {
    const spread = shape.map(() => 0);
    for (const [i, axis] of equation.params.axes.entries())
      spread[axis] = from.shape[i] === 1 ? 0 : stride[i]!;
    return view(spread);
  }
  if (isEquation(equation, "transpose"))
    return view(equation.params.permutation.map((axis) => stride[axis]!));
  if (isEquation(equation, "reverse")) {
    const { axes } = equation.params;
    const start = axes.reduce((sum, axis) => sum + (from.shape[axis]! - 1) * stride[axis]!, 0);
    return view(
      stride.map((s, axis) => (axes.includes(axis) ? -s : s)),
      start,
    );
  }
  if (isEquation(equation, "slice")) {
    const { start, step } = equation.params;
    const first = start.reduce((sum, s, axis) => sum + s * stride[axis]!, 0);
    return view(
      stride.map((s, axis) => s * step[axis]!),
      first,
    );
  }
  if (isEquation(equation, "reshape")) {
    const copies: MemoryPlace[] = [];
    const whole = sizeOf(shape) <= 1 ? from : dense(block, from, copies);
    return { ...whole, shape, stride: rowMajor(shape) };
  }
  return undefined;
}

function emitBufferNew(
  block: BlockEmitter,
  { inputs, params: { fill }, outputs }: Equation<"bufferNew">,
): void {
  const place = block.allocate(outputs[0]!);
  if (inputs[0] !== undefined) return emitCopyArray(block, block.place(inputs[0]), place);
  if (fill !== null) emitCopyArray(block, splatNumber(place, fill), place);
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
    const row: MemoryPlace = {
      ...place,
      base: address,
      shape: rowShape,
      stride: rowMajor(rowShape),
      holding: null,
    };
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
    at: "memory",
    base: 0,
    offset,
    shape: output.shape,
    stride: output.shape.map((_, i) => (i === axis ? 1 : 0)),
    dtype: "int32",
    holding: null,
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

function emitConcatenate(
  block: BlockEmitter,
  { inputs, params: { axis }, outputs }: Equation<"concatenate">,
): void {
  const whole = block.allocate(outputs[0]!);
  let start = 0;
  for (const input of inputs) {
    const part = {
      ...whole,
      shape: input.shape,
      offset: whole.offset + start * whole.stride[axis]! * bytesOf(whole.dtype),
    };
    emitCopyArray(block, block.place(input), part);
    start += input.shape[axis]!;
  }
}

function emitPad(block: BlockEmitter, { inputs, params: { low }, outputs }: Equation<"pad">): void {
  const whole = block.allocate(outputs[0]!);
  emitCopyArray(block, splatNumber(whole, 0), whole);
  const start = low.reduce((sum, n, axis) => sum + n * whole.stride[axis]!, 0);
  const part = {
    ...whole,
    shape: inputs[0]!.shape,
    offset: whole.offset + start * bytesOf(whole.dtype),
  };
  emitCopyArray(block, block.place(inputs[0]!), part);
}
