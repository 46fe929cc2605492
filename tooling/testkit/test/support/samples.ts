import { np } from "@diffrax-ts/core";
import { localLinearInterpolation } from "@diffrax-ts/interpolation";
import {
  type MultiTerm,
  type Solver,
  solver,
  type SolverStep,
  type SolverStepResult,
  type Term,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";

const interpolation = localLinearInterpolation;
const plus = (a: Tree, b: Tree): Tree => treeMap((x, y) => np.add(x, y), a, b);
const half = (a: Tree): Tree => treeMap((x) => np.mul(x, 0.5), a);

type Pair = readonly [q: Tree, p: Tree];
type PairOfTerms = readonly [Term, Term];

function stormerVerlet(
  [velocity, force]: PairOfTerms,
  { t0, t1, y0: [q, p], args }: SolverStep<null, Pair>,
): SolverStepResult<null> {
  const middle = np.add(t0, np.mul(np.sub(t1, t0), 0.5));
  const p1 = plus(p, force.vfProd(t0, q, args, force.contr(t0, middle)));
  const q1 = plus(q, velocity.vfProd(middle, p1, args, velocity.contr(t0, t1)));
  const p2 = plus(p1, force.vfProd(t1, q1, args, force.contr(middle, t1)));
  const denseInfo = { y0: [q, p], y1: [q1, p2] };
  return { y1: [q1, p2], yError: null, denseInfo, solverState: null, result: null };
}

function slopes([velocity, force]: PairOfTerms, t: Scalar, [q, p]: Pair, args: unknown): Pair {
  return [velocity.vf(t, p, args), force.vf(t, q, args)];
}

/** A symplectic method of order 2, for a pair of terms. */
export function StormerVerlet(): Solver<null, readonly ["term", "term"], Pair> {
  const claims = { order: 2 };
  const fields = { termStructure: ["term", "term"], interpolation, func: slopes } as const;
  return solver("test/StormerVerlet", claims, { ...fields, step: stormerVerlet });
}

/** Each of the two terms by the rule of Heun, one after the other. */
function splitStep(
  { terms: [first, second] }: MultiTerm<readonly [Term, Term]>,
  { t0, t1, y0, args }: SolverStep<null>,
): SolverStepResult<null> {
  const heun = (term: Term, y: Tree): Tree => {
    const control = term.contr(t0, t1);
    const k1 = term.vfProd(t0, y, args, control);
    const k2 = term.vfProd(t1, plus(y, k1), args, control);
    return plus(y, half(plus(k1, k2)));
  };
  const y1 = heun(second, heun(first, y0));
  return { y1, yError: null, denseInfo: { y0, y1 }, solverState: null, result: null };
}

/** A splitting method of order 1, for a sum of two terms. */
export function Splitting(): Solver<null, { readonly sum: readonly ["term", "term"] }> {
  const fields = { termStructure: { sum: ["term", "term"] }, interpolation } as const;
  return solver("test/Splitting", { order: 1 }, { ...fields, step: splitStep });
}
