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

/** What a loop gives. */
export interface InAllTurns {
  readonly results: readonly Result[];
  /** What the last turn hands on. */
  readonly last: readonly Tensor[];
}

/**
 * The results of a body in all turns: where it only moves numbers and computes with them, by operations on arrays. What needs
 * what the turn before has handed on, or anything else, is a loop of the compiled code, which turns once for each.
 *
 * The rules of `vmap` would do for all, but they are no part of an application that only solves.
 *
 * @param carried - What a turn hands on, for each of the carries.
 */
export function overTurns(
  level: Level,
  outputs: readonly Tensor[],
  carried: readonly Tensor[],
): InAllTurns {
  const { trace, inputs, carries, turns } = level;
  const { program, captured } = trace.finish(
    [...inputs.values(), ...carries.map(({ input }) => input)],
    [...outputs, ...carried],
  );
  const known: readonly Result[] = [
    ...captured.map((value) => ({ value, isBatched: false })),
    ...Array.from(inputs.keys(), (value) => ({ value, isBatched: true })),
  ];
  const values: (Result | undefined)[] = Array.from({ length: program.numVariables });
  for (const [i, result] of known.entries()) values[program.inputs[i]!.id] = result;
  const left = byRules(program, values, turns);
  const resultOf = (atom: Atom): Result | undefined =>
    isVariable(atom) ? values[atom.id] : { value: atom, isBatched: false };
  const all = program.outputs.map(resultOf);
  const isEach = (x: (typeof all)[number]): x is Result => x !== undefined;
  const { length } = outputs;
  if (left.length === 0 && all.every(isEach)) {
    const last = all.slice(length).map((x) => (x.isBatched ? x.value.at(turns - 1) : x.value));
    return { results: all.slice(0, length), last };
  }
  const handedOn = program.outputs.slice(length);
  const rows = program.outputs.filter((_, i) => i < length && all[i] === undefined);
  const read = [...left.flatMap((equation) => equation.inputs), ...handedOn].filter(isVariable);
  const crossing = [...new Map(read.map((atom) => [atom.id, atom])).values()].filter(
    ({ id }) => values[id] !== undefined,
  );
  const carriedIn = program.inputs.slice(known.length);
  const body: Program = {
    ...program,
    inputs: [...crossing, ...carriedIn],
    equations: left,
    outputs: [...handedOn, ...rows],
  };
  const given = crossing.map(({ id }) => values[id]!);
  const turn = (carry: readonly Tensor[], elements: readonly Tensor[]): Step => {
    let next = 0;
    const now = given.map(({ value, isBatched }) => (isBatched ? elements[next++]! : value));
    const results = spliceProgram(body, [...now, ...carry]);
    return { carry: results.slice(0, carry.length), row: results.slice(carry.length) };
  };
  const stacked = scan(
    turn,
    carries.map(({ start }) => start) as readonly Tensor[],
    given.filter((x) => x.isBatched).map((x) => x.value),
    { length: turns },
  );
  let next = 0;
  const results = all
    .slice(0, length)
    .map((x) => x ?? { value: stacked.rows[next++]!, isBatched: true });
  return { results, last: stacked.carry };
}

interface Step {
  readonly carry: readonly Tensor[];
  readonly row: readonly Tensor[];
}

/** Does what can be done by operations on arrays, and gives the equations that are left. */
function byRules(
  { equations }: Program,
  values: (Result | undefined)[],
  turns: number,
): readonly Equation[] {
  const hasRule = ({ primitive }: Equation): boolean =>
    isElementwise(primitive) || primitive in rules;
  // A loop of turns needs vectors one by one: all at once they might not fit into a cache.
  const isWide = equations.every(hasRule);
  return equations.filter((equation) => {
    const operands = equation.inputs.map((atom) =>
      isVariable(atom) ? values[atom.id] : { value: atom, isBatched: false },
    );
    if (!hasRule(equation) || operands.includes(undefined)) return true;
    const [output] = equation.outputs;
    const all = operands as readonly Result[];
    if (!isWide && output!.shape.length > 0 && all.some((x) => x.isBatched)) return true;
    values[output!.id] = inAllTurns(equation, all, turns);
    return false;
  });
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
