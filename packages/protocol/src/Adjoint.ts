import type { Part, Scalar, Tensor } from "@diffrax-ts/pytree";
import type { Event } from "./Event.ts";
import type { Solver } from "./Solver.ts";
import type { StepSizeController } from "./StepSizeController.ts";
import type { Terms } from "./Terms.ts";
import type { Tree } from "./Tree.ts";

/** One thing that a solve saves, and when. */
export interface SaveInput {
  readonly t0: boolean;
  readonly t1: boolean;
  /** After every so many steps; 0 for none. */
  readonly steps: number;
  /** `null` if it is the state itself. */
  readonly fn: unknown;
  /** `[n]`, increasing in the direction of the solve. */
  readonly ts: Tensor | null;
}

/** The arguments of a vector field as data of a part, so that what is `fixed` in them stays so. */
export interface SolveArgs extends Part<"args"> {
  readonly params: unknown;
}

/** What is to be kept of the end of the solve. */
export interface Keeps {
  readonly solverState: boolean;
  readonly controllerState: boolean;
  readonly madeJump: boolean;
}

/** What a solve inside of a traced function starts from. Times are as the user gave them. */
export interface SolveInputs {
  readonly terms: Terms;
  readonly solver: Solver;
  readonly controller: StepSizeController;
  /** What may end the solve, or shorten a step; `null` if nothing does. */
  readonly event: Event | null;
  readonly t0: Scalar;
  readonly t1: Scalar;
  /** `null`: to be chosen. */
  readonly dt0: Scalar | null;
  /** That of times, and of the floats in the state. */
  readonly dtype: "float64" | "float32";
  /** All of it floats. */
  readonly y0: Tree;
  readonly args: SolveArgs;
  readonly saves: readonly SaveInput[];
  readonly dense: boolean;
  /** To go on from; `undefined`: to be made. */
  readonly solverState: Tree | undefined;
  readonly controllerState: Tree | undefined;
  readonly madeJump: Tensor | false;
  /** What the results hold of the end of the solve. */
  readonly keeps: Keeps;
  /** The most steps; `null` for no limit. */
  readonly maxSteps: number | null;
  /** Whether a failure is an error of the traced function. */
  readonly throws: boolean;
}

/** What a solve inside of a traced function gives: a tree of tensors, of which an adjoint has to know this much. */
export interface SolveResults {
  /** For each thing to save its times, and one array for each leaf of what is saved. */
  readonly saves: readonly { readonly ts: Tensor; readonly ys: readonly Tensor[] }[];
  /** At the end, a tree; `null` unless it is kept. */
  readonly solverState: unknown;
}

/** How the loop of a solve is to be differentiated. */
export interface LoopOptions {
  /** How many steps reverse mode remembers. @defaultValue as many as fit into its memory */
  readonly checkpoints?: number | "all" | undefined;
}

/** Options of a solve within a solve, with the meaning that they have for `diffeqsolve`. */
export interface InnerSolveOptions {
  readonly t0: Scalar;
  readonly t1: Scalar;
  readonly dt0: Scalar | number | null;
  readonly y0: Tree;
  readonly args: unknown;
  readonly saveat: {
    readonly t1: true;
    readonly controllerState: true;
    readonly solverState: boolean;
  };
  readonly stepsizeController: StepSizeController;
  readonly adjoint: Adjoint;
  readonly maxSteps: number | null;
  readonly throw: boolean;
  readonly controllerState?: Tree;
  readonly solverState?: Tree;
}

/** The solve of another equation within a solve. */
export type InnerSolve = (
  terms: Terms,
  solver: Solver,
  options: InnerSolveOptions,
) => {
  readonly ys: Tree;
  readonly controllerState: Tree;
  readonly solverState: Tree;
  readonly result: Tensor;
};

/** What an adjoint is handed: a solve that has not been made yet, and how to make it. */
export interface AdjointProblem<Inputs extends SolveInputs, Results extends SolveResults> {
  readonly inputs: Inputs;
  /** Makes the solve from these inputs or others like them. */
  readonly loop: (inputs: Inputs, options?: LoopOptions) => Results;
  readonly solve: InnerSolve;
}

/** What is known of a solve before anything is traced. */
export interface AdjointCheck {
  readonly terms: Terms;
  readonly solver: Solver;
  readonly saves: readonly {
    readonly t0: boolean;
    readonly t1: boolean;
    readonly fn: unknown;
    readonly ts: unknown;
    readonly steps: boolean;
  }[];
  /** Whether there are several things to save, in a tree. */
  readonly hasSubs: boolean;
  readonly dense: boolean;
  readonly hasEvent: boolean;
  /** Whether events are recorded or change the state. */
  readonly recordsEvents: boolean;
}

/** How derivatives are taken through a solve. */
export interface Adjoint extends Part {
  /** Refuses what it cannot work with. It is asked before every solve, whether that is differentiated or not. */
  check(problem: AdjointCheck): void;
  /** The solve, in such a way that it can be differentiated. */
  loop<Inputs extends SolveInputs, Results extends SolveResults>(
    problem: AdjointProblem<Inputs, Results>,
  ): Results;
}
