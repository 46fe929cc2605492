import type { StepCounts, TracedResult, Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { CalculateJacobian } from "./CalculateJacobian.ts";
import type { StageSolver } from "./stageEquation.ts";
import type { Driven } from "./Summand.ts";

/** The Jacobian `∂residual/∂unknown` of an earlier step, as one step passes it on to the next: what the root finder knows of it. */
export interface KeptJacobian {
  readonly [key: string]: Tree;
  /** The tensors of `Linearisation.factors`. */
  readonly factors: readonly Tensor[];
  readonly rate: Scalar;
  readonly assumedRate: Scalar;
  /** The increment of the control over the step that it was made for. */
  readonly control: Scalar;
}

/** What the stages of a step are computed from. */
export interface StageStart {
  readonly summands: readonly Driven[];
  /** The place of the implicit one among them; -1 if nothing is to be solved for. */
  readonly implicit: number;
  readonly t0: Scalar;
  readonly t1: Scalar;
  readonly y0: Tree;
  readonly args: unknown;
  /** The vector fields at the start, one for each summand, if they are passed on from step to step: stages are then known by `fᵢ`, and not by `kᵢ` alone. */
  readonly f0: readonly Tree[] | null;
  readonly calculateJacobian: CalculateJacobian;
  /** The Jacobian of an earlier step; `null` if each step makes its own. */
  readonly kept: KeptJacobian | null;
  /** Whether the vector field has jumped at `t0`. */
  readonly madeJump: Tensor | false;
  readonly solver: StageSolver;
}

/** The stages of a step. */
export interface Stages {
  /** `kᵢ⁽ᵖ⁾`, for each summand a list. */
  readonly k: readonly (readonly Tree[])[];
  /** The vector fields of the last stage, one for each summand, if they are passed on. */
  readonly fLast: readonly Tree[] | null;
  /** The Jacobian that is passed on, if one is kept. */
  readonly kept: KeptJacobian | null;
  /** How the equations of the implicit ones were solved. */
  readonly result: TracedResult;
  readonly counts: StepCounts;
}
