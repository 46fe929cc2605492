import { describeValue, part, type Part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import type { DenseInfo, MakeInterpolation } from "./LocalInterpolation.ts";
import type { TracedResult } from "./results.ts";
import { slopeOf } from "./slopeOf.ts";
import type { LevyArea } from "./levyArea.ts";
import type { NoiseType } from "./NoiseType.ts";
import type { StepCounts } from "./StepCounts.ts";
import { isStochastic } from "./isStochastic.ts";
import type { Terms, TermsOf, TermStructure } from "./Terms.ts";
import type { Tolerances } from "./Tolerances.ts";
import type { Tree } from "./Tree.ts";

/** Where a solver starts. */
export interface SolverStart<Y extends Tree = Tree> {
  readonly t0: Scalar;
  /** The end of the first step. */
  readonly t1: Scalar;
  readonly y0: Y;
  readonly args: unknown;
  /** Those of the step size controller, in the dtype of the solve; `null` if it has none, as with constant steps. */
  readonly tolerances: Tolerances | null;
}

/** One step to be made, from `t0` to `t1`. */
export interface SolverStep<State, Y extends Tree = Tree> extends SolverStart<Y> {
  /** What the step before this one passed on. */
  readonly solverState: State;
  /** Whether the vector field has jumped at `t0`: what was known of it there is no longer true. */
  readonly madeJump: Tensor | false;
}

/** What a step gives. */
export interface SolverStepResult<State> {
  readonly y1: Tree;
  /** An estimate of the local error of `y1`, with the structure of `y1`; `null` if the solver has none. */
  readonly yError: Tree;
  /** For the interpolation within the step. */
  readonly denseInfo: DenseInfo;
  readonly solverState: State;
  readonly result: TracedResult;
  /** How much work it took: for solves with `stats: "full"`, and without them nothing comes of it. @defaultValue nothing is counted */
  readonly counts?: StepCounts;
}

/** The integral of a stochastic equation that its solution is one of. */
export type Interpretation = "ito" | "stratonovich";

/** What a solver says of stochastic equations. Left out, it says nothing. */
export interface StochasticClaims {
  /** Which solution it converges to: a solve of a stochastic equation warns if that is not known. */
  readonly interpretation?: Interpretation | undefined;
  /** The least that it has to know of each step of a Brownian motion; more is accepted. @defaultValue any control will do */
  readonly minimalLevyArea?: LevyArea | undefined;
  /** The most general noise that it is made for. @defaultValue "general" */
  readonly noiseType?: NoiseType | undefined;
}

/**
 * A method that takes one step at a time. It holds no state: what changes from step to step is passed along.
 *
 * Its functions stand at module level and read their data from `this`, so that a record rebuilt from its leaves
 * works, and two calls of a maker with the same options are one trace. `solver(kind, claims, …)` makes the record.
 */
export interface Solver<
  State extends Tree = Tree,
  Structure extends TermStructure = TermStructure,
  Y extends Tree = Tree,
>
  extends Part, StochasticClaims {
  /** The terms that it wants: it is given no others, and its functions receive them in this structure. */
  readonly termStructure: Structure;
  /** What makes the solution between the ends of a step. */
  readonly interpolation: MakeInterpolation;
  /**
   * Whether it does the same with every number of the state, whichever leaf it stands in: its functions reach the state by `treeMap` and
   * `treeLeaves`, element by element, and so does its interpolation. Then many scalars are handed to it as one vector. Of a solver of
   * several terms that holds for each part of the state. @defaultValue false: it sees the state as it is
   */
  readonly isElementwise?: boolean;
  /** The order of convergence on ordinary differential equations. It may be a fraction. */
  order(terms: TermsOf<Structure>): number;
  /** The strong order on stochastic ones; `null` if it has none. */
  strongOrder(terms: TermsOf<Structure>): number | null;
  /** The order of the local error, which step size control goes by; `null` if not known. It may be a fraction. */
  errorOrder(terms: TermsOf<Structure>): number | null;
  /** `f(t, y)`, for the choice of a first step. */
  func(terms: TermsOf<Structure>, t: Scalar, y: Y, args: unknown): Tree;
  /** What the first step is to be passed. Its structure, shapes and dtypes stay the same through the solve. */
  init(terms: TermsOf<Structure>, start: SolverStart<Y>): State;
  /**
   * Of a reversible method, whose steps are undone by steps back from the same solver state: how far what it carries is from the
   * solution `y`, a tree like `y`. With `initAt` it makes the gradients of `BacksolveAdjoint` those of the steps.
   */
  offset?(state: State, y: Y): Tree;
  /** The state where what it carries is that far from the solution at `start`: `init` for an offset of nothing. */
  initAt?(terms: TermsOf<Structure>, start: SolverStart<Y>, offset: Tree): State;
  /** One step, kept or not: it is traced once, and may be asked again from the same start with a shorter step. */
  step(terms: TermsOf<Structure>, step: SolverStep<State, Y>): SolverStepResult<State>;
}

/** What a solver claims of itself. Orders may be fractions. */
export interface Claims {
  /** On ordinary differential equations. */
  readonly order: number;
  /** On stochastic ones; `null` if it does not converge. @defaultValue null */
  readonly strongOrder?: number | null;
  /**
   * Of the local error on ordinary equations. On stochastic ones it is `strongOrder + 0.5`. @defaultValue `order`: the embedded solution
   * is of one order less
   */
  readonly errorOrder?: number | null;
}

/** A solver that holds its claims. */
export interface Claiming {
  readonly claims: Claims;
}

/** What a solver is made of; its own data stands beside it. */
export interface SolverFields extends StochasticClaims {
  /** @defaultValue "term" */
  readonly termStructure?: TermStructure;
  readonly interpolation: MakeInterpolation;
  /** Whether it does the same with every number of the state: see `Solver`. @defaultValue false */
  readonly isElementwise?: boolean;
  /** @defaultValue the vector field of the term, or the sum of those of its terms; a solver of several terms has to say what it is */
  readonly func?: (terms: never, t: Scalar, y: never, args: unknown) => Tree;
  /** @defaultValue no state: `null` */
  readonly init?: (terms: never, start: never) => Tree;
  readonly step: (terms: never, step: never) => unknown;
}

/** What `solver` makes. */
export type MadeSolver<Kind extends string, Fields extends SolverFields> = Part<Kind> &
  Claiming &
  Readonly<Fields> &
  Readonly<Omit<Defaults, keyof Fields>>;

interface Defaults {
  readonly termStructure: "term";
  readonly order: (this: Claiming) => number;
  readonly strongOrder: (this: Claiming) => number | null;
  readonly errorOrder: (this: Claiming, terms?: Terms) => number | null;
  readonly func: typeof slopeOf;
  readonly init: typeof init;
}

/**
 * Makes the record of a solver from what it claims and from its functions, which stand at module level and read their data from
 * `this`.
 *
 * @param kind - Its name. Those of other packages begin with the name of the package: `"my-package/AB2"`.
 * @param fields - Needs `step` and `interpolation`; the others have defaults. Data of the solver's own stands beside them.
 * @throws RangeError for an order that is not a finite number above 0.
 *
 * @example
 * ```ts
 * import { add } from "@diffrax-ts/array";
 * import { localLinearInterpolation } from "@diffrax-ts/interpolation";
 * import { solver, type SolverStep, type Term, treeMap } from "@diffrax-ts/protocol";
 *
 * function step(term: Term, { t0, t1, y0, args }: SolverStep<null>) {
 *   const dy = term.vfProd(t0, y0, args, term.contr(t0, t1));
 *   const y1 = treeMap((y, d) => add(y, d), y0, dy);
 *   return { y1, yError: null, denseInfo: { y0, y1 }, solverState: null, result: null };
 * }
 * const MyEuler = () => solver("my-package/Euler", { order: 1 }, { interpolation: localLinearInterpolation, step });
 * MyEuler().order();
 * // → 1
 * ```
 */
export function solver<const Kind extends string, const Fields extends SolverFields>(
  kind: Kind,
  claims: Claims,
  fields: Fields,
): MadeSolver<Kind, Fields> {
  requireOrder(kind, "order", claims.order);
  requireOrder(kind, "strongOrder", claims.strongOrder ?? null);
  requireOrder(kind, "errorOrder", claims.errorOrder ?? null);
  // Several terms that act on parts of the state have no vector field in common.
  const slope = Array.isArray(fields.termStructure) ? undefined : slopeOf;
  // In one literal, as this stands inside calls that take microseconds.
  const record = {
    claims,
    termStructure: "term",
    order,
    strongOrder,
    errorOrder,
    func: slope,
    init,
    ...fields,
  };
  // TypeScript does not see that a spread is its right side with the rest of its left side.
  return part(kind, record) as MadeSolver<Kind, Fields>;
}

function requireOrder(kind: string, name: keyof Claims, value: number | null): void {
  if (typeof value === "number" && value > 0 && value < Infinity) return;
  if (value === null && name !== "order") return;
  throw new RangeError(
    `solver: ${kind}: ${name} must be a finite number above 0${name === "order" ? "" : ", or null"}, got ${describeValue(value)}`,
  );
}

function order(this: Claiming): number {
  return this.claims.order;
}

function strongOrder(this: Claiming): number | null {
  return this.claims.strongOrder ?? null;
}

/** As in Diffrax, that of the error of a stochastic equation is half of one above the strong order. */
function errorOrder(this: Claiming, terms?: Terms): number | null {
  const { order: own, strongOrder: strong = null, errorOrder: claimed } = this.claims;
  if (terms !== undefined && isStochastic(terms)) return strong === null ? null : strong + 0.5;
  return claimed === undefined ? own : claimed;
}

function init(): null {
  return null;
}
