import { scan } from "@diffrax-ts/autodiff";
import {
  apply,
  type Atom,
  type Equation,
  isElementwise,
  isTraced,
  isVariable,
  type Primitive,
  type Program,
  reshape,
  spliceProgram,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import type { Level } from "./Level.ts";

/** A value of a body, in all turns. */
export interface Result {
  readonly value: Tensor;
  /** Whether it has an axis of turns. */
  readonly isBatched: boolean;
}

/**
 * The results of a body in all turns: where it only moves numbers and computes with them, by operations on arrays; else by
 * a loop of the compiled code, which turns once for each.
 *
 * The rules of `vmap` would do for all, but they are no part of an application that only solves.
 */
export function overTurns(level: Level, outputs: readonly Tensor[]): readonly Result[] {
  const { trace, inputs, turns } = level;
  const { program, captured } = trace.finish([...inputs.values()], outputs);
  if (program.equations.length === 0 && outputs.length === 0) return [];
  const rows = [...inputs.keys()];
  const known: readonly Result[] = [
    ...captured.map((value) => ({ value, isBatched: false })),
    ...rows.map((value) => ({ value, isBatched: true })),
  ];
  if (program.equations.every(({ primitive }) => isElementwise(primitive) || primitive in rules))
    return byRules(program, known, turns);
  const turn = (_carry: null, elements: readonly Tensor[]): { carry: null; row: Tensor[] } => ({
    carry: null,
    row: spliceProgram(program, [...captured, ...elements]),
  });
  const stacked = scan(turn, null, rows, { length: turns });
  return stacked.rows.map((value) => ({ value, isBatched: true }));
}

function byRules(program: Program, inputs: readonly Result[], turns: number): readonly Result[] {
  const values: Result[] = Array.from({ length: program.numVariables });
  for (const [i, { id }] of program.inputs.entries()) values[id] = inputs[i]!;
  const read = (atom: Atom): Result =>
    isVariable(atom) ? values[atom.id]! : { value: atom, isBatched: false };
  for (const equation of program.equations) {
    const operands = equation.inputs.map(read);
    values[equation.outputs[0]!.id] = inAllTurns(equation, operands, turns);
  }
  return program.outputs.map(read);
}

function inAllTurns(
  { primitive, params }: Equation,
  operands: readonly Result[],
  turns: number,
): Result {
  const isBatched = operands.some((x) => x.isBatched);
  if (!isBatched) {
    const [value] = apply(
      primitive,
      operands.map((x) => x.value),
      params,
    );
    return { value: value!, isBatched };
  }
  const all = operands.map((x) => {
    // Constants of rank 0 fit as they are.
    const fits = x.isBatched || (x.value.shape.length === 0 && !isTraced(x.value));
    return fits ? x.value : repeated(x.value, turns);
  });
  const rule = rules[primitive];
  const value =
    rule === undefined ? apply(primitive, all, params)[0]! : rule(all, params as never, turns);
  return { value, isBatched };
}

/** The same in all turns, along a new first axis. */
export function repeated(x: Tensor, turns: number): Tensor {
  const axes = x.shape.map((_, i) => i + 1);
  return apply("broadcast", [x], { shape: [turns, ...x.shape], axes })[0]!;
}

interface Places {
  readonly shape: readonly number[];
  readonly axes: readonly number[];
  readonly axis: number;
  readonly start: readonly number[];
  readonly limit: readonly number[];
  readonly step: readonly number[];
}

type Rule = (operands: readonly Tensor[], params: Places, turns: number) => Tensor;

/** How numbers are moved along all axes but the first. */
const rules: { readonly [P in Primitive]?: Rule } = {
  broadcast: (x, { shape, axes }, turns) =>
    apply("broadcast", x, {
      shape: [turns, ...shape],
      axes: [0, ...axes.map((axis) => axis + 1)],
    })[0]!,
  concatenate: (x, { axis }) => apply("concatenate", x, { axis: axis + 1 })[0]!,
  pack: (x, { shape }, turns) => {
    const columns = x.map((column) =>
      reshape(column.shape.length === 0 ? repeated(column, turns) : column, [turns, 1]),
    );
    return reshape(apply("concatenate", columns, { axis: 1 })[0]!, [turns, ...shape]);
  },
  reshape: (x, { shape }, turns) => reshape(x[0]!, [turns, ...shape]),
  reverse: (x, { axes }) => apply("reverse", x, { axes: axes.map((axis) => axis + 1) })[0]!,
  slice: (x, { start, limit, step }, turns) =>
    apply("slice", x, {
      start: [0, ...start],
      limit: [turns, ...limit],
      step: [1, ...step],
    })[0]!,
};
