import { ok } from "node:assert/strict";
import { np } from "@diffrax-ts/core";
import { type Solver, type Term, termRound, type Tree, treeMap } from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import { distance, numbersOf, observedOrder } from "./numbers.ts";
import { eachTerm, largestError, solved, type Subject } from "./Subject.ts";

const halvings = [0, 1, 2, 3, 4];

/** Over four halvings of the step the error shrinks as the order says, from 0 to the end. */
export function convergesForward(subject: Subject): void {
  requireOrder(subject, [0, subject.span], "forward in time");
}

/** The same from the end to 0: a solver that multiplies by `t1 - t0`, and not by the control, goes the wrong way. */
export function convergesBackward(subject: Subject): void {
  requireOrder(subject, [subject.span, 0], "backward in time");
}

function requireOrder(subject: Subject, times: readonly [number, number], way: string): void {
  const solver = subject.make();
  const errors = halvings.map((i) => largestError(subject, times, subject.coarsest * 2 ** i));
  const least = Math.min(...errors);
  ok(least > 1e-14, `${solver.kind}, ${way}: errors of ${least} are roundings; take fewer steps`);
  const claimed = solver.order(subject.problem.terms);
  const observed = observedOrder(errors);
  ok(
    Math.abs(observed - claimed) < 0.2,
    `${solver.kind}: order ${claimed} is claimed, and ${observed} is observed ${way}, by the errors ${errors.map((x) => x.toPrecision(2)).join(", ")}` +
      (errors[0]! < 0.5 ? "" : "; is the control used, which has the sign?"),
  );
}

/** Against a control that runs three times as fast, with a vector field of a third, the solution is the same. */
export function multipliesByTheControl(subject: Subject): void {
  const { problem, span, coarsest } = subject;
  const options = { dt0: span / coarsest };
  const usual = solved(subject, [0, span], options);
  const faster = solved(subject, [0, span], options, eachTerm(fast, problem.terms));
  const apart = distance(numbersOf(usual.ys), numbersOf(faster.ys));
  ok(
    apart < 1e-9,
    `${subject.make().kind}: a vector field of a third against a control three times as fast leads elsewhere, by ${apart}; ` +
      "multiply the vector field by contr(t0, t1), and not by t1 - t0",
  );
}

function fast(term: Term): Term {
  return termRound("testkit/Fast", term, { vf, contr });
}

function vf(this: { readonly term: Term }, t: Scalar, y: Tree, args: unknown): Tree {
  return treeMap((f) => np.div(f, 3), this.term.vf(t, y, args));
}

function contr(this: { readonly term: Term }, t0: Scalar, t1: Scalar): Tree {
  return treeMap((x) => np.mul(x, 3), this.term.contr(t0, t1));
}

/** The error estimate of one step shrinks as the order of the error says. */
export function estimatesItsError(subject: Subject): void {
  const solver = subject.make();
  const claimed = solver.errorOrder(subject.problem.terms);
  const estimates = halvings.map((i) =>
    estimate(subject, solver, subject.span / subject.coarsest / 2 ** i),
  );
  const made = estimates.filter((one) => one !== null);
  // An order may be claimed by default.
  if (made.length === 0) return;
  ok(
    made.length === estimates.length,
    `${solver.kind}: yError is null in some of its steps, and not in others`,
  );
  ok(claimed !== null, `${solver.kind}: the error is estimated, and no order of it is claimed`);
  const observed = observedOrder(made);
  ok(
    Math.abs(observed - claimed) < 0.25,
    `${solver.kind}: an error of order ${claimed} is claimed, and ${observed} is observed`,
  );
}

/** The largest estimate of a step of this length; `null` if the solver makes none. */
function estimate(subject: Subject, solver: Solver, dt: number): number | null {
  let makesNone = false;
  const step: Solver["step"] = (terms, at) => {
    const made = solver.step(terms, at);
    makesNone = made.yError === null;
    return { ...made, y1: makesNone ? made.y1 : made.yError };
  };
  const { terms } = subject.problem;
  const { ys } = solved(subject, [0.5, 0.5 + dt], { dt0: dt }, terms, { ...solver, step });
  return makesNone ? null : Math.max(...numbersOf(ys).map(Math.abs));
}
