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

const interpolation = localLinearInterpolation;
const plus = (a: Tree, b: Tree): Tree => treeMap((x, y) => np.add(x, y), a, b);
const half = (a: Tree): Tree => treeMap((x) => np.mul(x, 0.5), a);

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
