import { type ArrayValue, zeroValue } from "../ArrayValue.ts";
import type { ParamsOf } from "../primitives.ts";
import { sizeOf } from "../Type.ts";
import type { Program } from "../Program.ts";
import { convertTo } from "./elementwise.ts";
import type { EvaluateRules } from "./EvaluateRule.ts";

type Control =
  | "cond"
  | "loop"
  | "call"
  | "derived"
  | "hostCallback"
  | "assert"
  | "bufferNew"
  | "bufferWrite"
  | "bufferFreeze";

/** Runs a program on arrays. */
export type RunProgram = (program: Program, inputs: readonly ArrayValue[]) => readonly ArrayValue[];

function row({ dtype, shape, data }: ArrayValue, i: number): ArrayValue {
  const rest = shape.slice(1);
  const size = sizeOf(rest);
  return { dtype, shape: rest, data: data.slice(i * size, (i + 1) * size) };
}

function writeRow(target: ArrayValue, i: number, { data }: ArrayValue): void {
  for (let j = 0; j < data.length; j++) target.data[i * data.length + j] = data[j]!;
}

function loop(
  run: RunProgram,
  inputs: readonly ArrayValue[],
  params: ParamsOf<"loop">,
): readonly ArrayValue[] {
  const { body, cond, length, numConsts, numCarry, reverse } = params;
  const consts = inputs.slice(0, numConsts);
  const rows = inputs.slice(numConsts + numCarry);
  let carry = inputs.slice(numConsts, numConsts + numCarry);
  const stacked = body.outputs
    .slice(numCarry)
    .map(({ dtype, shape }) => zeroValue(dtype, [length ?? 0, ...shape]));
  const isOver = (turn: number): boolean => length !== null && turn >= length;
  for (let turn = 0; !isOver(turn); turn++) {
    if (cond !== null && run(cond, [...consts, ...carry])[0]!.data[0] === 0) break;
    const i = reverse ? length! - 1 - turn : turn;
    const outputs = run(body, [...consts, ...carry, ...rows.map((x) => row(x, i))]);
    carry = outputs.slice(0, numCarry);
    for (const [j, target] of stacked.entries()) writeRow(target, i, outputs[numCarry + j]!);
  }
  return [...carry, ...stacked];
}

function hostCallback(
  inputs: readonly ArrayValue[],
  { outputs, call }: ParamsOf<"hostCallback">,
): readonly ArrayValue[] {
  const numbers = inputs.flatMap(({ data }) => Array.from(data, Number));
  const results = outputs.map(({ dtype, shape }) => zeroValue(dtype, shape));
  const f64 = new Float64Array(
    results.reduce((sum, { data }) => sum + data.length, numbers.length),
  );
  f64.set(numbers);
  call({ f64 }, 0, numbers.length);
  let place = numbers.length;
  for (const { dtype, data } of results) {
    const convert = convertTo(dtype, "float64") as (x: number) => number;
    for (let i = 0; i < data.length; i++) data[i] = convert(f64[place++]!);
  }
  return results;
}

/** Control flow, calls and buffers. */
export function controlEvaluators(run: RunProgram): EvaluateRules<Control> {
  return {
    cond: ([index, ...operands], { branches }) => {
      const chosen = Math.min(Math.max(Number(index!.data[0]), 0), branches.length - 1);
      return run(branches[chosen]!, operands);
    },
    loop: (inputs, params) => loop(run, inputs, params),
    call: (inputs, { program }) => run(program, inputs),
    derived: (inputs, { expand }) => run(expand(), inputs),
    hostCallback,
    assert: ([ok], { message }) => {
      if (ok!.data[0] === 0) throw new RangeError(message);
      return [];
    },
    bufferNew: ([array], { dtype, shape, fill }) => {
      if (array !== undefined) return [{ ...array, data: array.data.slice() }];
      const result = zeroValue(dtype, shape);
      const x = dtype === "int64" ? BigInt(fill ?? 0) : (fill ?? 0);
      for (let i = 0; i < result.data.length; i++) result.data[i] = x;
      return [result];
    },
    // A buffer has one owner, so it may be written where it stands.
    bufferWrite: ([buffer, index, value, pred]) => {
      const i = Number(index!.data[0]);
      if (pred!.data[0] !== 0 && i >= 0 && i < buffer!.shape[0]!) writeRow(buffer!, i, value!);
      return [buffer!];
    },
    bufferFreeze: ([buffer]) => [buffer!],
  };
}
