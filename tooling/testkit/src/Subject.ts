import { diffeqsolve, type Solution } from "@diffrax-ts/core";
import {
  isMultiTerm,
  mapTerms,
  type Solver,
  type Term,
  type Terms,
  type Tree,
} from "@diffrax-ts/protocol";
import { MultiTerm } from "@diffrax-ts/terms";
import { distance, numbersOf } from "./numbers.ts";
import type { Problem, State } from "./problems.ts";

/** What is tested, on what. */
export interface Subject {
  /** Makes the solver: each call a record of its own. */
  readonly make: () => Solver;
  readonly problem: Problem;
  /** The times from 0 to here, … */
  readonly span: number;
  /** … in so many steps, and in twice, four, eight and sixteen times as many. */
  readonly coarsest: number;
}

/** A solve of which the types are known when it runs. */
const solve = diffeqsolve as unknown as (
  terms: Terms,
  solver: Solver,
  options: object,
) => Solution<Tree, Tree, Tree>;

/** Solves the problem from one time to another, from the solution there. */
export function solved(
  { make, problem }: Subject,
  [t0, t1]: readonly [number, number],
  options: object,
  terms: Terms = problem.terms,
  solver: Solver = make(),
): Solution<Tree, Tree, Tree> {
  return solve(terms, solver, { t0, t1, y0: problem.solutionAt(t0), maxSteps: null, ...options });
}

/** The largest error at the ends of so many steps of one length. */
export function largestError(
  subject: Subject,
  [t0, t1]: readonly [number, number],
  numSteps: number,
): number {
  const dt0 = (t1 - t0) / numSteps;
  const { ts, ys } = solved(subject, [t0, t1], { dt0, saveat: { steps: true } });
  const columns = leavesAt(ys);
  return numbersOf(ts).reduce(
    (most, t, row) => Math.max(most, distance(columns(row), flat(subject.problem.solutionAt(t)))),
    0,
  );
}

/** The numbers of a state. */
export function flat(state: State): readonly number[] {
  return [state].flat(Infinity as 1) as readonly number[];
}

/** The rows of what was saved. */
function leavesAt(ys: Tree): (row: number) => readonly number[] {
  const columns = Array.isArray(ys) ? (ys as readonly Tree[]).map(numbersOf) : [numbersOf(ys)];
  return (row) => columns.map((column) => column[row]!);
}

/** Something done to each of the terms, those of a sum included. */
export function eachTerm(f: (term: Term) => Term, terms: Terms): Terms {
  return mapTerms(
    (term) => (isMultiTerm(term) ? MultiTerm(...term.terms.map((one) => f(one))) : f(term)),
    terms,
  );
}
