import { type Equation, type Program, rowMajor, sizeOf, type Type } from "@diffrax-ts/program";
import { i32, op, type ValueType } from "../wasm/opcodes.ts";
import { BlockEmitter, framePointer } from "./BlockEmitter.ts";
import { emitCopyArray } from "./cluster.ts";
import { FunctionEmitter, valueType } from "./FunctionEmitter.ts";
import type { ModuleEmitter } from "./ModuleEmitter.ts";
import type { MemoryPlace, Place } from "./Place.ts";
import { emitScalarOp } from "./scalarOps.ts";

/** Branches inside the function: `if` and `else`, or a chain of them. */
export function emitCond(
  block: BlockEmitter,
  { inputs, params: { branches }, outputs }: Equation<"cond">,
): void {
  const { f } = block;
  const [index, ...operands] = inputs;
  const places = operands.map((atom) => block.place(atom));
  const results = outputs.map((output): Place => {
    if (output.shape.length > 0)
      return output.buffer
        ? passThrough(branches[0]!, outputs.indexOf(output), places)
        : block.scratch(output.dtype, output.shape);
    return block.newScalar(output.dtype);
  });
  const run = (branch: Program): void =>
    block.inner(branch, places, (inside) => {
      for (const [i, output] of branch.outputs.entries()) {
        const result = results[i]!;
        if (result.at === "local" || result.at === "frame") {
          inside.push(output);
          inside.setScalar(result);
        } else if (!outputs[i]!.buffer)
          emitCopyArray(inside, inside.place(output), result as MemoryPlace);
      }
    });
  const choose = (side: number): void => {
    if (side === branches.length - 1) return run(branches[side]!);
    block.push(index!);
    f.i32(side);
    f.op(side === 0 ? op.i32_le_s : op.i32_eq);
    f.ifElse(
      () => run(branches[side]!),
      () => choose(side + 1),
    );
  };
  choose(0);
  for (const [i, output] of outputs.entries()) block.own(output, results[i]!);
}

/** The buffer that a branch writes to: one that it was given. */
function passThrough(branch: Program, output: number, operands: readonly Place[]): Place {
  let atom = branch.outputs[output]!;
  for (;;) {
    const i = branch.inputs.findIndex((input) => input === atom);
    if (i >= 0) return operands[i]!;
    const maker = branch.equations.find(({ outputs }) => outputs.includes(atom as never));
    if (maker === undefined) throw new Error("a buffer was made inside a branch");
    atom = maker.inputs[0]!;
  }
}

/** How the inputs and outputs of a called function are passed. */
function signature(program: Program): {
  readonly params: ValueType[];
  readonly results: ValueType[];
} {
  const pass = ({ dtype, shape }: Type): ValueType => (shape.length === 0 ? valueType(dtype) : i32);
  return {
    params: [i32, ...program.inputs.map(pass)],
    results: program.outputs.map(pass),
  };
}

/** A call of a function of its own: scalars are passed as they are, arrays by their addresses. */
export function emitCall(
  block: BlockEmitter,
  { inputs, params: { program }, outputs }: Equation<"call">,
): void {
  const { f, module } = block;
  const index = module.functions.get(program) ?? defineFunction(module, program);
  const copies: MemoryPlace[] = [];
  const addresses = inputs.map((atom) =>
    atom.shape.length === 0 ? undefined : dense(block, block.place(atom), copies),
  );
  f.get(framePointer);
  for (const [i, atom] of inputs.entries()) {
    const place = addresses[i];
    if (place === undefined) block.push(atom);
    else pushAddress(block, place);
  }
  f.call(index);
  // Results lie on the stack, the last on top. An array stands in the memory of the function, from which it is copied.
  for (const output of outputs.toReversed()) {
    if (output.shape.length === 0) block.setLocal(output);
    else {
      const address = f.newLocal(i32);
      f.set(address);
      const place = block.allocate(output);
      emitCopyArray(
        block,
        { ...place, base: address, offset: 0, stride: rowMajor(output.shape), holding: null },
        place,
      );
      f.freeLocal(address);
    }
  }
  for (const copy of copies) block.release(copy);
}

function defineFunction(module: ModuleEmitter, program: Program): number {
  const index = module.declare();
  module.functions.set(program, index);
  const { params, results } = signature(program);
  const f = new FunctionEmitter(params);
  const inputs = program.inputs.map(({ dtype, shape }, i): Place =>
    shape.length === 0
      ? { at: "local", local: i + 1, dtype }
      : {
          at: "memory",
          base: i + 1,
          offset: 0,
          shape,
          stride: rowMajor(shape),
          dtype,
          holding: null,
        },
  );
  module.frame.apart(() => {
    const block = new BlockEmitter(module, f, program, inputs, false);
    block.run(() => {
      // The caller reads array results when the function has ended, from memory that is used for nothing else.
      const kept = program.outputs.map((output) => {
        if (output.shape.length === 0) return undefined;
        const place = block.scratch(output.dtype, output.shape);
        emitCopyArray(block, block.place(output), place);
        return place;
      });
      for (const [i, output] of program.outputs.entries()) {
        const place = kept[i];
        if (place === undefined) block.push(output);
        else pushAddress(block, place);
      }
    });
  });
  module.define(index, f, results, null);
  return index;
}

/** Puts the address of the first element on the stack. */
export function pushAddress({ f }: BlockEmitter, { base, offset }: MemoryPlace): void {
  f.get(base);
  f.i32(offset);
  f.op(op.i32_add);
}

/** A place without gaps: the place itself, or a copy that is added to `copies`. */
export function dense(block: BlockEmitter, place: Place, copies: MemoryPlace[]): MemoryPlace {
  if (place.at === "memory" && isDense(place)) return place;
  const shape = place.at === "memory" || place.at === "splat" ? place.shape : [];
  const copy = block.scratch(place.dtype, shape);
  emitCopyArray(block, place, copy);
  copies.push(copy);
  return copy;
}

function isDense({ shape, stride }: MemoryPlace): boolean {
  const wanted = rowMajor(shape);
  return shape.every((n, axis) => n === 1 || stride[axis] === wanted[axis]);
}

/** A call out of WebAssembly: numbers go through memory as float64, one after another. */
export function emitHostCallback(
  block: BlockEmitter,
  { inputs, params, outputs }: Equation<"hostCallback">,
): void {
  const { f, module } = block;
  const index = module.host(params);
  const count = (types: readonly Type[]): number =>
    types.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const sent = block.scratch("float64", [count(inputs)]);
  const received = block.scratch("float64", [count(outputs)]);
  let place = sent.offset;
  for (const atom of inputs) {
    if (atom.shape.length === 0) {
      f.get(framePointer);
      emitScalarOp(f, "convert", { dtype: "float64" }, [atom.dtype], () => block.push(atom));
      f.memory(op.f64_store, place);
    } else
      emitCopyArray(block, block.place(atom), {
        ...sent,
        offset: place,
        shape: atom.shape,
        stride: rowMajor(atom.shape),
      });
    place += 8 * sizeOf(atom.shape);
  }
  pushAddress(block, sent);
  pushAddress(block, received);
  f.call(index);
  place = received.offset;
  for (const output of outputs) {
    if (output.shape.length === 0) {
      const from = place;
      emitScalarOp(f, "convert", { dtype: output.dtype }, ["float64"], () => {
        f.get(framePointer);
        f.memory(op.f64_load, from);
      });
      block.setLocal(output);
    } else {
      const result = block.allocate(output);
      emitCopyArray(
        block,
        { ...received, offset: place, shape: output.shape, stride: rowMajor(output.shape) },
        result,
      );
    }
    place += 8 * sizeOf(output.shape);
  }
  block.release(sent);
  block.release(received);
}
