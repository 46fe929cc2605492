import {
  apply,
  arrayType,
  astype,
  type Equation,
  isElementwise,
  isEquation,
  less,
  type LoopParams,
  type Primitive,
  type Program,
  reshape,
  scalarTensor,
  sizeOf,
  spliceProgram,
  traceProgram,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { typeOf } from "../zeros.ts";
import { type Batched, batchedAlike } from "./BatchRule.ts";
import { lanes } from "./lanes.ts";
import { repeat } from "./repeat.ts";

/** So many elements go in step at once, so that what they carry and compute stays in the nearest cache; of vectors that are multiplied by matrices, more. */
const mostAtOnce = 128;
const mostVectors = 512;
/** With more numbers than this in the state of an element one element after the other is as fast. */
const mostCarried = 16;
/** The same where vectors are multiplied by matrices, of all numbers that an element has of its own: matrices of its own are none of these. */
const mostMultiplied = 256;
/** A batch that is not longer takes as long as its elements one by one. */
const fewest = 8;

/** A program for a batch. */
export interface BatchProgram {
  /** Batched inputs and outputs have the batch as their first axis. */
  readonly program: Program;
  /** Which outputs are batched; the others are the same for all. */
  readonly outMask: readonly boolean[];
}

/** Makes programs for batches: handed in, as their makers need the loops of batches themselves. */
export type MakeBatch = (
  program: Program,
  mask: readonly boolean[],
  size: number,
  force: readonly boolean[],
) => BatchProgram;

/** Whether a loop for a batch is best run for all elements in step. */
export function goesInStep(
  { params, outputs }: Equation<"loop">,
  size: number,
  inputs: readonly Batched[] = [],
): boolean {
  const isMultiplied = hasProducts(params.body);
  const own = inputs.filter(({ batched }) => batched).map(({ value }) => value.size / size);
  const carried = outputs.filter(({ buffer }) => !buffer).map(({ shape }) => sizeOf(shape));
  return (
    (params.inStep === true || (params.inStep === "lanes" && isMultiplied)) &&
    !params.host &&
    size >= fewest &&
    outputs.length === params.numCarry &&
    total(carried) <= (isMultiplied ? mostMultiplied : mostCarried) &&
    (!isMultiplied || total(own) <= 2 * mostMultiplied) &&
    outputs.every(({ buffer }, i) => !buffer || isIdle(params, i)) &&
    worksInArrays(params.body)
  );
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, x) => sum + x, 0);
}

/** Whether vectors are multiplied by matrices: vectors of a batch are a matrix too, whose product takes a fraction of the time. */
function hasProducts({ equations }: Program): boolean {
  return equations.some(
    (equation) =>
      isEquation(equation, "dotGeneral") ||
      (isEquation(equation, "call") && hasProducts(equation.params.program)),
  );
}

/** Whether every equation of a program does all elements of a batch at once. */
function worksInArrays({ equations }: Program): boolean {
  return equations.every((equation) => {
    if (isEquation(equation, "call")) return worksInArrays(equation.params.program);
    if (isEquation(equation, "loop"))
      return goesInStep(equation, fewest) && equation.params.length !== null;
    return isElementwise(equation.primitive) || inArrays.has(equation.primitive);
  });
}

/** What beside operations on elements does so; `derived` for the sake of times, which are most often the same for all. */
const inArrays: ReadonlySet<Primitive> = /* @__PURE__ */ new Set<Primitive>([
  "assert",
  "broadcast",
  "concatenate",
  "derived",
  "dotGeneral",
  "iota",
  "pack",
  "reduceMax",
  "reduceMin",
  "reduceProd",
  "reduceSum",
  "reshape",
  "reverse",
  "slice",
  "transpose",
]);

/** Whether no turn does anything with what is carried at a place, as with a buffer that is written after the loop. */
function isIdle({ body, cond, numConsts }: LoopParams, i: number): boolean {
  const input = body.inputs[numConsts + i]!;
  const inCond = cond?.inputs[numConsts + i];
  return (
    body.outputs[i] === input &&
    body.outputs.filter((output) => output === input).length === 1 &&
    !body.equations.some(({ inputs }) => inputs.includes(input)) &&
    !cond?.equations.some(({ inputs }) => inputs.includes(inCond!))
  );
}

/** A loop without the buffers that it carries and does nothing with. */
function withoutBuffers(params: LoopParams): LoopParams {
  const { body, cond, numConsts } = params;
  const of = <P extends Program>(program: P): P => ({
    ...program,
    inputs: program.inputs.filter(({ buffer }) => !buffer),
  });
  const outputs = body.outputs.filter(({ buffer }) => !buffer);
  return {
    ...params,
    body: { ...of(body), outputs },
    cond: cond && of(cond),
    numConsts: body.inputs.slice(0, numConsts).filter(({ buffer }) => !buffer).length,
    numCarry: outputs.length,
  };
}

/**
 * A loop whose elements are expected to make equally many turns: some elements at a time make a turn together, in lanes, while all of
 * them go on. What is left to some of them then, they do one after the other. What is the same for all stays one value.
 */
export function inStep(
  equation: Equation<"loop">,
  inputs: readonly Batched[],
  size: number,
  makeBatch: MakeBatch,
): Batched[] {
  const most = hasProducts(equation.params.body) ? mostVectors : mostAtOnce;
  const atOnce = Math.min(most, size);
  const count = Math.ceil(size / atOnce);
  if (count === 1) return together(equation, inputs, size, makeBatch);
  const rows = inputs.filter(({ batched }) => batched);
  const shared = inputs.filter(({ batched }) => !batched);
  const portion = ({ value }: Batched): Tensor =>
    reshape(padded(value, count * atOnce), [count, atOnce, ...value.shape.slice(1)]);
  const types = [
    ...shared.map(({ value }) => typeOf(value)),
    ...rows.map(({ value }) => arrayType(value.dtype, [atOnce, ...value.shape.slice(1)])),
  ];
  const { program } = traceProgram(types, (...given) => {
    const own = inputs.map((input): Batched => {
      const value = input.batched
        ? given[shared.length + rows.indexOf(input)]!
        : given[shared.indexOf(input)]!;
      return { value, batched: input.batched, empty: null };
    });
    return together(equation, own, atOnce, makeBatch).map(({ value, batched }) =>
      batched ? value : repeat(value, atOnce),
    );
  });
  const loop: LoopParams = {
    body: program,
    cond: null,
    length: count,
    numConsts: shared.length,
    numCarry: 0,
    reverse: false,
    parallel: true,
    bound: count,
    host: false,
  };
  const results = apply(
    "loop",
    [...shared.map(({ value }) => value), ...rows.map(portion)],
    loop,
  ).map((x) => firstOf(reshape(x, [count * atOnce, ...x.shape.slice(2)]), size));
  return batchedAlike(results, true);
}

/** So many elements in step, and then what is left of each. */
function together(
  equation: Equation<"loop">,
  inputs: readonly Batched[],
  size: number,
  makeBatch: MakeBatch,
): Batched[] {
  const isBuffer = equation.inputs.map(({ buffer }) => buffer);
  const params = withoutBuffers(equation.params);
  const { body, cond, numConsts, numCarry } = params;
  const own = inputs.filter((_, i) => !isBuffer[i]);
  const consts = own.slice(0, numConsts);
  const start = own.slice(numConsts, numConsts + numCarry);
  const rest = own.slice(numConsts + numCarry);
  const mask = (carry: readonly boolean[]): boolean[] => [
    ...consts.map(({ batched }) => batched),
    ...carry,
    ...rest.map(({ batched }) => batched),
  ];
  // What differs from element to element after a turn, does so before the next one.
  let carry = start.map(({ batched }) => batched);
  for (;;) {
    const { outMask } = makeBatch(body, mask(carry), size, carry);
    if (outMask.every((batched, i) => batched === carry[i])) break;
    carry = [...outMask];
  }
  const turn = makeBatch(body, mask(carry), size, carry).program;
  const initial = start.map(({ value, batched }, i) =>
    carry[i] && !batched ? repeat(value, size) : value,
  );
  const reached = apply(
    "loop",
    [...consts.map(({ value }) => value), ...initial, ...slicesOf(rest)],
    { ...params, body: turn, cond: cond && whileAll(cond, mask(carry), size, makeBatch) },
  );
  let next = 0;
  const end = inputs.map((input, i): Batched => {
    const isCarried = i >= equation.params.numConsts && !isBuffer[i];
    if (!isCarried || next === numCarry) return input;
    return { value: reached[next]!, batched: carry[next++]!, empty: null };
  });
  if (cond !== null) return lanes(equation, end, size);
  const first = equation.params.numConsts;
  return end.slice(first, first + equation.params.numCarry);
}

/** Rows of the batch for each turn: turns come first. */
function slicesOf(rest: readonly Batched[]): Tensor[] {
  return rest.map(({ value, batched }) => {
    if (!batched) return value;
    const permutation = [1, 0, ...value.shape.slice(2).map((_, i) => i + 2)];
    return apply("transpose", [value], { permutation })[0]!;
  });
}

/** Whether all elements go on. */
function whileAll(
  cond: Program,
  mask: readonly boolean[],
  size: number,
  makeBatch: MakeBatch,
): Program {
  const { program, outMask } = makeBatch(cond, mask.slice(0, cond.inputs.length), size, [false]);
  if (!outMask[0]!) return program;
  return traceProgram(program.inputs, (...given) => {
    const [go] = spliceProgram(program, given);
    const [least] = apply("reduceMin", [astype(go!, "int32")], { axes: [0] });
    return [less(scalarTensor("int32", 0), least!)];
  }).program;
}

/** A batch made longer with what it begins with: the elements of a whole number of portions. */
function padded(x: Tensor, length: number): Tensor {
  const size = x.shape[0]!;
  return size === length
    ? x
    : apply("concatenate", [x, firstOf(x, length - size)], { axis: 0 })[0]!;
}

function firstOf(x: Tensor, length: number): Tensor {
  if (x.shape[0] === length) return x;
  const start = x.shape.map(() => 0);
  const limit = [length, ...x.shape.slice(1)];
  return apply("slice", [x], { start, limit, step: x.shape.map(() => 1) })[0]!;
}
