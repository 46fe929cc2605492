import { ok } from "node:assert/strict";
import { checkTraces } from "@diffrax-ts/autodiff";
import { checkSolver, type Solver, type Term, termRound, type Tree } from "@diffrax-ts/protocol";
import { flatten, type Scalar, structuresEqual, unflatten } from "@diffrax-ts/pytree";
import { distance, numbersOf } from "./numbers.ts";
import { eachTerm, solved, type Subject } from "./Subject.ts";

/** The record has the members of a solver, each of them what it has to be. */
export function isASolver({ make }: Subject): void {
  checkSolver("solver", make());
}

/** A record that was copied, or rebuilt from its leaves, solves as the one that was made. */
export function worksWhenRebuilt(subject: Subject): void {
  const solver = subject.make();
  const { leaves, structure } = flatten(solver);
  const others: readonly (readonly [string, Solver])[] = [
    ["copied, { ...solver }", { ...solver }],
    ["rebuilt from its leaves", unflatten(structure, leaves) as Solver],
  ];
  const end = (one: Solver): readonly number[] =>
    numbersOf(solved(subject, [0, 1], { dt0: 0.125 }, subject.problem.terms, one).ys);
  const wanted = end(solver);
  for (const [how, other] of others) {
    const apart = distance(wanted, end(other));
    ok(
      apart === 0,
      `${solver.kind}: ${how}, it leads elsewhere, by ${apart}; functions read their data from this`,
    );
  }
}

/** Two calls of the maker are the same structure: the second solve is not traced again. */
export function sharesOneTrace(subject: Subject): void {
  const [first, second] = [subject.make(), subject.make()];
  ok(first !== second, `${first.kind}: a call of the maker makes a record of its own`);
  ok(
    structuresEqual(flatten(first).structure, flatten(second).structure),
    `${first.kind}: two calls of the maker are not the same structure; functions stand at module level, and data beside them`,
  );
  let calls = 0;
  const counted = (term: Term): Term => {
    function vf(this: { readonly term: Term }, t: Scalar, y: Tree, args: unknown): Tree {
      calls++;
      return this.term.vf(t, y, args);
    }
    return termRound("testkit/Counted", term, { vf });
  };
  const terms = eachTerm(counted, subject.problem.terms);
  const run = (solver: Solver): unknown => solved(subject, [0, 1], { dt0: 0.25 }, terms, solver);
  const checks = checkTraces("never");
  try {
    run(first);
    const once = calls;
    run(second);
    ok(calls === once, `${first.kind}: the solve with the solver of a second call is traced again`);
  } finally {
    checkTraces(checks);
  }
}
