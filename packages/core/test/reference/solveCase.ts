import { diffeqsolve, jit } from "@diffrax-ts/core";
import { resultName, type Solver } from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";
import { type Closeness, differences } from "./differences.ts";
import type { DenseFigures, JsonMask, SolveCase, Stats } from "./figures.ts";
import {
  childrenOf,
  type JsonLeaf,
  type JsonTree,
  mapLeaves,
  readNumber,
  readPlain,
  readTensor,
  readTree,
} from "./jsonTree.ts";
import {
  makeController,
  makeEvent,
  makeSaveAt,
  makeSolver,
  makeTerms,
  type Writing,
} from "./parts.ts";

/** What the cases read of a solution. Its types depend on the case, so that they are not known here. */
interface CaseSolution {
  readonly ts: unknown;
  readonly ys: unknown;
  /** Numbers, or tensors inside a traced function. */
  readonly stats: Readonly<Record<keyof Stats, unknown>>;
  /** A name, or its number inside a traced function. */
  readonly result: string | Tensor;
  readonly solverState: unknown;
  readonly controllerState: unknown;
  readonly madeJump: unknown;
  /** Truth values, or tensors inside a traced function. */
  readonly eventMask: unknown;
  evaluate(t0: number, t1?: number, left?: boolean): unknown;
  derivative(t: number, left?: boolean): unknown;
}

const solve = diffeqsolve as unknown as (
  terms: unknown,
  solver: Solver,
  options: Readonly<Record<string, unknown>>,
) => CaseSolution;

/** Everything of a case that is compared. */
interface Outcome {
  readonly ts: unknown;
  readonly ys: unknown;
  readonly stats: unknown;
  readonly result: string | Tensor;
  readonly eventMask: unknown;
  readonly first: { readonly stats: unknown; readonly ymid: unknown } | null;
  readonly dense: Readonly<Record<keyof DenseFigures, readonly unknown[]>> | null;
}

/** The cases with `dt0: null` were computed with steps that begin with 0.01. `StepTo` alone knows its first step. */
function firstStep({ t0, t1, dt0, stepsizeController }: SolveCase): number | null {
  if (dt0 !== null || stepsizeController.name === "StepTo") return dt0;
  return readNumber(t1) < t0 ? -0.01 : 0.01;
}

function termsOf({ problem, terms }: SolveCase, writing: Writing): unknown {
  return makeTerms(terms ?? { kind: "ODETerm", vectorField: problem.name }, writing);
}

function statsOf({
  stats: { numSteps, numAcceptedSteps, numRejectedSteps },
}: CaseSolution): unknown {
  return { numSteps, numAcceptedSteps, numRejectedSteps };
}

function run(figure: SolveCase, writing: Writing, y0: unknown, args: unknown): Outcome {
  const { t0, tmid, maxSteps } = figure;
  const t1 = readNumber(figure.t1);
  const term = termsOf(figure, writing);
  const solver = makeSolver(figure.solver);
  const saveat = makeSaveAt(figure.saveat, writing);
  const stepsizeController = makeController(figure.stepsizeController);
  const event = figure.event === undefined ? null : makeEvent(figure.event, writing);
  const options = { args, stepsizeController, event, maxSteps, throw: false };
  const dt0 = firstStep(figure);
  if (tmid === undefined) {
    const solution = solve(term, solver, { ...options, t0, t1, dt0, y0, saveat });
    return { ...solution, stats: statsOf(solution), first: null, dense: denseOf(solution, figure) };
  }
  const { solverState, controllerState, dt0: again } = figure.continuation!;
  const keep = { t1: true, solverState: true, controllerState: true, madeJump: true };
  const first = solve(term, solver, { ...options, t0, t1: tmid, dt0, y0, saveat: keep });
  const ymid = lastRow(first.ys);
  const solution = solve(term, solver, {
    ...options,
    t0: tmid,
    t1,
    dt0: again === "same" ? dt0 : firstStep({ ...figure, dt0: null }),
    y0: ymid,
    saveat,
    madeJump: first.madeJump,
    ...(solverState ? { solverState: first.solverState } : {}),
    ...(controllerState ? { controllerState: first.controllerState } : {}),
  });
  return {
    ...solution,
    stats: statsOf(solution),
    first: { stats: statsOf(first), ymid },
    dense: null,
  };
}

function denseOf(solution: CaseSolution, { denseEval }: SolveCase): Outcome["dense"] {
  if (denseEval === undefined) return null;
  const { points, pairs = [] } = denseEval;
  return {
    evaluateLeft: points.map((t) => solution.evaluate(t, undefined, true)),
    evaluateRight: points.map((t) => solution.evaluate(t, undefined, false)),
    derivativeLeft: points.map((t) => solution.derivative(t, true)),
    derivativeRight: points.map((t) => solution.derivative(t, false)),
    increments: pairs.map(([a, b]) => solution.evaluate(a, b)),
  };
}

/** The last row of every leaf: tensors in arrays and records. */
function lastRow(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map((child) => lastRow(child));
  const leaf = tree as Tensor;
  if (typeof leaf.at === "function") return leaf.at(-1);
  return Object.fromEntries(
    Object.entries(tree as object).map(([key, child]) => [key, lastRow(child)]),
  );
}

/** Solves a case, and says where the result departs from the figures. */
export function solveCase(figure: SolveCase, writing: Writing): string[] {
  const { y0, args } = inputsOf(figure, writing);
  const { ts, ys } = figure.expected;
  return compare(run(figure, writing, y0, args), figure, ts, ys);
}

/** Where the solution with the solver's own setting, which takes other steps than Diffrax, departs from the figures, beyond a multiple of the controller's tolerances. */
export function defaultDifferences(figure: SolveCase, multiple: number): string[] {
  const { solver, stepsizeController, expected } = figure;
  const options = { ...solver.options, diffrax072: false };
  const { y0, args } = inputsOf(figure, "onTensors");
  const outcome = run({ ...figure, solver: { ...solver, options } }, "onTensors", y0, args);
  const { rtol = 1e-6, atol = 1e-8 } = stepsizeController.options as Partial<Closeness>;
  const close = { rtol: multiple * rtol, atol: multiple * atol };
  const wrong = differences(outcome.ys, expected.ys, close, "ys");
  return outcome.result === camelCase(expected.result) ? wrong : [...wrong, String(outcome.result)];
}

/** The same inside a traced function, where arrays are as long as they can get, and filled up with infinities. */
export function solveTracedCase(figure: SolveCase): string[] {
  const { y0, args } = inputsOf(figure, "onTensors");
  const traced = jit((y0: unknown, args: unknown) => {
    const { ts, ys, stats, result, eventMask, first, dense } = run(figure, "onTensors", y0, args);
    return { ts, ys, stats, result, eventMask, first, dense };
  });
  const { expected } = figure;
  const ts = padded(expected.ts, expected.trimmed, 0);
  const ys = padded(expected.ys, expected.trimmed, figure.y0 as JsonLeaf);
  return compare(traced(y0, args), figure, ts, ys);
}

function inputsOf(
  figure: SolveCase,
  writing: Writing,
): { readonly y0: unknown; readonly args: unknown } {
  const { y0, problem } = figure;
  const dtype = figure.dtype ?? "float64";
  const leaf = writing === "plain" ? readPlain(dtype) : readTensor(dtype);
  return { y0: readTree(y0, leaf), args: readTree(problem.args, leaf) };
}

/** The figures with the rows that were left out of them: infinite ones. `row` has the shape of a row, if there is no other. */
function padded(tree: JsonTree, trimmed: JsonTree | undefined, row: JsonLeaf): JsonTree {
  if (trimmed === undefined || tree === null) return tree;
  if (typeof trimmed === "number") {
    return mapLeaves(tree, (rows) => {
      const list = rows as readonly JsonLeaf[];
      return [...list, ...Array.from({ length: trimmed }, () => infinite(list[0] ?? row))];
    });
  }
  const children = childrenOf(tree) as readonly JsonTree[] | null;
  const counts = (childrenOf(trimmed) ?? trimmed) as Readonly<Record<string, JsonTree>>;
  if (children !== null)
    return { $list: children.map((child, i) => padded(child, counts[i], row)) };
  const entries = Object.entries(tree as Readonly<Record<string, JsonTree>>);
  return Object.fromEntries(entries.map(([key, child]) => [key, padded(child, counts[key], row)]));
}

/** A leaf of this shape, as Diffrax pads: `+inf`, also where time runs backward. */
function infinite(leaf: JsonLeaf): JsonLeaf {
  return Array.isArray(leaf) ? leaf.map((x: JsonLeaf) => infinite(x)) : "inf";
}

/** `max_steps_reached` as `maxStepsReached`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_(?<letter>[a-z])/gu, (_, letter: string) => letter.toUpperCase());
}

const exactly: Closeness = { rtol: 0, atol: 0 };

function compare(
  outcome: Outcome,
  { expected, tolerance }: SolveCase,
  ts: JsonTree,
  ys: JsonTree,
): string[] {
  const { stats, first, dense, result } = outcome;
  const wrong = [
    ...differences(stats, expected.stats as unknown as JsonTree, exactly, "stats"),
    ...differences(outcome.ts, ts, tolerance, "ts"),
    ...differences(outcome.ys, ys, tolerance, "ys"),
  ];
  if (first !== null) {
    wrong.push(
      ...differences(
        first.stats,
        expected.firstStats as unknown as JsonTree,
        exactly,
        "first stats",
      ),
      ...differences(first.ymid, expected.ymid!, tolerance, "ymid"),
    );
  }
  for (const [name, figures] of Object.entries(expected.denseEval ?? {})) {
    const values = dense?.[name as keyof DenseFigures] ?? [];
    for (let i = 0; i < rowsOf(figures); i++)
      wrong.push(...differences(values[i], rowOf(figures, i), tolerance, `${name}[${i}]`));
  }
  wrong.push(...maskDifferences(outcome.eventMask, expected.eventMask, "eventMask"));
  const name = typeof result === "string" ? result : resultName(result.item());
  if (name !== camelCase(expected.result))
    wrong.push(`result: expected ${expected.result}, got ${name}`);
  return wrong;
}

/** Where truth values are others than those of the figures. */
function maskDifferences(actual: unknown, expected: JsonMask | undefined, path: string): string[] {
  if (expected === undefined) return [];
  if (typeof expected === "boolean") {
    const got = typeof actual === "boolean" ? actual : (actual as Tensor).item() !== 0;
    return got === expected ? [] : [`${path}: expected ${expected}`];
  }
  const wanted = Object.entries(childrenOf(expected) ?? expected) as [string, JsonMask][];
  return wanted.flatMap(([key, child]) =>
    maskDifferences((actual as Readonly<Record<string, unknown>>)[key], child, `${path}.${key}`),
  );
}

/** How many rows the leaves have. */
function rowsOf(tree: JsonTree): number {
  let count = 0;
  mapLeaves(tree, (leaf) => {
    count = (leaf as readonly JsonLeaf[]).length;
    return leaf;
  });
  return count;
}

/** One row of the figures: of every leaf. */
function rowOf(tree: JsonTree, row: number): JsonTree {
  return mapLeaves(tree, (leaf) => (leaf as readonly JsonLeaf[])[row]!);
}

/** Compares the ends of the first accepted steps with the figures: the first one that departs says where to look. */
export function stepTimeDifferences(figure: SolveCase): string[] {
  const { t0, maxSteps, tolerance, expected } = figure;
  const t1 = readNumber(figure.t1);
  const solution = solve(termsOf(figure, "onTensors"), makeSolver(figure.solver), {
    ...inputsOf(figure, "onTensors"),
    stepsizeController: makeController(figure.stepsizeController),
    maxSteps,
    throw: false,
    t0,
    t1,
    dt0: firstStep(figure),
    saveat: { steps: true },
  });
  const times = (solution.ts as Tensor).toArray() as number[];
  const rtol = tolerance.stepTimesRtol ?? tolerance.rtol;
  const close = { rtol, atol: rtol * 1e-4 * Math.abs(t1 - t0) };
  const wanted = expected.stepTimes!;
  const wrong = differences(times.slice(0, wanted.length), wanted, close, "stepTimes");
  if (times.length !== expected.stats.numAcceptedSteps)
    wrong.push(`${times.length} rows for the steps`);
  return wrong.slice(0, 1);
}
