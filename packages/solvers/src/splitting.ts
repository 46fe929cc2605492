import { add, mul, sub } from "@diffrax-ts/array";
import { cond } from "@diffrax-ts/autodiff";
import {
  localLinearInterpolation,
  thirdOrderHermitePolynomialInterpolation,
} from "@diffrax-ts/interpolation";
import {
  evaluationsOf,
  type Claiming,
  type DenseInfo,
  slopeOf,
  type Solver,
  solver,
  type SolverStart,
  type SolverStep,
  type SolverStepResult,
  type StatePart,
  type Term,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import type { Scalar } from "@diffrax-ts/pytree";
import { type SplittingCoefficients, type Substep, substepsOf } from "./SplittingCoefficients.ts";

/** Position and momentum, or whatever two parts of a state change each other. */
export type Pair = readonly [q: Tree, p: Tree];

/** The terms that a splitting method wants: the velocity, which sees `p`, and the force, which sees `q`. */
export type PairStructure = readonly [
  { readonly name: "velocity"; readonly sees: 1 },
  { readonly name: "force"; readonly sees: 0 },
];

type PairOfTerms = readonly [velocity: Term, force: Term];

/** The place of `q` or of `p`. */
type Part = Substep["part"];

/** The slope at the end of a step, if the next one begins with it; nothing otherwise. */
type SplittingState = Tree;

/** A symplectic splitting method. */
export interface SymplecticSplitting<Kind extends string = string>
  extends Solver<SplittingState, PairStructure, Pair>, Claiming {
  readonly kind: Kind;
  readonly coefficients: SplittingCoefficients;
}

/** Makes the method of coefficients that are known to be right: those of this package, which tests hold against all conditions. */
export function splitting<const Kind extends string>(
  kind: Kind,
  coefficients: SplittingCoefficients,
): SymplecticSplitting<Kind> {
  const { order } = coefficients;
  const interpolation =
    order > 1 ? thirdOrderHermitePolynomialInterpolation : localLinearInterpolation;
  const fields = {
    termStructure: structure,
    coefficients,
    interpolation,
    isElementwise: true,
    func,
    init,
    step,
  };
  return solver(kind, { order }, fields);
}

const structure: PairStructure = [
  { name: "velocity", sees: 1 },
  { name: "force", sees: 0 },
];

function func(terms: PairOfTerms, t: Scalar, y: Pair, args: unknown): Pair {
  const [velocity, force] = terms;
  return [
    slopeOf(velocity, t, y[1], args, changed(0, y)),
    slopeOf(force, t, y[0], args, changed(1, y)),
  ];
}

function changed(part: Part, y: Pair): StatePart {
  return { name: `y0[${part}]`, y: y[part] };
}

/** Where terms are evaluated: each sees the part of the state that the other one changes. */
interface At {
  readonly terms: PairOfTerms;
  readonly t: Scalar;
  readonly y: Pair;
  readonly args: unknown;
}

function slope(part: Part, { terms, t, y, args }: At): Tree {
  return terms[part].vf(t, y[part === 0 ? 1 : 0], args, changed(part, y));
}

function increment(part: Part, { terms, t, y, args }: At, control: Tree): Tree {
  return terms[part].vfProd(t, y[part === 0 ? 1 : 0], args, control, changed(part, y));
}

function init(
  this: SymplecticSplitting,
  terms: PairOfTerms,
  { t0, y0, args }: SolverStart<Pair>,
): SplittingState {
  const part = keptPart(substepsOf(this.coefficients));
  return part === null ? null : slope(part, { terms, t: t0, y: y0, args });
}

/**
 * The part that both the first and the last line of a step move. What its term sees stays the same from the one to the other, and so
 * does the slope: the last of a step is the first of the next. `null` if there is none.
 */
function keptPart(lines: readonly Substep[]): Part | null {
  const [first, last] = [lines[0]!, lines.at(-1)!];
  return first.part === last.part && first.at === 0 && last.at === 1 ? first.part : null;
}

function step(
  this: SymplecticSplitting,
  terms: PairOfTerms,
  { t0, t1, y0, args, solverState, madeJump }: SolverStep<SplittingState, Pair>,
): SolverStepResult<SplittingState> {
  const lines = substepsOf(this.coefficients);
  const kept = keptPart(lines);
  const controls = terms.map((term) => term.contr(t0, t1)) as [Tree, Tree];
  // What was known of the slope at t0 does not hold after a jump.
  const f0 =
    kept === null || madeJump === false
      ? solverState
      : cond(
          madeJump,
          () => slope(kept, { terms, t: t0, y: y0, args }),
          () => solverState,
        );

  let y = y0;
  let f1: Tree = null;
  for (const [i, { part, weight, at }] of lines.entries()) {
    const here = { terms, t: within(t0, t1, at), y, args };
    let k: Tree;
    if (kept !== null && i === 0) k = terms[part].prod(f0, controls[part]);
    else if (kept !== null && i === lines.length - 1)
      k = terms[part].prod((f1 = slope(part, here)), controls[part]);
    else k = increment(part, here, controls[part]);
    const moved = treeMap((x, dx) => add(x, mul(dx, weight)), y[part], k); //   y ← y + w f(t, y) Δx
    y = part === 0 ? [moved, y[1]] : [y[0], moved];
  }

  const slopesAt = (t: Scalar, at: Pair, f: Tree): Pair => {
    const k = (part: Part): Tree =>
      part === kept
        ? terms[part].prod(f, controls[part])
        : increment(part, { terms, t, y: at, args }, controls[part]);
    return [k(0), k(1)];
  };
  const denseInfo: DenseInfo =
    this.interpolation === localLinearInterpolation
      ? { y0, y1: y }
      : { y0, y1: y, k: [slopesAt(t0, y0, f0), slopesAt(t1, y, f1)] };
  const counts =
    kept === null ? evaluationsOf(lines.length, false) : evaluationsOf(lines.length - 1, madeJump);
  return { y1: y, yError: null, denseInfo, solverState: f1, result: null, counts };
}

/** The time at a fraction of the step. */
function within(t0: Scalar, t1: Scalar, at: number): Scalar {
  if (at === 0) return t0;
  return at === 1 ? t1 : add(t0, mul(sub(t1, t0), at));
}
