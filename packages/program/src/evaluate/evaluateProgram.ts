import { type ArrayValue, valueOf, zeroValue } from "../ArrayValue.ts";
import type { ControlPrimitive, ParamsOf } from "../primitives.ts";
import { type Atom, isVariable } from "../Atom.ts";
import { type Program } from "../Program.ts";
import { isControl } from "../shapes/control.ts";
import { sizeOf, type Type } from "../Type.ts";
import { convertTo } from "./elementwise.ts";
import { evaluatePrimitive } from "./evaluatePrimitive.ts";

/** What an assertion says that failed; the last of its messages for a number that has none. */
export function failureOf(message: string | readonly string[], which: number): string {
  return typeof message === "string" ? message : (message[which] ?? message.at(-1)!);
}

/**
 * Runs a program in plain JavaScript, equation by equation: the reference that compiled code is compared with.
 *
 * @param inputs - One array for each input of the program, of its type.
 */
export function evaluateProgram(
  program: Program,
  inputs: readonly ArrayValue[],
): readonly ArrayValue[] {
  const values: ArrayValue[] = Array.from({ length: program.numVariables });
  for (const [i, { id }] of program.inputs.entries()) values[id] = inputs[i]!;
  const read = (atom: Atom): ArrayValue => (isVariable(atom) ? values[atom.id]! : valueOf(atom));
  for (const { primitive, inputs: operands, params, outputs } of program.equations) {
    const arrays = operands.map(read);
    const results = isControl(primitive)
      ? controlEvaluators[primitive](arrays, params as never)
      : [evaluatePrimitive(primitive, arrays, params)];
    for (const [i, { id }] of outputs.entries()) values[id] = results[i]!;
  }
  return program.outputs.map(read);
}

function row({ dtype, shape, data }: ArrayValue, i: number): ArrayValue {
  const rest = shape.slice(1);
  const size = sizeOf(rest);
  return { dtype, shape: rest, data: data.slice(i * size, (i + 1) * size) };
}

function writeRow({ data: rows }: ArrayValue, i: number, { data }: ArrayValue): void {
  for (let j = 0; j < data.length; j++) rows[i * data.length + j] = data[j]!;
}

function zerosOf({ dtype, shape }: Type): ArrayValue {
  return zeroValue(dtype, shape);
}

type Rule<P extends ControlPrimitive> = (
  inputs: readonly ArrayValue[],
  params: ParamsOf<P>,
) => readonly ArrayValue[];

const controlEvaluators: { readonly [P in ControlPrimitive]: Rule<P> } = {
  cond([index, ...operands], { branches }) {
    const chosen = Math.min(Math.max(Number(index!.data[0]), 0), branches.length - 1);
    return evaluateProgram(branches[chosen]!, operands);
  },
  loop(inputs, { body, cond, length, numConsts, numCarry, reverse }) {
    const consts = inputs.slice(0, numConsts);
    const rows = inputs.slice(numConsts + numCarry);
    let carry = inputs.slice(numConsts, numConsts + numCarry);
    const stacked = body.outputs
      .slice(numCarry)
      .map(({ dtype, shape }) => zeroValue(dtype, [length ?? 0, ...shape]));
    const turns = length ?? Infinity;
    for (let turn = 0; turn < turns; turn++) {
      if (cond !== null && evaluateProgram(cond, [...consts, ...carry])[0]!.data[0] === 0) break;
      const i = reverse ? turns - 1 - turn : turn;
      const outputs = evaluateProgram(body, [...consts, ...carry, ...rows.map((x) => row(x, i))]);
      carry = outputs.slice(0, numCarry);
      for (const [j, target] of stacked.entries()) writeRow(target, i, outputs[numCarry + j]!);
    }
    return [...carry, ...stacked];
  },
  call(inputs, { program }) {
    return evaluateProgram(program, inputs);
  },
  derived(inputs, { expand }) {
    return evaluateProgram(expand(), inputs);
  },
  hostCallback(inputs, { outputs, call }) {
    const numbers = inputs.flatMap(({ data }) => Array.from(data, Number));
    const results = outputs.map(zerosOf);
    let place = numbers.length;
    const f64 = Float64Array.from([
      ...numbers,
      ...results.flatMap(({ data }) => Array.from(data, Number)),
    ]);
    call({ f64 }, 0, place);
    for (const { dtype, data } of results) {
      const convert = convertTo(dtype, "float64") as (x: number) => number;
      for (let i = 0; i < data.length; i++) data[i] = convert(f64[place++]!);
    }
    return results;
  },
  assert([ok, which], { message }) {
    if (ok!.data[0] === 0) throw new RangeError(failureOf(message, Number(which?.data[0])));
    return [];
  },
  bufferNew([array], { dtype, shape, fill }) {
    const { data } = array ?? zeroValue(dtype, shape);
    const copy = data.slice();
    if (array === undefined)
      copy.fill((dtype === "int64" ? BigInt(fill ?? 0) : (fill ?? 0)) as never);
    return [{ dtype, shape, data: copy }];
  },
  // A buffer has one owner, so it may be written where it stands.
  bufferWrite([buffer, index, value, pred]) {
    const i = Number(index!.data[0]);
    if (pred!.data[0] !== 0 && i >= 0 && i < buffer!.shape[0]!) writeRow(buffer!, i, value!);
    return [buffer!];
  },
  bufferFreeze(inputs) {
    return inputs;
  },
};
