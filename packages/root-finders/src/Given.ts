import type { LinearSolver, LinearTag } from "@diffrax-ts/linear-solvers";
import type { Tolerances, Tree } from "@diffrax-ts/protocol";
import type { Callable, Tensor } from "@diffrax-ts/pytree";
import type { Linearisation, RootFinder, RootFinderInputs } from "./RootFinder.ts";

/** What an iteration needs: all but the tree of arguments and captured values. */
export interface Given {
  readonly fn: Callable;
  readonly finder: RootFinder;
  readonly tolerances: Tolerances;
  readonly linearSolver: LinearSolver | null;
  readonly tags: readonly LinearTag[];
  readonly maxSteps: number | null;
  readonly throws: boolean;
  readonly y0: Tree;
  readonly options: RootFinderInputs;
  readonly weights: Tree | null;
  readonly jacobian: Linearisation | null;
  readonly params: Variables;
}

/** What a root depends on. */
export interface Variables {
  readonly args: unknown;
  readonly captured: readonly Tensor[];
}

/** What an iteration gives. */
export interface Found {
  readonly value: Tree;
  readonly result: Tensor;
  readonly numSteps: Tensor;
  readonly state: unknown;
  readonly jacobian: Linearisation | null;
}
