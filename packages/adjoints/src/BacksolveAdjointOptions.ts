import type { Adjoint, Solver, StepSizeController } from "@diffrax-ts/protocol";

/** Options of `BacksolveAdjoint`: those of the solves backward in time, where they are to differ from the solve itself. */
export interface BacksolveAdjointOptions {
  /** Negative where the solve is forward in time. @defaultValue that of the solve, with the opposite sign */
  readonly dt0?: number | null;
  /** @defaultValue that of the solve */
  readonly solver?: Solver;
  /** @defaultValue that of the solve */
  readonly stepsizeController?: StepSizeController;
  /** How the solves backward in time are themselves differentiated. @defaultValue RecursiveCheckpointAdjoint() */
  readonly adjoint?: Adjoint;
  /** The most steps from one time that was saved to the one before. @defaultValue that of the solve */
  readonly maxSteps?: number | null;
  /** @defaultValue that of the solve */
  readonly throw?: boolean;
}
