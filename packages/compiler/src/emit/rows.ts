// Elementary functions of arrays that are called: each is one function for arrays of any length, in lanes. One that is written out is part of
// a fused loop, which saves a way through memory and costs its code at each place.
import {
  arrayType,
  bytesOf,
  type Equation,
  innerPrograms,
  isElementwise,
  isEquation,
  isFloat,
  type Program,
  sizeOf,
  Trace,
  withTrace,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { scalarOperation } from "../lower/lowerSmall.ts";
import * as op from "../wasm/opcodes.ts";
import { i32, type ValueType } from "../wasm/valueTypes.ts";
import { BlockEmitter } from "./BlockEmitter.ts";
import { dense, emitCopy, pushAddress, writtenOut } from "./cluster.ts";
import { FunctionEmitter } from "./FunctionEmitter.ts";
import { emitElements, type Kernel, piecesOf } from "./kernel.ts";
import type { ModuleEmitter } from "./ModuleEmitter.ts";
import { isArray, isContiguous, memoryAt, type MemoryPlace } from "./Place.ts";
import { vectorsOf } from "./vectors.ts";

/**
 * Of a module that has functions of so many operations at most, one in this many is an elementary function of arrays that is written out: those
 * for which turns are most. The others are called.
 */
const operationsOfEach = 160;
/** As often a loop turns, for want of better knowledge. */
const turnsOfLoop = 1000;

/**
 * The elementary functions of arrays of a lowered program that are to be called.
 *
 * @param all - The equations of the program, and of those in it.
 */
export function rowsToCall(
  program: Program,
  all: readonly Equation[],
  mostOperations: number,
): ReadonlySet<Equation> {
  const mostWrittenOut = Math.ceil(mostOperations / operationsOfEach);
  let count = 0;
  for (let i = 0; i < all.length; i++) if (isElementary(all[i]!)) count++;
  if (count <= mostWrittenOut) return new Set();
  const found = new Map<Equation, number>();
  const seen = new Set<Program>();
  const visit = (inside: Program, turns: number): void => {
    if (seen.has(inside)) return;
    seen.add(inside);
    for (const equation of inside.equations) {
      if (isElementary(equation)) {
        found.set(equation, turns * sizeOf(equation.outputs[0]!.shape));
      }
      const factor = isEquation(equation, "loop") ? turnsOfLoop : 1;
      for (const inner of innerPrograms(equation)) visit(inner, turns * factor);
    }
  };
  visit(program, 1);
  const byTurns = [...found].toSorted(([, a], [, b]) => b - a);
  return new Set(byTurns.slice(mostWrittenOut).map(([equation]) => equation));
}

/** Whether an equation is an elementary function, or a remainder of floats, of arrays. */
function isElementary({ primitive, params, inputs, outputs }: Equation): boolean {
  if (outputs.length !== 1 || outputs[0]!.shape.length === 0 || !isElementwise(primitive))
    return false;
  return "define" in params || (primitive === "rem" && isFloat(inputs[0]!.dtype));
}

/** A call for all elements of an array. */
export function emitRow(block: BlockEmitter, equation: Equation): MemoryPlace {
  const { f, module } = block;
  const { inputs, outputs } = equation;
  const [output] = outputs;
  const { shape } = output!;
  const arrays = inputs.map((atom) => {
    const place = block.place(atom);
    if (isArray(place)) return isContiguous(place) ? place : dense(block, atom);
    const all = block.scratch({ dtype: atom.dtype, shape });
    emitCopy(block, place, all);
    return all;
  });
  const to = block.scratch(output!);
  block.f.get(0);
  f.i32(sizeOf(shape));
  for (const array of [...arrays, to]) pushAddress(block, array);
  f.op(op.call, rowFunction(module, equation));
  for (const array of arrays) block.release(array);
  return to;
}

/** The function of an equation: `(frame, length, ...inputs, output)`. */
function rowFunction(module: ModuleEmitter, equation: Equation): number {
  const { primitive, params, inputs } = equation;
  // A remainder has no definition of its own.
  const what = "define" in params ? (params.define as object) : primitive;
  const dtypes = inputs.map(({ dtype }) => dtype).join();
  let byDTypes = module.rows.get(what);
  if (byDTypes === undefined) module.rows.set(what, (byDTypes = new Map()));
  let index = byDTypes.get(dtypes);
  if (index === undefined) byDTypes.set(dtypes, (index = defineRow(module, equation)));
  return index;
}

function defineRow(
  module: ModuleEmitter,
  { primitive, params, inputs, outputs }: Equation,
): number {
  const lowering = writtenOut(module.lowering);
  const trace = new Trace();
  const operands = inputs.map(({ dtype }) => trace.input(arrayType(dtype, [])));
  const { program } = withTrace(trace, () => {
    const tensors = operands as readonly Tensor[];
    return trace.finish(operands, [scalarOperation(lowering, trace, primitive, tensors, params)]);
  });
  const index = module.declare();
  const types = [...inputs, outputs[0]!];
  const f = new FunctionEmitter([i32, i32, ...types.map((): ValueType => i32)]);
  const places = types.map(({ dtype }, i) => memoryAt({ dtype, shape: [longest] }, 2 + i, 0));
  const cursors = places.map((place) => ({ ...place, step: [bytesOf(place.dtype)] }));
  const walk = { cursors, shape: [longest], groups: [[0]] };
  const vectors = vectorsOf(program, walk, 0, 1);
  const arrays = places.slice(0, -1);
  const kernel: Kernel = {
    program,
    vectors,
    walk,
    inner: 0,
    inputs: arrays,
    splats: arrays,
    numOutputs: 1,
  };
  const nothing = { ...program, inputs: [], equations: [], outputs: [], numVariables: 0 };
  module.frame.apart(() => {
    const block = new BlockEmitter(module, f, nothing, [], true);
    for (const size of piecesOf(vectors)) {
      f.block(op.block, () =>
        f.block(op.loop, () => {
          f.get(length);
          f.i32(size);
          f.op(op.i32_lt_s);
          f.op(op.br_if, 1);
          emitElements(block, kernel, size);
          for (const { base, step } of cursors) f.advance(base, size * step[0]!);
          f.advance(length, -size);
          f.op(op.br, 0);
        }),
      );
    }
  });
  module.define(index, f, [], null);
  return index;
}

/** The parameter with the number of elements that are left. */
const length = 1;
/** There is no shape: arrays are of any length. */
const longest = 1024;
