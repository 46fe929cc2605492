import { abs, add, less, logicalAnd, where, zeros } from "@diffrax-ts/array";
import { scalarTensor } from "@diffrax-ts/program";
import type { Tree } from "@diffrax-ts/protocol";
import { part, type Tensor } from "@diffrax-ts/pytree";
import type { IterationStep, Problem, Termination } from "./IterativeSolver.ts";
import type { LeastSquaresSolver } from "./LeastSquaresSolver.ts";
import type { RootFinder } from "./RootFinder.ts";
import { toDType } from "./tolerances.ts";
import { vectorOf } from "./trees.ts";

/** A least squares solver that goes on until the residual vanishes. */
interface ToRoot extends RootFinder<ToRootState> {
  readonly solver: LeastSquaresSolver;
}

interface ToRootState {
  readonly inner: unknown;
  /** Where the last step began; after the first one, where that ended. */
  readonly residual: Tensor;
  readonly isFirst: Tensor;
}

/** The root finder that a least squares solver is, if there is a root. */
export function ToRoot(solver: LeastSquaresSolver): ToRoot {
  const { kind, rtol, atol, norm } = solver;
  return part(kind, { rtol, atol, norm, solver, init, step, terminate });
}

function init(this: ToRoot, problem: Problem, y: Tree): ToRootState {
  const { shape, dtype } = vectorOf(problem.fn(y));
  return {
    inner: this.solver.init(problem, y),
    residual: add(zeros(shape, { dtype }), Infinity),
    isFirst: scalarTensor("bool", 1),
  };
}

function step(
  this: ToRoot,
  problem: Problem,
  y: Tree,
  { inner, isFirst }: ToRootState,
): IterationStep<ToRootState> {
  const next = this.solver.step(problem, y, inner);
  const residual = where(isFirst, this.solver.residual(next.state), this.solver.residual(inner));
  return {
    y: next.y,
    state: { inner: next.state, residual, isFirst: scalarTensor("bool", 0) },
  };
}

function terminate(
  this: ToRoot,
  problem: Problem,
  y: Tree,
  { inner, residual }: ToRootState,
): Termination {
  const { norm, atol } = problem.tolerances;
  const { terminate: isDone, result } = this.solver.terminate(problem, y, inner);
  const isRoot = less(norm(abs(residual)), toDType(atol, residual));
  return { terminate: logicalAnd(isDone, isRoot), result };
}
