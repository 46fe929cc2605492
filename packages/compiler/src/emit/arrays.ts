import {
  bytesOf,
  constantOf,
  type Equation,
  isConcrete,
  isEquation,
  rowMajor,
  sizeOf,
} from "@diffrax-ts/program";
import * as op from "../wasm/opcodes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { dense, emitCopy } from "./cluster.ts";
import { rowAt } from "./indexing.ts";
import {
  along,
  constantAt,
  framePointer,
  isArray,
  memoryAt,
  type MemoryPlace,
  type Place,
  reversed,
  viewAt,
} from "./Place.ts";

/** What only looks at an array in another way: nothing is copied, unless `reshape` needs it. */
export function emitView(
  block: BlockEmitter,
  equation: Equation<"broadcast" | "reshape" | "transpose" | "reverse" | "slice">,
): Place {
  const { inputs, outputs } = equation;
  const { shape } = outputs[0]!;
  const from = block.place(inputs[0]!);
  if (!isArray(from)) return block.copyScalar(from);
  const { stride } = from;
  if (isEquation(equation, "broadcast")) {
    const spread = shape.map(() => 0);
    for (const [i, axis] of equation.params.axes.entries())
      spread[axis] = from.shape[i] === 1 ? 0 : stride[i]!;
    return viewAt(from, shape, spread);
  }
  if (isEquation(equation, "transpose")) {
    const { permutation } = equation.params;
    return viewAt(
      from,
      shape,
      permutation.map((axis) => stride[axis]!),
    );
  }
  if (isEquation(equation, "reverse")) return reversed(from, equation.params.axes);
  if (isEquation(equation, "slice")) {
    const { start, step } = equation.params;
    return viewAt(
      from,
      shape,
      stride.map((s, axis) => s * step[axis]!),
      start,
    );
  }
  return viewAt(sizeOf(shape) <= 1 ? from : dense(block, inputs[0]!), shape, rowMajor(shape));
}

export function emitBufferNew(
  block: BlockEmitter,
  { inputs: [initial], params: { fill }, outputs }: Equation<"bufferNew">,
): Place {
  const place = block.scratch(outputs[0]!);
  if (initial !== undefined) emitCopy(block, block.place(initial), place);
  else if (fill !== null) emitFill(block, fill, place);
  return place;
}

/** `if (pred) buffer[index] = value`. A row that does not exist is not written. */
export function emitBufferWrite(block: BlockEmitter, { inputs }: Equation<"bufferWrite">): Place {
  const [buffer, index, value, pred] = inputs;
  const { f } = block;
  const place = block.place(buffer!) as MemoryPlace;
  block.push(pred!);
  block.push(index!);
  f.i32(place.shape[0]!);
  f.op(op.i32_lt_u);
  f.op(op.i32_and);
  f.block(op.ifBlock, () => {
    const row = rowAt(block, place, 0, () => block.push(index!));
    emitCopy(block, block.place(value!), row);
    f.freeLocal(row.base);
  });
  return place;
}

export function emitIota(
  block: BlockEmitter,
  { params: { axis }, outputs }: Equation<"iota">,
): Place {
  const { dtype, shape } = outputs[0]!;
  const numbers = new Int32Array(shape[axis]!).map((_, i) => i);
  const offset = block.module.frame.array(numbers);
  const isWord = dtype === "int32" || dtype === "uint32";
  const type = { dtype: isWord ? dtype : ("int32" as const), shape: [numbers.length] };
  const list = memoryAt(type, framePointer, offset);
  const stride = shape.map((_, i) => (i === axis ? 1 : 0));
  const view = viewAt(list, shape, stride);
  if (isWord) return view;
  const to = block.scratch(outputs[0]!);
  emitCopy(block, view, to);
  return to;
}

export function emitPack(block: BlockEmitter, equation: Equation<"pack">): Place {
  const to = block.packed(equation);
  for (const [i, scalar] of equation.inputs.entries()) {
    if (!isConcrete(scalar) && block.plan.stores.get(scalar.id)?.pack === equation) continue;
    const address = { ...to, offset: to.offset + i * bytesOf(to.dtype) };
    block.f.store(address, () => block.push(scalar));
  }
  return to;
}

export function emitConcatenate(block: BlockEmitter, equation: Equation<"concatenate">): Place {
  const { inputs, params, outputs } = equation;
  const { axis } = params;
  const { views, parts } = block.plan.joins;
  const main = views.get(equation);
  const whole = main === undefined ? block.packed(equation) : viewRound(block, equation, main);
  const start = outputs[0]!.shape.map(() => 0);
  for (const [i, input] of inputs.entries()) {
    const isThere = i === main || (!isConcrete(input) && parts.get(input.id)?.whole === equation);
    if (!isThere)
      emitCopy(block, block.place(input), viewAt(whole, input.shape, whole.stride, start));
    start[axis]! += input.shape[axis]!;
  }
  return whole;
}

/** The memory round one of the inputs of a concatenation. */
function viewRound(
  block: BlockEmitter,
  { inputs, params: { axis }, outputs }: Equation<"concatenate">,
  main: number,
): MemoryPlace {
  const { shape } = outputs[0]!;
  const before = inputs.slice(0, main).reduce((sum, input) => sum + input.shape[axis]!, 0);
  const place = block.place(inputs[main]!) as MemoryPlace;
  return viewAt(place, shape, rowMajor(shape), along(axis, -before));
}

export function emitPad(
  block: BlockEmitter,
  { inputs: [input], params: { low }, outputs }: Equation<"pad">,
): Place {
  const whole = block.scratch(outputs[0]!);
  emitFill(block, 0, whole);
  emitCopy(block, block.place(input!), viewAt(whole, input!.shape, whole.stride, low));
  return whole;
}

function emitFill(block: BlockEmitter, x: number, to: MemoryPlace): void {
  emitCopy(block, constantAt(constantOf(to.dtype, x)), to);
}
