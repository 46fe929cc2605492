import {
  add,
  arrayType,
  astype,
  type Atom,
  bytesOf,
  type Equation,
  isConcrete,
  isScalarConstant,
  type Program,
  rowMajor,
  sameList,
  sizeOf,
  Trace,
  traceProgram,
  type Named,
  withTrace,
} from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import type { Lowering } from "../lower/lowerProgram.ts";
import { type LowerElementary, scalarOperation } from "../lower/lowerSmall.ts";
import * as op from "../wasm/opcodes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { emitKernel } from "./kernel.ts";
import { byStride, isArray, isContiguous, type MemoryPlace, type Place, viewAt } from "./Place.ts";
import { emitTurned } from "./turned.ts";

/** Element-by-element equations as one loop. What only they read never gets to memory. */
export function emitCluster(block: BlockEmitter, equations: readonly Equation[]): void {
  const visible = equations
    .map(({ outputs }) => outputs[0]!)
    .filter(({ id }) => block.plan.isVisible[id] === 1);
  const { program, operands } = kernelProgram(block.module.lowering, equations, visible);
  const inputs = operands.map((atom) => block.place(atom));

  const taken = new Set<Place>();
  const outputs = visible.map((variable) => {
    // An output may stand where a loop carries it to, or where an input stood that nothing else reads.
    const spare = inputs.find((place, i): place is MemoryPlace => {
      const atom = operands[i]!;
      return (
        !isConcrete(atom) && block.diesHere(atom) && !taken.has(place) && isSpare(place, variable)
      );
    });
    const slot = block.slotFor(variable);
    const place =
      block.joinedPlace(variable) ??
      (slot === null || taken.has(slot) ? spare : slot) ??
      scratchLike(block, variable, inputs);
    taken.add(place);
    block.own(variable, place);
    return place;
  });
  emitKernel(block, program, inputs, outputs);
}

/**
 * New memory for an array of which the axes stand in the order in which they do in the operands, if that is one: the loop goes through all of
 * them from number to number. Sums of products that were transposed are transposed back at the end.
 */
function scratchLike(
  block: BlockEmitter,
  variable: Named,
  operands: readonly Place[],
): MemoryPlace {
  const { dtype, shape } = variable;
  let stride: readonly number[] | undefined;
  for (const place of shape.length > 1 ? operands : []) {
    if (!isArray(place) || place.stride.includes(0)) continue; // it may stand in any order
    stride ??= place.stride;
    if (!sameList(stride, place.stride)) return block.scratch(variable);
  }
  if (stride === undefined) return block.scratch(variable);
  const order = byStride({ stride });
  const turned = order.map((axis) => shape[axis]!);
  const isDense = rowMajor(turned).every((step, i) => step === stride[order[i]!]);
  return isDense
    ? viewAt(block.scratch({ dtype, shape: turned }), shape, stride)
    : block.scratch(variable);
}

/** Whether the memory of a place is read by one variable alone and has the form of another. */
function isSpare(place: Place, { dtype, shape }: Named): place is MemoryPlace {
  return (
    place.at === "memory" &&
    place.dtype === dtype &&
    sameList(place.shape, shape) &&
    isContiguous(place) &&
    place.holding?.count === 1 &&
    place.holding.storage !== null
  );
}

/** Writes every elementary function out: which ones are, is settled before. */
export function writtenOut(lowering: Lowering): LowerElementary {
  return { elementary: (trace, program, _, inputs) => lowering.writtenOut(trace, program, inputs) };
}

/** The program of one element. */
function kernelProgram(
  moduleLowering: Lowering,
  equations: readonly Equation[],
  outputs: readonly Named[],
): { readonly program: Program; readonly operands: readonly Atom[] } {
  const trace = new Trace();
  const lowering = writtenOut(moduleLowering);
  const values = new Map<Atom, Tensor>();
  const operands: Atom[] = [];
  const inputs: Named[] = [];
  const valueOf = (atom: Atom): Tensor => {
    if (isScalarConstant(atom)) return atom;
    let value = values.get(atom);
    if (value === undefined) {
      const input = trace.input({ dtype: atom.dtype, shape: [], buffer: false });
      operands.push(atom);
      inputs.push(input);
      value = input;
      values.set(atom, value);
    }
    return value;
  };
  return withTrace(trace, () => {
    for (const { primitive, params, inputs: atoms, outputs: made } of equations) {
      const value = scalarOperation(lowering, trace, primitive, atoms.map(valueOf), params);
      values.set(made[0]!, value);
    }
    const results = outputs.map((variable) => values.get(variable)!);
    const { program } = trace.finish(inputs, results);
    const read = new Set(program.equations.flatMap((equation) => equation.inputs));
    for (const output of program.outputs) read.add(output);
    const isRead = inputs.map((input) => read.has(input)); // simplification may have dropped its readers
    return {
      program: { ...program, inputs: inputs.filter((_, i) => isRead[i]) },
      operands: operands.filter((_, i) => isRead[i]),
    };
  });
}

/** Copies an array to a view of memory; its numbers are converted if the dtype is another. */
export function emitCopy(block: BlockEmitter, from: Place, to: MemoryPlace): void {
  const { f } = block;
  const bytes = sizeOf(to.shape) * bytesOf(to.dtype);
  const isSame = from.dtype === to.dtype;
  if (isSame && to.shape.length === 0) return f.store(to, () => block.pushPlace(from));
  if (isSame && isArray(from) && bytes >= 64 && isContiguous(from) && isContiguous(to)) {
    if (to.base === from.base && to.offset === from.offset) return;
    pushAddress(block, to);
    pushAddress(block, from);
    f.i32(bytes);
    return f.memory(op.memory_copy, 0);
  }
  if (isSame && isArray(from) && emitTurned(f, from, to)) return;
  const program = scalarProgram([from.dtype], ([x]) => [astype(x!, to.dtype)]);
  emitKernel(block, program, [from], [to]);
}

/** Adds an array to what is in memory. */
export function emitAccumulate(block: BlockEmitter, to: MemoryPlace, from: Place): void {
  const program = scalarProgram([to.dtype, to.dtype], ([x, y]) => [add(x!, y!)]);
  emitKernel(block, program, [to, from], [to]);
}

/** Puts the address of the first element on the stack. */
export function pushAddress({ f }: BlockEmitter, { base, offset }: MemoryPlace): void {
  f.get(base);
  f.addBytes(offset);
}

/** An array in memory: where it is, or one element that stands for all, which has to be released. */
export function inMemory(block: BlockEmitter, atom: Atom): MemoryPlace {
  const place = block.place(atom);
  if (isArray(place)) return place;
  const { dtype, shape } = atom;
  const element = block.scratch({ dtype, shape: [] });
  block.f.store(element, () => block.pushPlace(place));
  return viewAt(
    element,
    shape,
    shape.map(() => 0),
  );
}

/** An array in memory without gaps: where it is, or a copy, which has to be released. */
export function dense(block: BlockEmitter, atom: Atom): MemoryPlace {
  const place = block.place(atom);
  return isArray(place) && isContiguous(place) ? place : copyOf(block, atom, place);
}

function copyOf(block: BlockEmitter, type: Atom, from: Place): MemoryPlace {
  const copy = block.scratch(type);
  emitCopy(block, from, copy);
  return copy;
}

/** A function of scalars as a program. */
export function scalarProgram(
  dtypes: readonly DType[],
  f: (inputs: readonly Tensor[]) => readonly Tensor[],
): Program {
  return traceProgram(
    dtypes.map((dtype) => arrayType(dtype, [])),
    (...inputs) => f(inputs),
  ).program;
}
