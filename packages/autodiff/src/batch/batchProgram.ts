import {
  apply,
  arrayType,
  type Atom,
  type ControlPrimitive,
  type Equation,
  isCheap,
  isControl,
  isElementwise,
  isEquation,
  isVariable,
  type ParamsOf,
  type Program,
  spliceProgram,
  type StructuralPrimitive,
  traceProgram,
  where,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { cachedIn, maskKey, type ProgramCache } from "../cachedIn.ts";
import { type Batched, batchedAlike, type BatchRules } from "./BatchRule.ts";
import { type BatchProgram, goesInStep, inStep } from "./inStep.ts";
import { lanes } from "./lanes.ts";
import { allBatched, repeat } from "./repeat.ts";
import { structuralRules } from "./structuralRules.ts";

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

function batchInto(program: Program, inputs: readonly Batched[], size: number): Batched[] {
  const values: Batched[] = Array.from({ length: program.numVariables });
  for (const [i, { id }] of program.inputs.entries()) values[id] = inputs[i]!;
  const read = (atom: Atom): Batched =>
    isVariable(atom) ? values[atom.id]! : { value: atom, batched: false, empty: null };
  for (const equation of program.equations) {
    const results = batchEquation(equation, equation.inputs.map(read), size);
    for (const [i, { id }] of equation.outputs.entries()) values[id] = results[i]!;
  }
  return program.outputs.map(read);
}

function batchEquation(equation: Equation, inputs: readonly Batched[], size: number): Batched[] {
  const { primitive, params } = equation;
  const values = inputs.map(({ value }) => value);
  const batched = inputs.map((input) => input.batched);
  if (!batched.includes(true)) {
    const outputs = batchedAlike(apply(primitive, values, params), false);
    if (isEquation(equation, "bufferNew") && inputs.length === 0)
      return [{ ...outputs[0]!, empty: equation.params }];
    return outputs;
  }
  if (isElementwise(primitive))
    return batchedAlike(apply(primitive, allBatched(values, batched, size), params), true);
  if (isControl(primitive))
    return controlRules[primitive as "call"](equation as Equation<"call">, inputs, size);
  structural ??= structuralRules();
  const rule = structural[primitive];
  const value = rule({ params: params as never, inputs: values, batched, size });
  return value === null ? lanes(equation, inputs, size) : batchedAlike([value], true);
}

let structural: BatchRules<StructuralPrimitive> | undefined;

type ControlRule<P extends ControlPrimitive> = (
  equation: Equation<P>,
  inputs: readonly Batched[],
  size: number,
) => Batched[];

const controlRules: { readonly [P in ControlPrimitive]: ControlRule<P> } = {
  cond: batchCond,
  loop: (equation, inputs, size) =>
    goesInStep(equation, size, inputs)
      ? inStep(equation, inputs, size, makeBatch)
      : lanes(equation, inputs, size),
  call: ({ params }, inputs, size) => {
    const batch = batchProgram(params.program, maskOf(inputs), size);
    const outputs = apply("call", valuesOf(inputs), { ...params, program: batch.program });
    return outputs.map((value, i) => ({ value, batched: batch.outMask[i]!, empty: null }));
  },
  derived: (equation, inputs, size) => {
    const { batch } = equation.params;
    if (batch === undefined) return lanes(equation, inputs, size);
    const everything = (program: Program, mask: readonly boolean[]): Program =>
      makeBatch(
        program,
        mask,
        size,
        program.outputs.map(() => true),
      ).program;
    return batchedAlike(batch(valuesOf(inputs), maskOf(inputs), everything), true);
  },
  hostCallback: lanes,
  assert: ({ params }, inputs, size) => {
    // Of an empty batch nothing is asserted.
    if (size > 0) assertOfAll(params, inputs, size);
    return [];
  },
  // A buffer of a batch is an array already.
  bufferNew: (_, inputs) => batchedAlike(valuesOf(inputs), true),
  bufferWrite: lanes,
  bufferFreeze: (_, inputs) => batchedAlike(valuesOf(inputs), true),
};

/** Asserts of all elements what a program asserts of one. */
export function assertOfAll(
  params: ParamsOf<"assert">,
  [ok, which]: readonly Batched[],
  size: number,
): void {
  const operands = [ofAll("reduceMin", ok!)];
  if (which !== undefined) operands.push(ofAll("reduceMax", whereFailed(ok!, which, size)));
  apply("assert", operands, params);
}

function ofAll(primitive: "reduceMin" | "reduceMax", { value, batched }: Batched): Tensor {
  return batched ? apply(primitive, [value], { axes: [0] })[0]! : value;
}

/** Which message tells why an element failed; 0 for the others. */
function whereFailed(ok: Batched, which: Batched, size: number): Batched {
  if (!ok.batched) return which;
  const numbers = which.batched ? which.value : repeat(which.value, size);
  return batchedAlike([where(ok.value, 0, numbers)], true)[0]!;
}

function valuesOf(inputs: readonly Batched[]): Tensor[] {
  return inputs.map(({ value }) => value);
}

function maskOf(inputs: readonly Batched[]): boolean[] {
  return inputs.map(({ batched }) => batched);
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
  return batchedAlike(
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
