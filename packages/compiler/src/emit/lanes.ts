import {
  type Equation,
  isConcrete,
  isEquation,
  isScalarConstant,
  type Program,
} from "@diffrax-ts/program";
import { op, v128 } from "../wasm/opcodes.ts";
import { type BlockEmitter, framePointer } from "./BlockEmitter.ts";
import { type FunctionEmitter, valueType } from "./FunctionEmitter.ts";
import type { ScalarPlace } from "./Place.ts";
import { emitPairOp, worksInPairs } from "./scalarOps.ts";

/** Whether a program of scalars can be run for two elements at once. Its branches may be run one by one. */
export function worksInLanes(program: Program): boolean {
  return program.equations.every((equation) => {
    if (isEquation(equation, "cond"))
      return equation.outputs.every(({ dtype }) => dtype === "float64");
    return works(equation);
  });
}

function works({ primitive, params, inputs }: Equation): boolean {
  const dtypes = inputs.map(({ dtype }) => dtype);
  return worksInPairs(primitive, params, dtypes, (i) => isScalarConstant(inputs[i]));
}

/** Runs a program of scalars for two elements at once; `write` may then put its outputs on the stack. */
export function emitLanes(
  block: BlockEmitter,
  program: Program,
  inputs: readonly ScalarPlace[],
  write: (push: (output: number) => void) => void,
): void {
  const { f } = block;
  const locals: number[] = [];
  const made: number[] = [];
  for (const [i, { id }] of program.inputs.entries())
    locals[id] = (inputs[i] as ScalarPlace & { at: "local" }).local;
  const last: number[] = Array.from({ length: program.numVariables }, () => -1);
  for (const [i, { inputs: atoms }] of program.equations.entries()) {
    for (const atom of atoms) if (!isConcrete(atom)) last[atom.id] = i;
  }
  for (const atom of program.outputs)
    if (!isConcrete(atom)) last[atom.id] = program.equations.length;

  const push = (atom: Program["outputs"][number]): void => {
    if (!isConcrete(atom)) return f.get(locals[atom.id]!);
    pushBoth(block, constantBits(atom.dtype, atom.scalar));
  };
  for (const [i, equation] of program.equations.entries()) {
    const results = equation.outputs.map(() => f.newLocal(v128));
    if (isEquation(equation, "cond")) emitCondLanes(block, equation, (atom) => push(atom), results);
    else {
      const { primitive, params, inputs: atoms } = equation;
      emitPairOp(
        f,
        primitive,
        params,
        atoms.map(({ dtype }) => dtype),
        (operand) => push(atoms[operand]!),
        (bits) => pushBoth(block, bits),
        () => Number((atoms[1] as { readonly scalar?: number | bigint }).scalar),
      );
      f.set(results[0]!);
    }
    for (const [j, { id }] of equation.outputs.entries()) {
      locals[id] = results[j]!;
      made.push(id);
    }
    for (const id of made) if (last[id] === i) f.freeLocal(locals[id]!);
  }
  write((output) => push(program.outputs[output]!));
  for (const id of made) if (last[id] === program.equations.length) f.freeLocal(locals[id]!);
}

/** A constant in both lanes. */
function pushBoth({ f, module }: BlockEmitter, bits: bigint): void {
  f.get(framePointer);
  f.memory(op.v128_load64_splat, module.frame.constant(bits));
}

function constantBits(dtype: string, x: number | bigint): bigint {
  if (dtype === "int64") return BigInt(x);
  if (dtype === "bool") return x === 0 ? 0n : -1n;
  return new BigInt64Array(Float64Array.of(Number(x)).buffer)[0]!;
}

/**
 * A branch in two lanes: each side is run if some lane wants it. A side that does not work in lanes is run for
 * one lane after the other.
 */
function emitCondLanes(
  block: BlockEmitter,
  { inputs: [pred, ...operands], params: { branches } }: Equation<"cond">,
  push: (atom: Equation["inputs"][number]) => void,
  results: readonly number[],
): void {
  const { f } = block;
  const mask = f.newLocal(v128);
  push(pred!);
  f.set(mask);
  for (const [side, branch] of branches.entries()) {
    // Side 0 is for false: where the mask is zero.
    f.get(mask);
    if (side === 0) f.op(op.v128_not);
    f.op(op.v128_any_true);
    f.block(op.if, () => {
      const places = operands.map((atom): ScalarPlace => {
        const local = f.newLocal(v128);
        push(atom);
        f.set(local);
        return { at: "local", local, dtype: atom.dtype };
      });
      const merge = (value: (i: number) => void): void => {
        for (const [i, result] of results.entries()) {
          const [onTrue, onFalse] = [() => value(i), () => f.get(result)];
          if (side === 1) {
            onTrue();
            onFalse();
          } else {
            onFalse();
            onTrue();
          }
          f.get(mask);
          f.op(op.v128_bitselect);
          f.set(result);
        }
      };
      if (worksInLanes(branch)) emitLanes(block, branch, places, merge);
      else emitEachLane(block, branch, places, merge);
      for (const place of places) if (place.at === "local") f.freeLocal(place.local);
    });
  }
  f.freeLocal(mask);
}

/** Runs a program for one lane, then for the other. */
function emitEachLane(
  block: BlockEmitter,
  program: Program,
  inputs: readonly ScalarPlace[],
  write: (push: (output: number) => void) => void,
): void {
  const { f } = block;
  const results = program.outputs.map(() => f.newLocal(v128));
  for (const lane of [0, 1]) {
    const places = inputs.map((place): ScalarPlace => {
      const local = f.newLocal(valueType(place.dtype));
      f.get((place as ScalarPlace & { at: "local" }).local);
      extract(f, place.dtype, lane);
      f.set(local);
      return { at: "local", local, dtype: place.dtype };
    });
    block.inner(
      program,
      places,
      (inside) => {
        for (const [i, output] of program.outputs.entries()) {
          f.get(results[i]!);
          inside.push(output);
          f.op(op.f64x2_replace_lane);
          f.code.byte(lane);
          f.set(results[i]!);
        }
      },
      true,
    );
    for (const place of places) if (place.at === "local") f.freeLocal(place.local);
  }
  write((i) => f.get(results[i]!));
  for (const result of results) f.freeLocal(result);
}

function extract(f: FunctionEmitter, dtype: string, lane: number): void {
  f.op(dtype === "float64" ? op.f64x2_extract_lane : op.i64x2_extract_lane);
  f.code.byte(lane);
  if (dtype === "bool") {
    f.op(op.i32_wrap_i64);
    f.i32(1);
    f.op(op.i32_and);
  }
}
