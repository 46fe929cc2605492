import {
  apply,
  arrayType,
  type Atom,
  type Equation,
  isCheap,
  isEquation,
  type LoopParams,
  type ParamsOf,
  type Program,
  spliceProgram,
  traceProgram,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { cachedIn, maskKey, type ProgramCache } from "../cachedIn.ts";
import { typeOf } from "../zeros.ts";
import type { BatchRules } from "./BatchRule.ts";
import { type BatchedPrimitive, batchRules, repeat } from "./batchRules.ts";

/** A program for a batch. */
export interface BatchProgram {
  /** Batched inputs and outputs have the batch as their first axis. */
  readonly program: Program;
  /** Which outputs are batched; the others are the same for all. */
  readonly outMask: readonly boolean[];
}

/** A value during batching. A buffer of a batch is held as an array, and one that is still empty not at all. */
interface Batched {
  readonly value: Tensor;
  readonly batched: boolean;
  /** How to make the buffer anew, while nothing has been written to it. */
  readonly empty: ParamsOf<"bufferNew"> | null;
}

let cache: ProgramCache<BatchProgram> | undefined;

/**
 * A program for a batch of inputs; made once for each set of batched inputs and each length.
 *
 * @param mask - Which inputs are batched, along their first axis.
 * @param size - The length of the batch.
 */
export function batchProgram(
  program: Program,
  mask: readonly boolean[],
  size: number,
): BatchProgram {
  cache ??= new WeakMap();
  return cachedIn(cache, program, `${maskKey(mask)} ${size}`, () =>
    makeBatch(program, mask, size, []),
  );
}

/** @param force - Which outputs have to be batched, if only by repetition. */
function makeBatch(
  program: Program,
  mask: readonly boolean[],
  size: number,
  force: readonly boolean[],
): BatchProgram {
  let outMask: boolean[] = [];
  const types = program.inputs.map((input, i) =>
    mask[i] ? arrayType(input.dtype, [size, ...input.shape]) : input,
  );
  const closed = traceProgram(types, (...inputs) => {
    const results = batchInto(
      program,
      inputs.map((value, i) => ({ value, batched: mask[i]!, empty: null })),
      size,
    );
    const forced = results.map(({ value, batched }, i) => ({
      value: !batched && force[i] ? repeat(value, size) : value,
      batched: batched || force[i] === true,
    }));
    outMask = forced.map(({ batched }) => batched);
    return forced.map(({ value }) => value);
  });
  return { program: closed.program, outMask };
}

let rules: BatchRules<BatchedPrimitive> | undefined;

function batchInto(program: Program, inputs: readonly Batched[], size: number): Batched[] {
  const values: Batched[] = Array.from({ length: program.numVariables });
  for (const [i, { id }] of program.inputs.entries()) values[id] = inputs[i]!;
  const read = (atom: Atom): Batched =>
    "id" in atom ? values[atom.id]! : { value: atom, batched: false, empty: null };
  for (const equation of program.equations) {
    const results = batchEquation(equation, equation.inputs.map(read), size);
    for (const [i, { id }] of equation.outputs.entries()) values[id] = results[i]!;
  }
  return program.outputs.map(read);
}

const all = (values: readonly Tensor[], batched: boolean): Batched[] =>
  values.map((value) => ({ value, batched, empty: null }));

function batchEquation(equation: Equation, inputs: readonly Batched[], size: number): Batched[] {
  const { primitive, params } = equation;
  const values = inputs.map(({ value }) => value);
  const batched = inputs.map((input) => input.batched);
  if (!batched.includes(true)) {
    const outputs = all(apply(primitive, values, params), false);
    if (isEquation(equation, "bufferNew") && inputs.length === 0)
      return [{ ...outputs[0]!, empty: equation.params }];
    return outputs;
  }
  switch (primitive as string) {
    case "call": {
      const { program, name, inline } = params as ParamsOf<"call">;
      const batch = batchProgram(program, batched, size);
      const outputs = apply("call", values, { program: batch.program, name, inline });
      return outputs.map((value, i) => ({ value, batched: batch.outMask[i]!, empty: null }));
    }
    case "cond":
      return batchCond(equation as Equation<"cond">, inputs, size);
    case "assert": {
      apply("assert", apply("reduceMin", values, { axes: [0] }), params as ParamsOf<"assert">);
      return [];
    }
    case "bufferFreeze":
      return all(values, true);
    case "bufferNew":
      return all(values, true);
    case "derived": {
      const { batch } = params as ParamsOf<"derived">;
      if (batch === undefined) return lanes(equation, inputs, size);
      const everything = (program: Program, mask: readonly boolean[]): Program =>
        makeBatch(
          program,
          mask,
          size,
          program.outputs.map(() => true),
        ).program;
      return all(batch(values, batched, everything), true);
    }
    case "loop":
    case "hostCallback":
    case "bufferWrite":
      return lanes(equation, inputs, size);
    default: {
      rules ??= batchRules();
      const rule = rules[primitive as "neg"];
      const value = rule({ params: params, inputs: values, batched, size });
      return value === null ? lanes(equation, inputs, size) : all([value], true);
    }
  }
}

/** A condition of the whole batch is a condition still; one for each element chooses between both sides' results. */
function batchCond(
  equation: Equation<"cond">,
  inputs: readonly Batched[],
  size: number,
): Batched[] {
  const { branches } = equation.params;
  const [index, ...operands] = inputs;
  const mask = operands.map(({ batched }) => batched);
  const values = operands.map(({ value }) => value);
  if (!index!.batched) {
    const masks = branches.map((branch) => batchProgram(branch, mask, size).outMask);
    const outMask = branches[0]!.outputs.map((_, i) => masks.some((one) => one[i]));
    const sides = branches.map((branch) => makeBatch(branch, mask, size, outMask).program);
    const outputs = apply("cond", [index!.value, ...values], { branches: sides });
    return outputs.map((value, i) => ({ value, batched: outMask[i]!, empty: null }));
  }
  if (index!.value.dtype !== "bool" || branches.some(isCostly))
    return lanes(equation, inputs, size);
  const force = branches[0]!.outputs.map(() => true);
  const [onFalse, onTrue] = branches.map((branch) =>
    spliceProgram(makeBatch(branch, mask, size, force).program, values),
  );
  return all(
    onTrue!.map((x, i) => {
      const [pred] = apply("broadcast", [index!.value], { shape: x.shape, axes: [0] });
      return apply("select", [pred!, x, onFalse![i]!], {})[0]!;
    }),
    true,
  );
}

/** Whether a branch should not be run for elements that did not choose it: a derivative that is infinite there would be NaN. */
function isCostly({ equations, outputs }: Program): boolean {
  return (
    equations.length > 16 ||
    outputs.some(({ buffer }) => buffer) ||
    !equations.every((equation) =>
      isEquation(equation, "call") ? !isCostly(equation.params.program) : isCheap(equation),
    )
  );
}

/**
 * The equation for one element of the batch after the other: a loop whose turns are independent. So every element
 * takes its own number of turns and its own branches, and stays in registers.
 */
function lanes(
  { primitive, params, inputs: atoms }: Equation,
  inputs: readonly Batched[],
  size: number,
): Batched[] {
  const consts = inputs.filter(({ batched, empty }) => !batched && empty === null);
  const rows = inputs.filter(({ batched }) => batched);
  // A buffer that all have in common is copied by each.
  const shared = consts.map(({ value }) =>
    typeOf(value).buffer ? apply("bufferFreeze", [value], {})[0]! : value,
  );
  const types = [
    ...shared.map(typeOf),
    ...rows.map(({ value }) => arrayType(value.dtype, value.shape.slice(1))),
  ];
  const { program } = traceProgram(types, (...given) => {
    const lane = inputs.map((input, i): Tensor => {
      if (input.empty !== null) return apply("bufferNew", [], input.empty)[0]!;
      const value = input.batched
        ? given[consts.length + rows.indexOf(input)]!
        : given[consts.indexOf(input)]!;
      return atoms[i]!.buffer ? thaw(value) : value;
    });
    return apply(primitive, lane, params).map((x) =>
      typeOf(x).buffer ? apply("bufferFreeze", [x], {})[0]! : x,
    );
  });
  const loop: LoopParams = {
    body: program,
    cond: null,
    length: size,
    numConsts: consts.length,
    numCarry: 0,
    reverse: false,
    parallel: true,
    bound: size,
    host: false,
  };
  const results = apply("loop", [...shared, ...rows.map(({ value }) => value)], loop);
  return all(results, true);
}

/** A buffer with the elements of an array. */
function thaw(x: Tensor): Tensor {
  return apply("bufferNew", [x], { dtype: x.dtype, shape: x.shape, fill: null })[0]!;
}
