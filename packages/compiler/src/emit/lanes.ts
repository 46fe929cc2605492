// Programs of scalars for several elements at once.
import { type Equation, isEquation, type Program } from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import { hasSimd } from "../wasm/features.ts";
import * as op from "../wasm/opcodes.ts";
import { v128 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { emitNarrowMask } from "./conversions.ts";
import { fitsLanes, type FunctionEmitter, isNarrow, valueTypes } from "./FunctionEmitter.ts";
import { inHalves, isInHalves } from "./halves.ts";
import { localAt } from "./Place.ts";
import { isLaneOperation } from "./scalarOps.ts";

/**
 * Whether a program of scalars can be run for so many elements at once, on this engine. Its branches may be run one by one, in every lane; what
 * it calls is run for two elements and then for two others.
 */
export function worksInLanes({ equations }: Program, lanes: 2 | 4): boolean {
  if (!hasSimd()) return false;
  return equations.every((equation) => {
    const { inputs, outputs } = equation;
    if (isEquation(equation, "cond")) {
      const isFit = [...inputs, ...outputs].every(({ dtype }) => fitsLanes(dtype, lanes));
      return isFit && inputs[0]!.dtype === "bool";
    }
    if (isEquation(equation, "call"))
      return lanes === 4 && isInHalves(equation) && worksInLanes(equation.params.program, 2);
    return isLaneOperation(equation, lanes);
  });
}

/** A program for four elements at once; `null` if there is none. */
export function inFours(program: Program): Program | null {
  return inHalves(program, (branch) => worksInLanes(branch, 4));
}

/** A second side with so many equations or fewer is run for all lanes, which takes less time than to ask whether some lane wants it. */
const smallSide = 24;

/**
 * A branch in lanes: the first side is run if some lane wants it, the second, by which elementary functions go fast, also
 * where it is short. A side that does not work in lanes is run for one lane after the other.
 */
export function emitCondLanes(
  block: BlockEmitter,
  { inputs: [pred, ...operands], params: { branches }, outputs }: Equation<"cond">,
): void {
  const { f } = block;
  const lanes = block.lanes as 2 | 4;
  const keep = (atom: Equation["inputs"][number]): number => {
    block.push(atom);
    return f.keep(v128);
  };
  const onTrue = keep(pred!);
  f.get(onTrue);
  f.op(op.v128_not);
  const onFalse = f.keep(v128);
  const locals = operands.map(keep);
  const results = outputs.map(() => f.newLocal(v128));
  /** Runs a side, and gives what it puts on the stack to `take`. */
  const side = (branch: Program, take: (output: number) => void): void => {
    const all = lanes === 4 ? inFours(branch) : branch;
    if (all === null || !worksInLanes(all, lanes)) return emitEachLane(block, branch, locals, take);
    const places = locals.map((local, i) => localAt(local, operands[i]!.dtype));
    const write = (inside: BlockEmitter): void => {
      for (const [i, output] of all.outputs.entries()) {
        inside.push(output);
        take(i);
      }
    };
    block.inner(all, places, write, true, lanes);
  };
  /** Runs a side if some lane wants it, and puts its results into these lanes. */
  const sideFor = (mask: number, branch: Program): void => {
    f.get(mask);
    f.op(op.v128_any_true);
    f.block(op.ifBlock, () =>
      side(branch, (i) => {
        f.get(results[i]!);
        f.get(mask);
        if (isNarrow(outputs[i]!.dtype)) emitNarrowMask(f, lanes);
        f.op(op.v128_bitselect);
        f.set(results[i]!);
      }),
    );
  };
  const [ifFalse, ifTrue] = branches as readonly [Program, Program];
  if (ifTrue.equations.length <= smallSide && worksInLanes(ifTrue, lanes))
    side(ifTrue, (i) => f.set(results[i]!));
  else sideFor(onTrue, ifTrue);
  sideFor(onFalse, ifFalse);
  for (const local of [onTrue, onFalse, ...locals]) f.freeLocal(local);
  for (const [i, output] of outputs.entries())
    block.own(output, localAt(results[i]!, output.dtype));
}

/** How a lane is read and written, by the dtype; a truth value as a number of its width. */
const laneInstructions: Readonly<Record<Exclude<DType, "bool">, readonly [number, number]>> = {
  float64: [op.f64x2_extract_lane, op.f64x2_replace_lane],
  float32: [op.f32x4_extract_lane, op.f32x4_replace_lane],
  int64: [op.i64x2_extract_lane, op.i64x2_replace_lane],
  int32: [op.i32x4_extract_lane, op.i32x4_replace_lane],
  uint32: [op.i32x4_extract_lane, op.i32x4_replace_lane],
};

/** Replaces the vector on the stack by the scalar in one of its lanes. */
export function extract(f: FunctionEmitter, dtype: DType, lane: number, lanes: 2 | 4): void {
  const isWideMask = dtype === "bool" && lanes === 2;
  const type = dtype !== "bool" ? dtype : isWideMask ? "int64" : "int32";
  f.op(laneInstructions[type][0], lane);
  if (isWideMask) f.op(op.i32_wrap_i64);
  if (dtype === "bool") {
    f.i32(1);
    f.op(op.i32_and);
  }
}

/** Puts the scalar on the stack into a lane of the vector below. */
export function replace(f: FunctionEmitter, dtype: DType, lane: number, lanes: 2 | 4): void {
  if (dtype === "bool") emitMaskOf(f, lanes);
  const type = dtype !== "bool" ? dtype : lanes === 2 ? "int64" : "int32";
  f.op(laneInstructions[type][1], lane);
}

/** Makes the truth value on the stack all ones or all zeros, of the width of a lane. */
export function emitMaskOf(f: FunctionEmitter, lanes: 2 | 4): void {
  f.i32(-1);
  f.op(op.i32_mul);
  if (lanes === 2) f.op(op.i64_extend_i32_s);
}

/** Runs a program for one lane after the other, and gives its results to `merge`. */
export function emitEachLane(
  block: BlockEmitter,
  program: Program,
  inputs: readonly number[],
  merge: (output: number) => void,
): void {
  const { f } = block;
  const lanes = block.lanes as 2 | 4;
  const vectors = program.outputs.map(() => f.newLocal(v128));
  for (let lane = 0; lane < lanes; lane++) {
    const places = inputs.map((input, i) => {
      const { dtype } = program.inputs[i]!;
      f.get(input);
      extract(f, dtype, lane, lanes);
      return localAt(f.keep(valueTypes[dtype]), dtype);
    });
    const write = (inside: BlockEmitter): void => {
      for (const [i, output] of program.outputs.entries()) {
        f.get(vectors[i]!);
        inside.push(output);
        replace(f, output.dtype, lane, lanes);
        f.set(vectors[i]!);
      }
    };
    block.inner(program, places, write, true);
    for (const { local } of places) f.freeLocal(local);
  }
  for (const [i, vector] of vectors.entries()) {
    f.get(vector);
    merge(i);
    f.freeLocal(vector);
  }
}
