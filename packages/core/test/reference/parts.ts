import {
  ALIGN,
  backwardHermiteCoefficients,
  Bisection,
  Bosh3,
  Chord,
  ClipStepSizeController,
  ConstantStepSize,
  ControlTerm,
  CubicInterpolation,
  Dopri5,
  Dopri8,
  Euler,
  EulerHeun,
  Event,
  GeneralShARK,
  HalfSolver,
  Heun,
  ImplicitEuler,
  ItoMilstein,
  KenCarp3,
  KenCarp4,
  KenCarp5,
  Kvaerno3,
  Kvaerno4,
  Kvaerno5,
  LeapfrogMidpoint,
  LinearInterpolation,
  Midpoint,
  MultiTerm,
  Newton,
  np,
  ODETerm,
  PIDController,
  QUICSORT,
  Ralston,
  ReversibleHeun,
  SEA,
  SemiImplicitEuler,
  ShARK,
  ShOULD,
  Sil3,
  SlowRK,
  SPaRK,
  SRA1,
  steadyStateEvent,
  StepTo,
  StratonovichMilstein,
  Tsit5,
  UnderdampedLangevinDiffusionTerm,
  UnderdampedLangevinDriftTerm,
  VeryChord,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import {
  type Path,
  type Solver,
  type StepSizeController,
  type Term,
  traced,
} from "@diffrax-ts/protocol";
import { DiagonalLinearOperator } from "@diffrax-ts/linear-solvers";
import type { Callable, Scalar, Tensor } from "@diffrax-ts/pytree";
import type { RootFinder } from "@diffrax-ts/root-finders";
import type { RungeKuttaOptions } from "@diffrax-ts/solvers";
import type { ImplicitOptions } from "@diffrax-ts/solvers-implicit";
import type { LangevinOptions, StochasticRungeKuttaOptions } from "@diffrax-ts/solvers-sde";
import type { JsonEvent, JsonPath, JsonSaveAt, JsonTerms, NamedPart } from "./figures.ts";
import { childrenOf, type JsonTree, readPlain, readTensor, readTree } from "./jsonTree.ts";
import { conditions, norms, saveFunctions } from "./namedFunctions.ts";
import { potentials } from "./potentials.ts";
import { type Problem, problems } from "./problems.ts";

/** How the functions of a case are written. */
export type Writing = "onTensors" | "plain";

type Options = Readonly<Record<string, unknown>>;

const solvers: Readonly<Record<string, (options: RungeKuttaOptions) => unknown>> = {
  Bosh3,
  Dopri5,
  Dopri8,
  Euler,
  EulerHeun,
  Heun,
  ItoMilstein,
  LeapfrogMidpoint,
  Midpoint,
  Ralston,
  ReversibleHeun,
  SemiImplicitEuler,
  StratonovichMilstein,
  Tsit5,
};

const stochasticSolvers: Readonly<
  Record<string, (options: StochasticRungeKuttaOptions & LangevinOptions) => unknown>
> = { ALIGN, GeneralShARK, QUICSORT, SEA, ShARK, ShOULD, SlowRK, SPaRK, SRA1 };

const implicitSolvers: Readonly<Record<string, (options: ImplicitOptions) => unknown>> = {
  ImplicitEuler,
  KenCarp3,
  KenCarp4,
  KenCarp5,
  Kvaerno3,
  Kvaerno4,
  Kvaerno5,
  Sil3,
};

export function makeSolver({ name, options }: NamedPart): Solver {
  if (name === "HalfSolver")
    return HalfSolver(makeSolver(options["solver"] as NamedPart)) as Solver;
  const stochastic = stochasticSolvers[name];
  if (stochastic !== undefined) return stochastic({ ...options, diffrax072: true }) as Solver;
  const make = solvers[name];
  return (make === undefined ? makeImplicit(name, options) : make(options)) as Solver;
}

/** The figures were made with the root finder of Diffrax 0.7.2, which takes two steps. */
function makeImplicit(
  name: string,
  { rootFinder, diffrax072 = true, ...options }: Options,
): unknown {
  const make = implicitSolvers[name];
  if (make === undefined)
    throw new Error(`The figures ask for a solver that is not known here: ${name}`);
  const asThere = diffrax072 as boolean;
  const own = rootFinder === undefined ? {} : { rootFinder: makeRootFinder(rootFinder, asThere) };
  return make({ ...options, ...own, diffrax072: asThere });
}

function makeRootFinder(finder: unknown, diffrax072 = true): RootFinder {
  const { name, options = {} } = finder as { name: string; options?: Options };
  const named = withNorm(options);
  if (name === "VeryChord") return VeryChord({ ...named, diffrax072 });
  if (name === "Bisection") return Bisection(named);
  return name === "Newton" ? Newton(named) : Chord(named);
}

export function makeController({ name, options }: NamedPart): StepSizeController {
  if (name === "ConstantStepSize") return ConstantStepSize();
  if (name === "StepTo") return StepTo(options as never);
  if (name === "ClipStepSizeController") {
    const { controller, ...times } = options;
    return ClipStepSizeController({
      ...times,
      controller: makeController(controller as NamedPart),
    });
  }
  if (name !== "PIDController") {
    throw new Error(`The figures ask for a controller that is not known here: ${name}`);
  }
  return PIDController(withNorm(options) as never);
}

/** A function in a slot for fields. */
export function asField(
  functions: Readonly<Record<Writing, Callable>>,
  writing: Writing,
): Callable {
  return writing === "onTensors" ? traced(functions.onTensors) : functions.plain;
}

/** Terms as a user writes them: bare functions where there is no sum. */
export function makeTerms(terms: JsonTerms, writing: Writing): unknown {
  if (terms.kind === "ODETerm") return asField(problems[terms.vectorField]!, writing);
  if (terms.kind === "ControlTerm") {
    const functions = problems[terms.vectorField]!;
    const isDiagonal = terms.operator === "diagonal";
    const field = asField(isDiagonal ? withDiagonal(functions) : functions, writing);
    const term = ControlTerm(field as never, makePath(terms.control));
    return terms.toOde === true ? term.toOde() : term;
  }
  if (terms.kind === "UnderdampedLangevinDriftTerm") {
    const gradF = asField(potentials[terms.gradF]!, writing) as () => never;
    return UnderdampedLangevinDriftTerm({ ...matrices(terms, writing), gradF });
  }
  if (terms.kind === "UnderdampedLangevinDiffusionTerm") {
    const bm = makePath(terms.control);
    return UnderdampedLangevinDiffusionTerm({ ...matrices(terms, writing), bm });
  }
  const all = terms.terms.map((one) => makeTerms(one, writing));
  return terms.kind === "tuple"
    ? all
    : MultiTerm(
        ...all.map((one) => (typeof one === "function" ? ODETerm(one as never) : (one as Term))),
      );
}

/** The friction and the damping of a Langevin term. */
function matrices(
  { gamma, u }: { readonly gamma: JsonTree; readonly u: JsonTree },
  writing: Writing,
): { readonly gamma: unknown; readonly u: unknown } {
  const leaf = writing === "plain" ? readPlain("float64") : readTensor("float64");
  return { gamma: readTree(gamma, leaf), u: readTree(u, leaf) };
}

/** On tensors a diagonal is an operator; in plain arithmetic it is one number for each component. */
function withDiagonal({ onTensors, plain }: Problem): Problem {
  const field = onTensors as unknown as (...args: readonly unknown[]) => Tensor;
  const operator = (t: Scalar, y: Tensor, args: unknown) =>
    DiagonalLinearOperator(field(t, y, args));
  return { onTensors: operator, plain };
}

function makePath(path: JsonPath): Path<unknown> {
  if (path.kind === "VirtualBrownianTree") {
    const { t0, t1, tol, shape, levyArea, key: words } = path;
    const key = np.tensor(words, { dtype: "uint32" });
    return VirtualBrownianTree({ t0, t1, tol, shape, levyArea, key });
  }
  const { kind, ts, ys } = path;
  return kind === "LinearInterpolation"
    ? LinearInterpolation(ts, ys)
    : CubicInterpolation(ts, backwardHermiteCoefficients(ts, ys));
}

/** Options with the norm that they name. */
function withNorm({ norm, ...rest }: NamedPart["options"]): object {
  return norm === undefined ? rest : { ...rest, norm: norms[norm as string]! };
}

function makeConditions(tree: unknown, writing: Writing): unknown {
  if (typeof tree === "string") return asField(conditions[tree]!, writing);
  const children = childrenOf(tree);
  if (children !== null) return children.map((child) => makeConditions(child, writing));
  const record = tree as Readonly<Record<string, unknown>>;
  const steady = record["steadyState"];
  if (steady !== undefined) return steadyStateEvent(withNorm(steady as NamedPart["options"]));
  return Object.fromEntries(
    Object.entries(record).map(([key, child]) => [key, makeConditions(child, writing)]),
  );
}

/** What ends a solve. By `"tree"` Diffrax chooses among several events of a step. */
export function makeEvent(
  { condFn, rootFinder, direction, precedence = "tree" }: JsonEvent,
  writing: Writing,
): Event {
  return Event({
    condFn: makeConditions(condFn, writing) as never,
    rootFinder: rootFinder === null ? null : makeRootFinder(rootFinder),
    direction: direction as never,
    precedence,
  });
}

function makeSubs(subs: unknown, writing: Writing): unknown {
  const children = childrenOf(subs);
  if (children !== null) return children.map((child) => makeSubs(child, writing));
  const record = subs as Readonly<Record<string, unknown>>;
  const isSub = Object.keys(record).every((key) => ["t0", "t1", "ts", "steps", "fn"].includes(key));
  if (isSub) return makeSaveAt(record, writing);
  return Object.fromEntries(
    Object.entries(record).map(([key, sub]) => [key, makeSubs(sub, writing)]),
  );
}

export function makeSaveAt(
  { fn, subs, ...times }: JsonSaveAt,
  writing: Writing,
): Readonly<Record<string, unknown>> {
  return {
    ...times,
    ...(fn === undefined ? {} : { fn: asField(saveFunctions[fn]!, writing) }),
    ...(subs === undefined ? {} : { subs: makeSubs(subs, writing) }),
  };
}
