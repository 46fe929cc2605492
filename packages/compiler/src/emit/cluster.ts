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
  sameList,
  sizeOf,
  Trace,
  traceProgram,
  type Named,
  withTrace,
} from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import { Lowering } from "../lower/lowerProgram.ts";
import { scalarOperation } from "../lower/lowerSmall.ts";
import * as op from "../wasm/opcodes.ts";
import { v128 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { type Lanes, valueTypes } from "./FunctionEmitter.ts";
import { interleaved } from "./interleaved.ts";
import { type Cursor, emitNest, emitPieces, endWalk, startWalk } from "./nest.ts";
import { isArray, isContiguous, localAt, type MemoryPlace, type Place, viewAt } from "./Place.ts";
import { emitTurned } from "./turned.ts";
import { splat, vectorsOf } from "./vectors.ts";

/** Kernels with so many equations or more do two vectors at once, which takes a fifth less time. */
const longKernel = 40;
const copiesOfLong = 2;

/** Element-by-element equations as one loop. What only they read never gets to memory. */
export function emitCluster(block: BlockEmitter, equations: readonly Equation[]): void {
  const visible = equations
    .map(({ outputs }) => outputs[0]!)
    .filter(({ id }) => block.plan.isVisible[id] === 1);
  const { program, operands } = kernelProgram(equations, visible);
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
    const place = (slot === null || taken.has(slot) ? spare : slot) ?? block.scratch(variable);
    taken.add(place);
    block.own(variable, place);
    return place;
  });
  emitKernel(block, program, inputs, outputs);
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

/** The program of one element. */
function kernelProgram(
  equations: readonly Equation[],
  outputs: readonly Named[],
): { readonly program: Program; readonly operands: readonly Atom[] } {
  const trace = new Trace();
  const lowering = new Lowering();
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

/**
 * A loop over arrays that computes each element of the outputs from those of the inputs, by a program of scalars: four
 * or two at a time where all of it works in lanes.
 */
function emitKernel(
  block: BlockEmitter,
  program: Program,
  inputs: readonly Place[],
  outputs: readonly MemoryPlace[],
): void {
  const { f } = block;
  const arrays = [...inputs.filter(isArray), ...outputs];
  const walk = startWalk(f, arrays, [arrays.map(({ shape }) => Array.from(shape.keys()))]);
  const axes = walk.groups[0]!;
  const inner = axes.at(-1);
  const vectors = vectorsOf(program, walk, inner, outputs.length);
  const atOnce = vectors.lanes;
  // Scalars that all elements share are put into all lanes once.
  const splats = inputs.map((place) =>
    atOnce === 1 || isArray(place) ? place : splat(block, place, atOnce),
  );

  /** Some vectors, or one element. */
  const elements = (lanes: Lanes, copies: number): void => {
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
        const copy = Math.floor(i / outputs.length);
        const cursor = walk.cursors[next + (i % outputs.length)]!;
        f.store(shift(cursor, copy), () => inside.push(output), lanes);
      }
    };
    block.inner(all, places.flat(), write, true, lanes);
    for (const copy of places)
      for (const [i, place] of copy.entries())
        if (place.at === "local" && isArray(inputs[i]!)) f.freeLocal(place.local);
  };
  const isLong = atOnce !== 1 && vectors.program.equations.length >= longKernel;
  const sizes = [...(isLong ? [copiesOfLong * atOnce] : []), ...(atOnce === 1 ? [1] : [atOnce, 1])];
  emitNest(f, walk, axes.slice(0, -1), () =>
    emitPieces(f, walk, inner, sizes, (size) =>
      size > atOnce ? elements(atOnce, copiesOfLong) : elements(size as Lanes, 1),
    ),
  );
  for (const [i, place] of splats.entries())
    if (place.at === "local" && place !== inputs[i]) f.freeLocal(place.local);
  endWalk(f, walk);
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
