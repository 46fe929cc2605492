// Programs of scalars for two elements at once. A truth value is all ones or all zeros in its lane.
import { type Equation, isEquation, type Program } from "@diffrax-ts/program";
import * as op from "../wasm/opcodes.ts";
import { v128 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { valueTypes } from "./FunctionEmitter.ts";
import { localAt } from "./Place.ts";
import { isLaneOperation } from "./scalarOps.ts";

/** Whether a program of scalars can be run for two elements at once. Its branches may be run one by one. */
export function worksInLanes({ equations }: Program): boolean {
  return equations.every((equation) =>
    isEquation(equation, "cond")
      ? equation.outputs.every(({ dtype }) => dtype === "float64")
      : isLaneOperation(equation),
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
      if (!worksInLanes(branch)) return emitEachLane(block, branch, locals, merge, results);
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
      f.op(dtype === "float64" ? op.f64x2_extract_lane : op.i64x2_extract_lane, lane);
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
