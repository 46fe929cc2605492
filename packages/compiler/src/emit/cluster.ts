import {
  add,
  arrayType,
  type Atom,
  bytesOf,
  convert,
  type Equation,
  isConcrete,
  isScalarConstant,
  type Program,
  sizeOf,
  Trace,
  traceProgram,
  type Variable,
  withTrace,
} from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import { Lowering } from "../lower/lowerProgram.ts";
import { scalarOperation } from "../lower/lowerSmall.ts";
import { op } from "../wasm/opcodes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { laneType } from "./FunctionEmitter.ts";
import { emitLanes, worksInLanes } from "./lanes.ts";
import { byteStride, collapse, cursors, emitCopy, emitNest, stepsAlong } from "./nest.ts";
import { isContiguous, type MemoryPlace, type Place, type ScalarPlace } from "./Place.ts";

/** A loop over arrays that computes each element of its outputs from those of its inputs. */
interface Kernel {
  readonly shape: readonly number[];
  /** Of scalars: one for each input. */
  readonly program: Program;
  readonly inputs: readonly Place[];
  readonly outputs: readonly MemoryPlace[];
}

/** Element-by-element equations as one loop. What only they read never gets to memory. */
export function emitCluster(block: BlockEmitter, equations: readonly Equation[]): void {
  const shape = equations[0]!.outputs[0]!.shape;
  const visible = equations
    .map(({ outputs }) => outputs[0]!)
    .filter(({ id }) => block.plan.isVisible[id]);
  const { program, operands } = kernelProgram(equations, visible);
  const inputs = operands.map((atom) => block.place(atom));

  const taken = new Set<Place>();
  const outputs = visible.map((variable) => {
    // An output may stand where an input stood that nothing else reads.
    const spare = operands.findIndex((atom, i) => {
      const place = inputs[i]!;
      return (
        !isConcrete(atom) && block.diesHere(atom) && !taken.has(place) && isSpare(place, variable)
      );
    });
    if (spare < 0) return block.allocate(variable);
    const place = inputs[spare] as MemoryPlace;
    taken.add(place);
    block.own(variable, place);
    return place;
  });
  emitKernel(block, { shape, program, inputs, outputs });
}

/** Whether the memory of a place is read by one variable alone and has the form of another. */
function isSpare(place: Place, { dtype }: Variable): boolean {
  return (
    place.at === "memory" &&
    place.dtype === dtype &&
    isContiguous(place) &&
    place.holding?.count === 1 &&
    place.holding.storage !== null
  );
}

/** The program of one element. */
function kernelProgram(
  equations: readonly Equation[],
  outputs: readonly Variable[],
): { readonly program: Program; readonly operands: readonly Atom[] } {
  const trace = new Trace();
  const lowering = new Lowering();
  const values = new Map<Atom, Tensor>();
  const operands: Atom[] = [];
  const inputs: Variable[] = [];
  const read = (atom: Atom): Tensor => {
    if (isScalarConstant(atom)) return atom;
    let value = values.get(atom);
    if (value === undefined) {
      const input = trace.input({ dtype: atom.dtype, shape: [], buffer: false });
      operands.push(atom);
      inputs.push(input);
      value = input as unknown as Tensor;
      values.set(atom, value);
    }
    return value;
  };
  return withTrace(trace, () => {
    for (const {
      primitive,
      params,
      inputs: atoms,
      outputs: [output],
    } of equations) {
      values.set(output!, scalarOperation(lowering, trace, primitive, atoms.map(read), params));
    }
    const { program } = trace.finish(
      inputs,
      outputs.map((variable) => values.get(variable)!),
    );
    return { program, operands };
  });
}

/** Writes the loop of a kernel: two lanes at a time where all of it works in lanes. */
function emitKernel(block: BlockEmitter, { shape, program, inputs, outputs }: Kernel): void {
  if (sizeOf(shape) === 0) return;
  const { f } = block;
  const arrays = [...inputs.filter((place) => place.at === "memory"), ...outputs];
  const flat = collapse(shape, arrays.map(byteStride));
  const dims = flat.shape;
  const inner = dims.length - 1;
  const { cursors: all, free } = cursors(f, arrays, flat.strides);

  const inPairs =
    inner >= 0 &&
    dims[inner]! >= 2 &&
    arrays.every(
      ({ dtype }, i) =>
        dtype === "float64" &&
        (flat.strides[i]![inner] === 8 ||
          (flat.strides[i]![inner] === 0 && i < arrays.length - outputs.length)),
    ) &&
    worksInLanes(program);

  const element = (lanes: 1 | 2): void => {
    let next = 0;
    const made: number[] = [];
    const places = inputs.map((place, i): ScalarPlace => {
      if (place.at !== "memory") return lanes === 2 ? splats[i]! : scalarOf(place);
      const cursor = all[next++]!;
      const local = f.newLocal(laneType(place.dtype, lanes));
      f.get(cursor.local);
      if (lanes === 1) f.load(place.dtype, cursor.offset);
      else f.memory(cursor.step[inner] === 0 ? op.v128_load64_splat : op.v128_load, cursor.offset);
      f.set(local);
      made.push(local);
      return { at: "local", local, dtype: place.dtype };
    });
    const write = (push: (i: number) => void): void => {
      for (const [i, place] of outputs.entries()) {
        const cursor = all[next + i]!;
        f.get(cursor.local);
        push(i);
        if (lanes === 1) f.store(place.dtype, cursor.offset);
        else f.memory(op.v128_store, cursor.offset);
      }
    };
    if (lanes === 1)
      block.inner(
        program,
        places,
        (inside) => write((i) => inside.push(program.outputs[i]!)),
        true,
      );
    else emitLanes(block, program, places, write);
    for (const local of made) f.freeLocal(local);
  };

  // Scalars that all elements share are put into both lanes once.
  const splats: (ScalarPlace | undefined)[] = [];
  if (inPairs) {
    for (const [i, place] of inputs.entries()) {
      if (place.at === "memory") continue;
      const local = f.newLocal(laneType("float64", 2));
      block.pushPlace(scalarOf(place));
      if (place.dtype === "bool") {
        // A truth value is all ones in its lane: 0 - x.
        f.i32(-1);
        f.op(op.i32_mul);
        f.op(op.i64_extend_i32_s);
        f.op(op.i64x2_splat);
      } else f.op(place.dtype === "int64" ? op.i64x2_splat : op.f64x2_splat);
      f.set(local);
      splats[i] = { at: "local", local, dtype: place.dtype };
    }
  }

  if (!inPairs) emitNest(f, dims, all, 0, () => element(1));
  else {
    const n = dims[inner]!;
    emitNest(f, dims.slice(0, inner), all, 0, () => {
      const forward = stepsAlong(all, inner);
      f.i32(n >> 1);
      f.repeat(() => {
        element(2);
        for (const [local, step] of forward) f.advance(local, 2 * step);
      });
      if (n % 2 === 1) element(1);
      if (inner > 0) for (const [local, step] of forward) f.advance(local, -2 * (n >> 1) * step);
    });
  }
  for (const place of splats) if (place?.at === "local") f.freeLocal(place.local);
  free();
}

function scalarOf(place: Place): ScalarPlace {
  return place.at === "splat" ? place.scalar : (place as ScalarPlace);
}

/** Copies an array to memory without gaps, or to another view; its numbers are converted if the dtype is another. */
export function emitCopyArray(block: BlockEmitter, from: Place, to: MemoryPlace): void {
  const bytes = sizeOf(to.shape) * bytesOf(to.dtype);
  if (
    from.at === "memory" &&
    from.dtype === to.dtype &&
    bytes >= 64 &&
    isContiguous(from) &&
    isContiguous(to)
  ) {
    return emitCopy(block.f, to, from, bytes);
  }
  const program = scalarProgram([from.dtype], ([x]) => [convert(x!, to.dtype)]);
  emitKernel(block, { shape: to.shape, program, inputs: [from], outputs: [to] });
}

/** Adds an array to what is in memory. */
export function emitAccumulate(block: BlockEmitter, to: MemoryPlace, from: Place): void {
  const { dtype, shape } = to;
  const program = scalarProgram([dtype, dtype], ([x, y]) => [add(x!, y!)]);
  emitKernel(block, { shape, program, inputs: [to, from], outputs: [to] });
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
