// What is of 64 bits in a program of scalars that is run for four elements at once: two vectors.
import {
  type Atom,
  type Equation,
  isConcrete,
  isEquation,
  type Named,
  type Program,
} from "@diffrax-ts/program";
import * as op from "../wasm/opcodes.ts";
import { v128 } from "../wasm/valueTypes.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { fitsLanes } from "./FunctionEmitter.ts";
import { interleaved } from "./interleaved.ts";
import { localAt, type LocalPlace } from "./Place.ts";

/**
 * A program with the equations on numbers of 64 bits in calls, each of which is run for two of four elements and for the two others;
 * `null` if a number of 64 bits would go from one call to another.
 *
 * @param isNarrowBranch - Whether a branch is run for four elements at once.
 */
export function inHalves(
  program: Program,
  isNarrowBranch: (branch: Program) => boolean,
): Program | null {
  const isWide = (equation: Equation): boolean => {
    const { inputs, outputs } = equation;
    if (![...inputs, ...outputs].every(({ dtype }) => fitsLanes(dtype, 4))) return true;
    return isEquation(equation, "cond") && !equation.params.branches.some(isNarrowBranch);
  };
  if (!program.equations.some(isWide)) return program;

  const lastReader = lastReaders(program);
  const equations: Equation[] = [];
  let open: Equation[] = [];
  /** What the open equations make. */
  const made = new Set<Atom>();
  let crosses = false;
  const close = (next: number): void => {
    if (open.length === 0) return;
    const outputs = open.flatMap((equation) =>
      equation.outputs.filter(({ id }) => lastReader[id]! >= next),
    );
    crosses ||= outputs.some(({ dtype }) => !fitsLanes(dtype, 4));
    const read = open.flatMap(({ inputs }) => inputs.filter((x) => !isConcrete(x) && !made.has(x)));
    const inputs = [...new Set(read)] as Named[]; // constants are filtered out
    const params = {
      program: { ...program, inputs, equations: open, outputs },
      name: "halves",
      inline: true,
    };
    equations.push({ primitive: "call", inputs, params, outputs });
    open = [];
    made.clear();
  };
  for (const [i, equation] of program.equations.entries()) {
    const isInside = (atom: Atom): boolean => isConcrete(atom) || made.has(atom);
    const isLogic = equation.inputs.every((x) => x.dtype === "bool" && isInside(x));
    if (isWide(equation) || (isLogic && open.length > 0)) {
      open.push(equation);
      for (const output of equation.outputs) made.add(output);
    } else {
      if (equation.inputs.some((x) => made.has(x))) close(i);
      equations.push(equation);
    }
  }
  close(program.equations.length);
  return crosses ? null : { ...program, equations };
}

/** By variable id: the index of the last equation that reads it; the number of equations for an output. */
function lastReaders({ equations, outputs, numVariables }: Program): Int32Array {
  const last = new Int32Array(numVariables).fill(-1);
  for (const [i, { inputs }] of equations.entries())
    for (const input of inputs) if (!isConcrete(input)) last[input.id] = i;
  for (const output of outputs) if (!isConcrete(output)) last[output.id] = equations.length;
  return last;
}

/** Whether a call is one of those. What lowering leaves are calls of functions. */
export function isInHalves({ params }: Equation<"call">): boolean {
  return params.inline;
}

/** Runs a program for the first two of four elements and for the others, equation by equation in turn. */
export function emitHalves(
  block: BlockEmitter,
  { inputs, params: { program }, outputs }: Equation<"call">,
): void {
  const { f } = block;
  const wholes = inputs.map((atom) => {
    block.push(atom);
    return f.keep(v128);
  });
  const half = (local: number, i: number, isUpper: boolean): LocalPlace => {
    const { dtype } = inputs[i]!;
    const isShared = !fitsLanes(dtype, 4); // a number that all elements share
    if (isShared || (dtype !== "bool" && !isUpper)) return localAt(local, dtype);
    f.get(local);
    if (dtype === "bool")
      f.op(isUpper ? op.i64x2_extend_high_i32x4_s : op.i64x2_extend_low_i32x4_s);
    else {
      f.get(local);
      f.shuffle([2, 3, 2, 3]);
    }
    return localAt(f.keep(v128), dtype);
  };
  const lower = wholes.map((local, i) => half(local, i, false));
  const upper = wholes.map((local, i) => half(local, i, true));
  const write = (inside: BlockEmitter): void => {
    const results = inside.program.outputs;
    for (const [i, output] of outputs.entries()) {
      inside.push(results[i]!);
      inside.push(results[i + outputs.length]!);
      f.shuffle(output.dtype === "bool" ? [0, 2, 4, 6] : [0, 1, 4, 5]);
      block.own(output, localAt(f.keep(v128), output.dtype));
    }
  };
  block.inner(interleaved(program, 2), [...lower, ...upper], write, true, 2);
  const all = [...lower, ...upper].map(({ local }) => local);
  for (const local of new Set([...wholes, ...all])) f.freeLocal(local);
}
