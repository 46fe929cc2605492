import {
  type Atom,
  type Known,
  type Equation,
  isConcrete,
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
  const { f, lanes, module } = block;
  const { inputs } = equation;
  let { primitive } = equation;
  const { dtype } = inputs[0]!;
  if (primitive === "select") {
    const choice = lanes === 1 ? null : smallerOrLarger(block, equation as Equation<"select">);
    if (choice !== null) return emitChoice(block, choice);
    block.push(inputs[1]!);
    block.push(inputs[2]!);
    block.push(inputs[0]!); // the condition comes last in WebAssembly
    if (isNarrow(inputs[1]!.dtype)) emitNarrowMask(f, lanes);
    return f.op(lanes === 1 ? op.select : op.v128_bitselect);
  }
  if (lanes !== 1 && module.fused?.(block, equation) === true) return;
  block.push(inputs[0]!);
  if (primitive === "convert" || primitive === "bitcast") {
    const { dtype: to } = (equation as Equation<"convert" | "bitcast">).params;
    return primitive === "convert" ? emitConvert(block, dtype, to) : emitBitcast(block, dtype, to);
  }
  if (
    (primitive === "neg" || primitive === "not") &&
    lanes === 1 &&
    !isFloat(dtype) &&
    dtype !== "bool"
  ) {
    primitive = primitive === "neg" ? "mul" : "xor";
    f.integer(dtype, -1);
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
  if (equation.outputs[0]!.dtype === "bool" && isNarrow(dtype)) emitWideMask(f, lanes);
}

/** `b < a ? b : a` or `a < b ? b : a`, with the zeros and the NaN of just that. */
interface Choice {
  readonly code: number;
  readonly a: Atom;
  readonly b: Atom;
}

/** What a vector chooses between by comparing it: one instruction, where a choice by a mask takes four on x64. */
function smallerOrLarger(
  { plan, lanes }: BlockEmitter,
  { inputs: [condition, x, y] }: Equation<"select">,
): Choice | null {
  const compared = isConcrete(condition!) ? undefined : plan.definitions[condition!.id];
  if (compared === undefined || !isEquation(compared, "lt")) return null;
  const [p, q] = compared.inputs as [Atom, Atom];
  const { dtype } = p;
  if (!isFloat(dtype) || isNarrow(dtype) !== (lanes === 4)) return null;
  if (isSame(x!, p) && isSame(y!, q))
    return { code: isNarrow(dtype) ? op.f32x4_pmin : op.f64x2_pmin, a: q, b: p };
  if (isSame(x!, q) && isSame(y!, p))
    return { code: isNarrow(dtype) ? op.f32x4_pmax : op.f64x2_pmax, a: p, b: q };
  return null;
}

function isSame(x: Atom, y: Atom): boolean {
  if (!isConcrete(x)) return !isConcrete(y) && x.id === y.id;
  return isScalarConstant(x) && isScalarConstant(y) && Object.is(x.scalar, y.scalar);
}

function emitChoice(block: BlockEmitter, { code, a, b }: Choice): void {
  block.push(a);
  block.push(b);
  block.f.op(code);
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
