import type { Solver } from "@diffrax-ts/protocol";
import {
  convergesBackward,
  convergesForward,
  estimatesItsError,
  multipliesByTheControl,
} from "./convergence.ts";
import { interpolates } from "./curve.ts";
import { goesOn } from "./goingOn.ts";
import { type Problem, problemFor } from "./problems.ts";
import { isASolver, sharesOneTrace, worksWhenRebuilt } from "./records.ts";
import type { Subject } from "./Subject.ts";
import { hasItsGradient, hasTheSameBits, worksInSinglePrecision } from "./transformed.ts";

/** What a solver is tested on. */
export interface SolverTestOptions {
  /** @defaultValue one with as many terms as the solver wants; a solver that wants terms of a kind needs one of yours */
  readonly problem?: Problem;
  /** The times from 0 to here. @defaultValue 2 */
  readonly span?: number;
  /** The least number of steps in it; the most are 16 times as many. @defaultValue 64 */
  readonly coarsest?: number;
}

/** One test. */
export interface SolverTest {
  readonly name: string;
  /** @throws Error that says what is wrong. */
  readonly run: () => void;
}

const tests: Readonly<Record<string, (subject: Subject) => void>> = {
  "has the members of a solver": isASolver,
  "converges as its order says, forward in time": convergesForward,
  "converges as its order says, backward in time": convergesBackward,
  "multiplies the vector field by the control": multipliesByTheControl,
  "estimates its error as the order of that says": estimatesItsError,
  interpolates: interpolates,
  "goes on from its state as if it had not been interrupted": goesOn,
  "works when its record is copied or rebuilt": worksWhenRebuilt,
  "is the same structure each time it is made": sharesOneTrace,
  "has the same bits inside jit and vmap": hasTheSameBits,
  "has the gradient that differences have": hasItsGradient,
  "works in single precision": worksInSinglePrecision,
};

/**
 * The tests that every solver has to pass, for any test runner:
 *
 *     test.each(solverTests(() => MySolver()))("MySolver() $name", ({ run }) => run());
 *
 * @param make - Makes the solver, a new record each time.
 * @throws TypeError if the solver wants terms of a kind, and there is no problem with them.
 */
export function solverTests(
  make: () => Solver,
  { problem, span = 2, coarsest = 64 }: SolverTestOptions = {},
): readonly SolverTest[] {
  const { kind, termStructure } = make();
  const own = problem ?? problemFor(termStructure);
  if (own === null) {
    throw new TypeError(
      `solverTests: ${kind} wants terms of a kind; pass a problem with such terms`,
    );
  }
  const subject: Subject = { make, problem: own, span, coarsest };
  return Object.entries(tests).map(([name, check]) => ({ name, run: () => check(subject) }));
}
