import type { ControlPrimitive, ParamsOf } from "../primitives.ts";
import { arrayType, sameType, showType, type Type } from "../Type.ts";

type Rule<P extends ControlPrimitive> = (
  inputs: readonly Type[],
  params: ParamsOf<P>,
  name: P,
) => readonly Type[];

/** Compares types one by one; `say` says where two of them differ. */
function requireTypes(
  name: string,
  expected: readonly Type[],
  values: readonly Type[],
  say = sayInput,
): void {
  for (let i = 0; i < Math.max(expected.length, values.length); i++) {
    const [type, value] = [expected[i], values[i]];
    if (type !== undefined && value !== undefined && sameType(type, value)) continue;
    throw new TypeError(
      `${name}: ${say(i, type ? showType(type) : "none", value ? showType(value) : "none")}`,
    );
  }
}

function sayInput(i: number, wanted: string, got: string): string {
  return `input ${i}: expected ${wanted}, got ${got}`;
}

function sayBranches(i: number, one: string, other: string): string {
  return `the branches differ at output ${i}: ${one} and ${other}`;
}

function sayCarry(i: number, before: string, after: string): string {
  return `value ${i} enters as ${before} and comes back as ${after}`;
}

/** Control flow, calls and buffers. */
export const controlShapes: { readonly [P in ControlPrimitive]: Rule<P> } = {
  cond([index, ...operands], { branches }, name) {
    const choice = arrayType(index!.dtype === "bool" ? "bool" : "int32", []);
    const [{ outputs }] = branches as unknown as readonly [(typeof branches)[number]];
    for (const branch of branches) {
      requireTypes(name, [choice, ...branch.inputs], [index!, ...operands]);
      requireTypes(name, outputs, branch.outputs, sayBranches);
    }
    return outputs;
  },
  loop(inputs, { body, cond, length, numConsts, numCarry }, name) {
    const whole = inputs.slice(0, numConsts + numCarry);
    const rows = inputs.slice(whole.length);
    const carry = whole.slice(numConsts);
    requireTypes(name, body.inputs, [
      ...whole,
      ...rows.map(({ dtype, shape }) => arrayType(dtype, shape.slice(1))),
    ]);
    if (cond !== null) requireTypes(name, cond.inputs, whole);
    requireTypes(name, carry, body.outputs.slice(0, numCarry), sayCarry);
    const stacked = body.outputs
      .slice(numCarry)
      .map(({ dtype, shape }) => arrayType(dtype, [length!, ...shape]));
    return [...carry, ...stacked];
  },
  call(inputs, { program, name }) {
    requireTypes(name, program.inputs, inputs);
    return program.outputs;
  },
  derived: outputsOf,
  hostCallback: outputsOf,
  assert([ok], _, name) {
    requireTypes(name, [arrayType("bool", [])], [ok!]);
    return [];
  },
  bufferNew(inputs, { dtype, shape }, name) {
    if (inputs.length > 0) requireTypes(name, [arrayType(dtype, shape)], inputs);
    return [{ dtype, shape, buffer: true }];
  },
  bufferWrite([buffer, index, value, pred], _, name) {
    const { dtype, shape } = buffer!;
    requireTypes(
      name,
      [
        { dtype, shape, buffer: true },
        arrayType("int32", []),
        arrayType(dtype, shape.slice(1)),
        arrayType("bool", []),
      ],
      [buffer!, index!, value!, pred!],
    );
    return [buffer!];
  },
  bufferFreeze([buffer]) {
    return [arrayType(buffer!.dtype, buffer!.shape)];
  },
};

/** Whether a primitive runs programs, calls functions, or belongs to buffers: what constants are not folded through. */
export function isControl(primitive: string): primitive is ControlPrimitive {
  return primitive in controlShapes;
}

function outputsOf(
  _: readonly Type[],
  { outputs }: { readonly outputs: readonly Type[] },
): readonly Type[] {
  return outputs;
}
