import { nondifferentiable } from "@diffrax-ts/autodiff";
import type {
  AdjointProblem,
  Event,
  Keeps,
  SolveArgs,
  SolveInputs,
  Solver,
  SolveResults,
  StepSizeController,
  Term,
  Tree,
} from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";

/** What there are derivatives with respect to. */
export interface Variables {
  readonly y0: Tree;
  readonly args: SolveArgs;
  readonly term: Term;
}

/** What else a solve depends on: rules of its own see only what they are given. */
export interface SolveConstants {
  readonly t0: Scalar;
  readonly t1: Scalar;
  readonly dt0: Scalar | null;
  /** Of each thing to save. */
  readonly ts: readonly (Tensor | null)[];
  readonly solverState: Tree | undefined;
  readonly controllerState: Tree | undefined;
  readonly madeJump: Tensor | false;
  readonly solver: Solver;
  readonly controller: StepSizeController;
  readonly event: Event | null;
}

/** A solve as a function of what rules are given; `Given` is what an adjoint hands its own rule besides. */
export type UntypedSolve<Given, Results> = (
  variables: Variables,
  constants: SolveConstants,
  given: Given,
) => Results;

/**
 * The solve that an adjoint was handed, from other values.
 *
 * @param keeps - What is kept of its end. @defaultValue what the solve was asked for
 */
export function remake<Inputs extends SolveInputs, Results extends SolveResults>(
  { inputs, loop }: AdjointProblem<Inputs, Results>,
  { y0, args, term: terms }: Variables,
  { ts, ...constants }: SolveConstants,
  keeps: Keeps = inputs.keeps,
): Results {
  const saves = inputs.saves.map((save, i) => ({ ...save, ts: ts[i]! }));
  return loop({ ...inputs, y0, args, terms, ...constants, saves, keeps });
}

/**
 * The constants of a solve.
 *
 * @param refused - Those whose derivatives are errors instead of zeros.
 */
export function constantsOf(
  inputs: SolveInputs,
  adjoint: string,
  refused: readonly (keyof SolveConstants)[],
): SolveConstants {
  const constants: SolveConstants = {
    t0: inputs.t0,
    t1: inputs.t1,
    dt0: inputs.dt0,
    ts: inputs.saves.map(({ ts }) => ts),
    solverState: inputs.solverState,
    controllerState: inputs.controllerState,
    madeJump: inputs.madeJump,
    solver: inputs.solver,
    controller: inputs.controller,
    event: inputs.event,
  };
  const namesOf: Partial<Record<keyof SolveConstants, string>> = {
    ts: "saveat.ts",
    controller: "the times of the stepsizeController",
  };
  const guarded = refused.map((name) => [
    name,
    nondifferentiable(
      constants[name],
      `diffeqsolve: adjoint: ${adjoint}() has no derivative with respect to ${namesOf[name] ?? name}, only with ` +
        "respect to y0, args and the parameters in the term; leave the adjoint out, which then is RecursiveCheckpointAdjoint()",
    ),
  ]);
  return { ...constants, ...Object.fromEntries(guarded) } as SolveConstants;
}
