// Solvers and terms of the kinds to come, written against the protocol: each receives the terms that it asks for, without a cast.
import { add, mul, sub } from "@diffrax-ts/array";
import {
  type ControlWanted,
  type KindOf,
  type MakeInterpolation,
  type MultiTerm,
  type Solver,
  solver,
  type SolverStart,
  type SolverStep,
  type SolverStepResult,
  type Term,
  type TermsOf,
  type TermStructure,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

declare const interpolation: MakeInterpolation;
declare const time: Term<Tree, Scalar>;
declare const start: SolverStart;
declare const begin: SolverStep<null>;

const plus = (a: Tree, b: Tree): Tree => treeMap((x, y) => add(x, y), a, b);
const made = (y0: Tree, y1: Tree): SolverStepResult<null> => ({
  y1,
  yError: null,
  denseInfo: { y0, y1 },
  solverState: null,
  result: null,
});

// One term.

function eulerStep(term: Term, { t0, t1, y0, args }: SolverStep<null>): SolverStepResult<null> {
  return made(y0, plus(y0, term.vfProd(t0, y0, args, term.contr(t0, t1))));
}

export function Euler(): Solver<null, "term"> {
  return solver("test/Euler", { order: 1, strongOrder: 0.5 }, { interpolation, step: eulerStep });
}
Euler().step(time, begin);
// @ts-expect-error -- a list of terms for one
Euler().step([time, time], begin);

// A pair, each for a part of the state.

type Pair = readonly [q: Tree, p: Tree];
type PairOfTerms = readonly [Term, Term];

function pairStep(
  [velocity, force]: PairOfTerms,
  { t0, t1, y0: [q, p], args }: SolverStep<null, Pair>,
): SolverStepResult<null> {
  const q1 = plus(q, velocity.vfProd(t0, p, args, velocity.contr(t0, t1)));
  const p1 = plus(p, force.vfProd(t0, q1, args, force.contr(t0, t1)));
  return made([q, p], [q1, p1]);
}

function pairFunc([velocity, force]: PairOfTerms, t: Scalar, [q, p]: Pair, args: unknown): Tree {
  return [velocity.vf(t, p, args), force.vf(t, q, args)];
}

export function SymplecticEuler(): Solver<null, readonly ["term", "term"], Pair> {
  return solver(
    "test/SymplecticEuler",
    { order: 1 },
    {
      termStructure: ["term", "term"],
      interpolation,
      func: pairFunc,
      step: pairStep,
    },
  );
}
declare const pairBegin: SolverStep<null, Pair>;
SymplecticEuler().step([time, time], pairBegin);
// @ts-expect-error -- one term for a pair
SymplecticEuler().step(time, pairBegin);
// @ts-expect-error -- three terms for a pair
SymplecticEuler().step([time, time, time], pairBegin);
// @ts-expect-error -- a state that is no pair
SymplecticEuler().init([time, time], start satisfies SolverStart<Tensor>);

export function Forgetful(): Solver<null, readonly ["term", "term"], Pair> {
  // @ts-expect-error -- without `func`, which has a default for one term alone
  return solver(
    "test/Forgetful",
    { order: 1 },
    {
      termStructure: ["term", "term"],
      interpolation,
      step: pairStep,
    },
  );
}

// A sum of an explicit and an implicit part, of which the equations are solved to the tolerances of the solve.

interface Stage {
  readonly [key: string]: Tree;
  readonly k: Tree;
}

function imexInit(
  { terms: [explicit] }: MultiTerm<readonly [Term, Term]>,
  { t0, y0, args, tolerances }: SolverStart,
): Stage {
  tolerances?.norm(y0) satisfies Scalar | undefined;
  return { k: explicit.vf(t0, y0, args) };
}

function imexStep(
  { terms: [explicit, implicit] }: MultiTerm<readonly [Term, Term]>,
  { t0, t1, y0, args, tolerances, solverState: { k } }: SolverStep<Stage>,
): SolverStepResult<Stage> {
  const { rtol, atol } = tolerances ?? { rtol: 1e-6, atol: 1e-9 };
  [rtol, atol] satisfies readonly (number | Scalar)[];
  const slope = plus(explicit.prod(k, explicit.contr(t0, t1)), implicit.vf(t1, y0, args));
  return { ...made(y0, plus(y0, slope)), solverState: { k } };
}

export function KenCarp(): Solver<Stage, { readonly sum: readonly ["term", "term"] }> {
  return solver(
    "test/KenCarp",
    { order: 3, errorOrder: 2.5 },
    {
      termStructure: { sum: ["term", "term"] },
      interpolation,
      init: imexInit,
      step: imexStep,
    },
  );
}
declare const imexBegin: SolverStep<Stage>;
declare const sum: MultiTerm<readonly [Term, Term]>;
KenCarp().step(sum, imexBegin);
// @ts-expect-error -- one term for a sum of two
KenCarp().step(time, imexBegin);
// @ts-expect-error -- a pair for a sum
KenCarp().step([time, time], imexBegin);

// A drift, and a diffusion against Brownian motion whose Lévy area is wanted.

interface LevyArea {
  readonly [key: string]: Tree;
  readonly dt: Scalar;
  readonly W: Tree;
  readonly H: Tree;
}

/** Where the search of the last step ended. */
interface Searched {
  readonly [key: string]: Tree;
  readonly t: Scalar;
  readonly W: Tree;
}

interface Diffusion extends Term<Tree, Tree, Searched> {
  readonly kind: "test/Diffusion";
  contr(t0: Scalar, t1: Scalar, wanted: { readonly levy: true }): LevyArea;
  contr(t0: Scalar, t1: Scalar, wanted?: ControlWanted): Tree;
}

type DriftAndDiffusion = MultiTerm<readonly [Term, Diffusion]>;

function rungeKuttaStep(
  { terms: [drift, diffusion] }: DriftAndDiffusion,
  { t0, t1, y0, args }: SolverStep<null>,
): SolverStepResult<null> {
  const { W, H } = diffusion.contr(t0, t1, { levy: true });
  const noise = diffusion.prod(diffusion.vf(t0, y0, args), plus(W, H));
  return made(y0, plus(noise, drift.vfProd(t0, y0, args, drift.contr(t0, t1))));
}

interface DriftAndNoise {
  readonly sum: readonly ["term", KindOf<Diffusion>];
}

export function SRA1(): Solver<null, DriftAndNoise> {
  const termStructure: DriftAndNoise = { sum: ["term", { kind: "test/Diffusion" }] };
  const fields = { termStructure, interpolation, step: rungeKuttaStep };
  return solver("test/SRA1", { order: 2, strongOrder: 1.5, errorOrder: 2 }, fields);
}
declare const noisy: DriftAndDiffusion;
SRA1().step(noisy, begin);
// @ts-expect-error -- two terms of time
SRA1().step(sum, begin);

// Terms by their kinds, whose own data the solver reads.

interface LangevinDrift extends Term {
  readonly kind: "test/LangevinDrift";
  readonly gamma: Tensor;
  readonly gradF: (x: Tree) => Tree;
}

interface LangevinDiffusion extends Term {
  readonly kind: "test/LangevinDiffusion";
  readonly gamma: Tensor;
}

type Langevin = readonly [KindOf<LangevinDrift>, KindOf<LangevinDiffusion>];

function langevinStep(
  [drift, diffusion]: readonly [LangevinDrift, LangevinDiffusion],
  { t0, t1, y0: [x, v] }: SolverStep<null, Pair>,
): SolverStepResult<null> {
  const damped = treeMap((a) => mul(a, drift.gamma), v);
  const kicked = plus(damped, diffusion.contr(t0, t1));
  return made([x, v], [x, treeMap((a, b) => sub(a, b), kicked, drift.gradF(x))]);
}

export function ALIGN(): Solver<null, Langevin, Pair> {
  const termStructure: Langevin = [
    { kind: "test/LangevinDrift" },
    { kind: "test/LangevinDiffusion" },
  ];
  const func = ([drift]: readonly [LangevinDrift, LangevinDiffusion], t: Scalar, y: Tree): Tree =>
    drift.vf(t, y, null);
  const fields = { termStructure, interpolation, func, step: langevinStep };
  return solver("test/ALIGN", { order: 2, strongOrder: 2 }, fields);
}
declare const drift: LangevinDrift;
declare const diffusion: LangevinDiffusion;
ALIGN().step([drift, diffusion], pairBegin);
// @ts-expect-error -- in another order
ALIGN().step([diffusion, drift], pairBegin);
// @ts-expect-error -- terms of other kinds
ALIGN().step([time, time], pairBegin);

// A kind without a type: any term that has it.
declare const ofKind: TermsOf<{ readonly kind: "test/LangevinDrift" }>;
ofKind satisfies Term & { readonly kind: "test/LangevinDrift" };
// @ts-expect-error -- of another kind
time satisfies typeof ofKind;

// A solver round another one wants what that wants.

interface Twice<State extends Tree, Structure extends TermStructure> extends Solver<
  State,
  Structure
> {
  readonly solver: Solver<State, Structure>;
}

function twiceStep<State extends Tree, Structure extends TermStructure>(
  this: Twice<State, Structure>,
  terms: TermsOf<Structure>,
  whole: SolverStep<State>,
): SolverStepResult<State> {
  const { y1, solverState } = this.solver.step(terms, whole);
  return this.solver.step(terms, { ...whole, y0: y1, solverState });
}

declare function Twice<State extends Tree, const Structure extends TermStructure>(
  solver: Solver<State, Structure>,
): Twice<State, Structure>;
export const step: typeof twiceStep = twiceStep;
Twice(Euler()).step(time, begin);
Twice(KenCarp()).step(sum, imexBegin);
// @ts-expect-error -- one term for a sum of two
Twice(KenCarp()).step(time, imexBegin);

// Every solver is one for whoever does not ask what it wants.
export const all: readonly Solver[] = [Euler(), SymplecticEuler(), KenCarp(), SRA1(), ALIGN()];
