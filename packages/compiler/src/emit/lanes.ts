// Programs of scalars for several elements at once. A truth value is all ones or all zeros in its lane.
import { type Equation, isEquation, type Program } from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import { hasSimd } from "../wasm/engine.ts";
import * as op from "../wasm/opcodes.ts";
import { v128 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { valueTypes } from "./FunctionEmitter.ts";
import { localAt } from "./Place.ts";
import { isLaneOperation } from "./scalarOps.ts";

/** Whether a program of scalars can be run for so many elements at once, on this engine. Its branches may be run one by one, in two lanes. */
export function worksInLanes({ equations }: Program, lanes: 2 | 4): boolean {
  return (
    hasSimd() &&
    equations.every((equation) =>
      isEquation(equation, "cond")
        ? lanes === 2 && equation.outputs.every(({ dtype }) => dtype === "float64")
        : isLaneOperation(equation, lanes),
    )
  );
}

/**
 * A branch in two lanes: each side is run if some lane wants it. A side that does not work in lanes is run for
 * one lane after the other.
 */
export function emitCondLanes(
  block: BlockEmitter,
  { inputs: [pred, ...operands], params: { branches }, outputs }: Equation<"cond">,
): void {
  const { f } = block;
  const keep = (atom: Equation["inputs"][number]): number => {
    block.push(atom);
    return f.keep(v128);
  };
  const onTrue = keep(pred!);
  f.get(onTrue);
  f.op(op.v128_not);
  const masks = [f.keep(v128), onTrue];
  const locals = operands.map(keep);
  const results = outputs.map(() => f.newLocal(v128));
  for (const [side, branch] of branches.entries()) {
    const mask = masks[side]!;
    /** Puts what is on the stack into the lanes of a result that want this side. */
    const merge = (result: number): void => {
      f.get(result);
      f.get(mask);
      f.op(op.v128_bitselect);
      f.set(result);
    };
    f.get(mask);
    f.op(op.v128_any_true);
    f.block(op.ifBlock, () => {
      if (!worksInLanes(branch, 2)) return emitEachLane(block, branch, locals, merge, results);
      const places = locals.map((local, i) => localAt(local, operands[i]!.dtype));
      const write = (inside: BlockEmitter): void => {
        for (const [i, result] of results.entries()) {
          inside.push(branch.outputs[i]!);
          merge(result);
        }
      };
      block.inner(branch, places, write, true, 2);
    });
  }
  for (const local of [...masks, ...locals]) f.freeLocal(local);
  for (const [i, output] of outputs.entries()) block.own(output, localAt(results[i]!, "float64"));
}

const extractions: Readonly<Record<DType, number>> = {
  float64: op.f64x2_extract_lane,
  float32: op.i32x4_extract_lane, // there are none
  int64: op.i64x2_extract_lane,
  int32: op.i32x4_extract_lane,
  uint32: op.i32x4_extract_lane,
  bool: op.i64x2_extract_lane,
};

/** Runs a program for one lane, then for the other, and gives its results to `merge`. */
function emitEachLane(
  block: BlockEmitter,
  program: Program,
  inputs: readonly number[],
  merge: (result: number) => void,
  results: readonly number[],
): void {
  const { f } = block;
  const pairs = results.map(() => f.newLocal(v128));
  for (const lane of [0, 1]) {
    const places = inputs.map((input, i) => {
      const { dtype } = program.inputs[i]!;
      f.get(input);
      f.op(extractions[dtype], lane);
      if (dtype === "bool") {
        f.op(op.i32_wrap_i64);
        f.i32(1);
        f.op(op.i32_and);
      }
      return localAt(f.keep(valueTypes[dtype]), dtype);
    });
    const write = (inside: BlockEmitter): void => {
      for (const [i, output] of program.outputs.entries()) {
        f.get(pairs[i]!);
        inside.push(output);
        f.op(op.f64x2_replace_lane, lane);
        f.set(pairs[i]!);
      }
    };
    block.inner(program, places, write, true);
    for (const { local } of places) f.freeLocal(local);
  }
  for (const [i, pair] of pairs.entries()) {
    f.get(pair);
    merge(results[i]!);
    f.freeLocal(pair);
  }
}
