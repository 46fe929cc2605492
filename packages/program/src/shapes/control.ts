import type { Program } from "../Program.ts";
import { arrayType, sameList, sameType, showType, type Type } from "../Type.ts";
import type { ShapeRules } from "./ShapeRule.ts";

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

function requireInputs(name: string, expected: readonly Type[], inputs: readonly Type[]): void {
  if (expected.length !== inputs.length) {
    throw new TypeError(`${name}: expected ${expected.length} inputs, got ${inputs.length}`);
  }
  for (const [i, type] of expected.entries()) {
    if (!sameType(type, inputs[i]!)) {
      throw new TypeError(
        `${name}: input ${i}: expected ${showType(type)}, got ${showType(inputs[i]!)}`,
      );
    }
  }
}

const outputTypes = (program: Program): readonly Type[] => program.outputs;

/** Control flow, calls and buffers. */
export function controlShapes(): ShapeRules<Control> {
  return {
    cond: ([index, ...operands], { branches }) => {
      const isIndex = index!.dtype === "bool" || index!.dtype === "int32";
      if (!isIndex || index!.shape.length > 0) {
        throw new TypeError(`cond: expected a scalar condition, got ${showType(index!)}`);
      }
      for (const branch of branches) requireInputs("cond", branch.inputs, operands);
      const outputs = outputTypes(branches[0]!);
      for (const branch of branches) {
        for (const [i, type] of outputs.entries()) {
          const other = branch.outputs[i];
          if (other === undefined || !sameType(type, other)) {
            throw new TypeError(
              `cond: the branches differ at output ${i}: ${showType(type)} and ${other === undefined ? "none" : showType(other)}`,
            );
          }
        }
      }
      return outputs;
    },
    loop: (inputs, { body, cond, length, numConsts, numCarry }) => {
      const carry = inputs.slice(numConsts, numConsts + numCarry);
      const rows = inputs.slice(numConsts + numCarry);
      const slices = rows.map(({ dtype, shape }) => arrayType(dtype, shape.slice(1)));
      requireInputs("loop", body.inputs, [...inputs.slice(0, numConsts + numCarry), ...slices]);
      if (cond !== null) requireInputs("loop", cond.inputs, inputs.slice(0, numConsts + numCarry));
      for (const [i, type] of carry.entries()) {
        if (!sameType(type, body.outputs[i]!)) {
          throw new TypeError(
            `loop: value ${i} enters as ${showType(type)} and comes back as ${showType(body.outputs[i]!)}`,
          );
        }
      }
      const stacked = body.outputs
        .slice(numCarry)
        .map(({ dtype, shape }) => arrayType(dtype, [length!, ...shape]));
      return [...carry, ...stacked];
    },
    call: (inputs, { program, name }) => {
      requireInputs(name, program.inputs, inputs);
      return outputTypes(program);
    },
    derived: (_, { outputs }) => outputs,
    hostCallback: (_, { outputs }) => outputs,
    assert: ([ok]) => {
      if (ok!.dtype !== "bool" || ok!.shape.length > 0) {
        throw new TypeError(`assert: expected a scalar truth value, got ${showType(ok!)}`);
      }
      return [];
    },
    bufferNew: (inputs, { dtype, shape }) => {
      if (inputs.length > 0) requireInputs("bufferNew", [arrayType(dtype, shape)], inputs);
      return [{ dtype, shape, buffer: true }];
    },
    bufferWrite: ([buffer, index, value, pred]) => {
      if (!buffer!.buffer)
        throw new TypeError(`bufferWrite: expected a buffer, got ${showType(buffer!)}`);
      if (index!.dtype !== "int32" || index!.shape.length > 0) {
        throw new TypeError(`bufferWrite: expected a scalar int32 index, got ${showType(index!)}`);
      }
      if (pred!.dtype !== "bool" || pred!.shape.length > 0) {
        throw new TypeError(`bufferWrite: expected a scalar condition, got ${showType(pred!)}`);
      }
      if (value!.dtype !== buffer!.dtype || !sameList(value!.shape, buffer!.shape.slice(1))) {
        throw new TypeError(`bufferWrite: ${showType(value!)} is no row of a ${showType(buffer!)}`);
      }
      return [buffer!];
    },
    bufferFreeze: ([buffer]) => [arrayType(buffer!.dtype, buffer!.shape)],
  };
}
