import { readFileSync } from "node:fs";
import type { LinearTag } from "@diffrax-ts/linear-solvers";

type Numbers = readonly number[];

/** An operator, by its numbers. */
export type OperatorFigure =
  | {
      readonly kind: "MatrixLinearOperator";
      readonly matrix: readonly Numbers[];
      readonly tags?: readonly LinearTag[];
    }
  | { readonly kind: "DiagonalLinearOperator"; readonly diagonal: Numbers }
  | {
      readonly kind: "TridiagonalLinearOperator";
      readonly diagonal: Numbers;
      readonly lowerDiagonal: Numbers;
      readonly upperDiagonal: Numbers;
    };

/** A solver, by the name that it has in Lineax. */
export interface SolverFigure {
  readonly name:
    | "LU"
    | "QR"
    | "SVD"
    | "AutoLinearSolver"
    | "Triangular"
    | "Diagonal"
    | "Tridiagonal"
    | "Cholesky"
    | "CG"
    | "GMRES"
    | "BiCGStab";
  readonly options?: object;
}

/** A linear system, and what Lineax makes of it. */
export interface LinearCase {
  readonly id: string;
  readonly operator: OperatorFigure;
  readonly solver: SolverFigure;
  readonly b: Numbers;
  readonly expected: {
    readonly value?: Numbers;
    readonly stats: { readonly numSteps?: number };
    readonly result: string;
  };
  readonly tolerance: { readonly rtol: number; readonly atol: number };
}

/** All cases, computed with Lineax. */
export function readFigures(): readonly LinearCase[] {
  const text = readFileSync(new URL("figures/linear.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly cases: readonly LinearCase[] }).cases;
}
