import type { ControlPrimitive, ParamsOf } from "../primitives.ts";
import { arrayType, sameType, showType, type Type } from "../Type.ts";

type Rule<P extends ControlPrimitive> = (
  inputs: readonly Type[],
  params: ParamsOf<P>,
  name: P,
) => readonly Type[];

/** Compares types one by one. */
function requireTypes(
  name: string,
  expected: readonly Type[],
  values: readonly Type[],
  what = "input",
): void {
  const length = Math.max(expected.length, values.length);
  for (let i = 0; i < length; i++) {
    const type = expected[i];
    const value = values[i];
    if (type !== undefined && value !== undefined && sameType(type, value)) continue;
    const [wanted, got] = [type, value].map((one) => (one ? showType(one) : "none"));
    throw new TypeError(`${name}: ${what} ${i}: expected ${wanted}, got ${got}`);
  }
}

/** Control flow, calls and buffers. */
export const controlShapes: { readonly [P in ControlPrimitive]: Rule<P> } = {
  cond([index, ...operands], { branches }, name) {
    const choice = arrayType(index!.dtype === "bool" ? "bool" : "int32", []);
    const [{ outputs }] = branches as readonly [(typeof branches)[number]];
    for (const branch of branches) {
      requireTypes(name, [choice, ...branch.inputs], [index!, ...operands]);
      requireTypes(name, outputs, branch.outputs, "output");
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
    requireTypes(name, carry, body.outputs.slice(0, numCarry), "output");
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
  assert(inputs, { message }, name) {
    const ok = arrayType("bool", []);
    const wanted = typeof message === "string" ? [ok] : [ok, arrayType("int32", [])];
    requireTypes(name, wanted, inputs);
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
