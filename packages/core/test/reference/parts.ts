import {
  Bosh3,
  ClipStepSizeController,
  ConstantStepSize,
  Dopri5,
  Dopri8,
  Euler,
  HalfSolver,
  Heun,
  LeapfrogMidpoint,
  Midpoint,
  MultiTerm,
  ODETerm,
  PIDController,
  Ralston,
  ReversibleHeun,
  SemiImplicitEuler,
  StepTo,
  Tsit5,
} from "@diffrax-ts/core";
import { type Solver, type StepSizeController, traced } from "@diffrax-ts/protocol";
import type { Callable } from "@diffrax-ts/pytree";
import type { RungeKuttaOptions } from "@diffrax-ts/solvers";
import type { JsonSaveAt, JsonTerms, NamedPart } from "./figures.ts";
import { childrenOf } from "./jsonTree.ts";
import { norms, saveFunctions } from "./namedFunctions.ts";
import { problems } from "./problems.ts";

/** How the functions of a case are written. */
export type Writing = "onTensors" | "plain";

const solvers: Readonly<Record<string, (options: RungeKuttaOptions) => unknown>> = {
  Bosh3,
  Dopri5,
  Dopri8,
  Euler,
  Heun,
  LeapfrogMidpoint,
  Midpoint,
  Ralston,
  ReversibleHeun,
  SemiImplicitEuler,
  Tsit5,
};

/** The solvers of the figures that are still to come. */
export const pendingSolvers: readonly string[] = [
  "Kvaerno3",
  "Kvaerno5",
  "ImplicitEuler",
  "KenCarp4",
  "Sil3",
];

export function makeSolver({ name, options }: NamedPart): Solver {
  if (name === "HalfSolver")
    return HalfSolver(makeSolver(options["solver"] as NamedPart)) as Solver;
  const make = solvers[name];
  if (make === undefined)
    throw new Error(`The figures ask for a solver that is not known here: ${name}`);
  return make(options) as Solver;
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
  const { norm, ...rest } = options;
  const named = norm === undefined ? {} : { norm: norms[norm as string]! };
  return PIDController({ ...rest, ...named } as never);
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
  const all = terms.terms.map((one) => makeTerms(one, writing));
  return terms.kind === "tuple" ? all : MultiTerm(...all.map((f) => ODETerm(f as never)));
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
