import {
  type Equation,
  isEquation,
  type Named,
  type Program,
  sizeOf,
  type Type,
} from "@diffrax-ts/program";
import * as op from "../wasm/opcodes.ts";
import { i32, type ValueType } from "../wasm/valueTypes.ts";
import { BlockEmitter } from "./BlockEmitter.ts";
import { dense, emitCopy, pushAddress } from "./cluster.ts";
import { FunctionEmitter, valueTypes } from "./FunctionEmitter.ts";
import { emitHalves } from "./halves.ts";
import { emitCondLanes } from "./lanes.ts";
import type { ModuleEmitter } from "./ModuleEmitter.ts";
import { framePointer, localAt, memoryAt, type MemoryPlace, type Place } from "./Place.ts";

/** Branches inside the function: `if` and `else`, or a chain of them. */
export function emitCond(block: BlockEmitter, equation: Equation<"cond">): void {
  if (block.lanes !== 1) return emitCondLanes(block, equation);
  const { f } = block;
  const {
    inputs: [index, ...operands],
    params: { branches },
    outputs,
  } = equation;
  const places = operands.map((atom) => block.place(atom));
  const results = outputs.map((output, i): Place => {
    if (output.buffer) return places[inputOf(branches[0]!, i)]!;
    return output.shape.length > 0 ? block.scratch(output) : block.newScalar(output.dtype);
  });
  const run = (branch: Program): void =>
    block.inner(branch, places, (inside) => {
      for (const [i, output] of branch.outputs.entries()) {
        if (output.shape.length === 0) {
          inside.push(output);
          inside.setScalar(results[i]!);
        } else if (!outputs[i]!.buffer)
          emitCopy(inside, inside.place(output), results[i] as MemoryPlace);
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

/** Which of its inputs a program gives as an output that is a buffer: it writes to one that it was given. */
export function inputOf({ inputs, equations, outputs }: Program, output: number): number {
  let atom = outputs[output]!;
  for (;;) {
    const i = inputs.findIndex((input) => input === atom);
    if (i >= 0) return i;
    const maker = equations.find((equation) => equation.outputs.includes(atom as Named));
    if (maker === undefined || isEquation(maker, "bufferNew"))
      throw new Error("a buffer was made inside a branch");
    atom = maker.inputs[bufferIn(maker, maker.outputs.indexOf(atom as Named))]!;
  }
}

/** Which of the inputs of an equation is the buffer that it gives as an output. */
function bufferIn(equation: Equation, output: number): number {
  if (isEquation(equation, "cond")) return 1 + inputOf(equation.params.branches[0]!, output);
  if (isEquation(equation, "loop")) return equation.params.numConsts + output;
  return 0; // of a write
}

/** A call of a function of its own: scalars are passed as they are, arrays by their addresses. */
export function emitCall(block: BlockEmitter, equation: Equation<"call">): void {
  if (block.lanes !== 1) return emitHalves(block, equation);
  const { f, module } = block;
  const {
    inputs,
    params: { program },
    outputs,
  } = equation;
  const index = module.functions.get(program) ?? defineFunction(module, program);
  const arrays = inputs.map((atom) => (atom.shape.length > 0 ? dense(block, atom) : null));
  f.get(framePointer);
  for (const [i, atom] of inputs.entries()) {
    const array = arrays[i]!;
    if (array === null) block.push(atom);
    else pushAddress(block, array);
  }
  f.op(op.call, index);
  // Results lie on the stack, the last on top. An array stands in the memory of the function, from which it is copied.
  for (const output of outputs.toReversed()) {
    if (output.shape.length === 0) block.own(output, block.keepScalar(output.dtype));
    else {
      const address = f.keep(i32);
      const place = block.scratch(output);
      emitCopy(block, memoryAt(output, address, 0), place);
      block.own(output, place);
      f.freeLocal(address);
    }
  }
  for (const array of arrays) if (array !== null) block.release(array);
}

function defineFunction(module: ModuleEmitter, program: Program): number {
  const index = module.declare();
  module.functions.set(program, index);
  const pass = ({ dtype, shape }: Type): ValueType => (shape.length > 0 ? i32 : valueTypes[dtype]);
  const f = new FunctionEmitter([i32, ...program.inputs.map(pass)]);
  const inputs = program.inputs.map((input, i) =>
    input.shape.length > 0 ? memoryAt(input, i + 1, 0) : localAt(i + 1, input.dtype),
  );
  module.frame.apart(() => {
    const block = new BlockEmitter(module, f, program, inputs, false);
    block.run(() => {
      // The caller reads array results when the function has ended, from memory that is used for nothing else.
      const kept = program.outputs.map((output) => {
        if (output.shape.length === 0) return null;
        const place = block.scratch(output);
        emitCopy(block, block.place(output), place);
        return place;
      });
      for (const [i, output] of program.outputs.entries()) {
        const place = kept[i]!;
        if (place === null) block.push(output);
        else pushAddress(block, place);
      }
    });
  });
  module.define(index, f, program.outputs.map(pass), null);
  return index;
}

/** A call out of WebAssembly: numbers go through memory as float64, one after another. */
export function emitHostCallback(
  block: BlockEmitter,
  { inputs, params, outputs }: Equation<"hostCallback">,
): void {
  const { f, module } = block;
  const [sent, received] = [inputs, outputs].map((types) => {
    const size = types.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const area = block.scratch({ dtype: "float64", shape: [size] });
    let { offset } = area;
    const parts = types.map(({ shape }) => {
      const part = memoryAt({ dtype: "float64", shape }, framePointer, offset);
      offset += 8 * sizeOf(shape);
      return part;
    });
    return { area, parts };
  });
  for (const [i, atom] of inputs.entries()) emitCopy(block, block.place(atom), sent!.parts[i]!);
  pushAddress(block, sent!.area);
  pushAddress(block, received!.area);
  f.op(op.call, module.hosts.indexOf(params));
  for (const [i, output] of outputs.entries()) {
    const place = block.scratch(output);
    emitCopy(block, received!.parts[i]!, place);
    block.give(output, place);
  }
  block.release(sent!.area);
  block.release(received!.area);
}

/** Leaves the number of the first assertion that failed at the start of the frame, and beside it which of its messages tells why. */
export function emitAssert(
  block: BlockEmitter,
  { inputs, params: { message } }: Equation<"assert">,
): void {
  const { f, module } = block;
  const failed = { base: framePointer, offset: 0, dtype: "int32" } as const;
  const which = { ...failed, offset: 4 };
  const number = module.messages.push(message);
  block.push(inputs[0]!);
  f.op(op.i32_eqz);
  f.load(failed);
  f.op(op.i32_eqz);
  f.op(op.i32_and);
  f.block(op.ifBlock, () => {
    f.store(failed, () => f.i32(number));
    if (inputs.length > 1) f.store(which, () => block.push(inputs[1]!));
  });
}
