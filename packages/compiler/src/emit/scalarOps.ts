import {
  type Known,
  type Equation,
  isEquation,
  isFloat,
  isScalarConstant,
} from "@diffrax-ts/program";
import * as op from "../wasm/opcodes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import {
  convertsInLanes,
  emitBitcast,
  emitConvert,
  emitNarrowMask,
  emitWideMask,
} from "./conversions.ts";
import { fitsLanes, isNarrow } from "./FunctionEmitter.ts";
import { instruction, isShift } from "./instructions.ts";

/** Puts the result of an operation on scalars on the stack, or two results in lanes. */
export function emitOperation(block: BlockEmitter, equation: Equation): void {
  const { f, lanes } = block;
  const { inputs } = equation;
  const { dtype } = inputs[0]!;
  if (isEquation(equation, "select")) {
    block.push(inputs[1]!);
    block.push(inputs[2]!);
    block.push(inputs[0]!); // the condition comes last in WebAssembly
    if (isNarrow(inputs[1]!.dtype)) emitNarrowMask(f, lanes);
    return f.op(lanes === 1 ? op.select : op.v128_bitselect);
  }
  block.push(inputs[0]!);
  if (isEquation(equation, "convert")) return emitConvert(block, dtype, equation.params.dtype);
  if (isEquation(equation, "bitcast")) return emitBitcast(block, dtype, equation.params.dtype);
  let { primitive } = equation;
  if (lanes === 1 && !isFloat(dtype) && dtype !== "bool") {
    if (primitive === "neg") primitive = "mul";
    if (primitive === "not") primitive = "xor";
    if (primitive !== equation.primitive) f.integer(dtype, -1);
  }
  if (inputs.length === 2) {
    if (lanes !== 1 && isShift(primitive)) f.i32(Number((inputs[1] as Known).scalar));
    else block.push(inputs[1]!);
  }
  // What is a sign comes from the second operand: the rest, which the mask selects, from the first.
  if (lanes !== 1 && primitive === "copysign") {
    if (isNarrow(dtype)) block.pushNumber("int32", 0x7fffffff);
    else block.pushNumber("int64", 0x7fffffffffffffffn);
  }
  const code = instruction(primitive, dtype, lanes);
  if (code === 0) throw new Error(`no instruction for ${primitive} of ${dtype}`);
  f.op(code);
  if (isNarrow(dtype) && equation.outputs[0]!.dtype === "bool") emitWideMask(f, lanes);
}

/** Whether an operation on scalars can be done in so many lanes at once. */
export function isLaneOperation(equation: Equation, lanes: 2 | 4): boolean {
  const { primitive, inputs, outputs } = equation;
  const [{ dtype }, second] = inputs as [Equation["inputs"][number], Equation["inputs"][number]?];
  if (![...inputs, ...outputs].every((value) => fitsLanes(value.dtype, lanes))) return false;
  if (isEquation(equation, "convert")) return convertsInLanes(dtype, equation.params.dtype);
  if (isEquation(equation, "bitcast")) return isNarrow(dtype) === isNarrow(equation.params.dtype);
  if (isEquation(equation, "select")) return true;
  if (isShift(primitive)) return dtype !== "bool" && isScalarConstant(second);
  return instruction(primitive, dtype, lanes) !== 0;
}
