import {
  Euler,
  EulerHeun,
  GeneralShARK,
  Heun,
  ItoMilstein,
  Midpoint,
  ReversibleHeun,
  SEA,
  ShARK,
  SlowRK,
  SPaRK,
  SRA1,
  StratonovichMilstein,
} from "@diffrax-ts/core";
import type { Solver } from "@diffrax-ts/protocol";

/** The orders of a solver by noise; `null` where it refuses it. */
interface Orders {
  readonly additive: number;
  readonly commutative: number | null;
  readonly general: number | null;
}

/** A solver of stochastic equations, and what docs/guide/which-sde-solver.md says of it. */
export interface SdeSolver {
  readonly name: string;
  readonly solver: Solver;
  readonly strong: Orders;
  readonly weak: Orders;
}

const of = (
  solver: unknown,
  [additive, commutative, general]: readonly [number, number | null, number | null],
  [weakAdditive, weakCommutative, weakGeneral]: readonly [number, number | null, number | null],
): SdeSolver => ({
  name: (solver as Solver).kind,
  solver: solver as Solver,
  strong: { additive, commutative, general },
  weak: { additive: weakAdditive, commutative: weakCommutative, general: weakGeneral },
});

export const sdeSolvers: readonly SdeSolver[] = [
  of(Euler(), [1, 0.5, 0.5], [1, 1, 1]),
  of(ItoMilstein(), [1, 1, 0.5], [1, 1, 1]),
  of(EulerHeun(), [1, 1, 0.5], [1, 1, 1]),
  of(StratonovichMilstein(), [1, 1, 0.5], [1, 1, 1]),
  of(Heun(), [1, 1, 0.5], [2, 1, 1]),
  of(ReversibleHeun(), [1, 1, 0.5], [2, 1, 1]),
  of(Midpoint(), [1, 1, 0.5], [1, 1, 1]),
  of(SEA(), [1, null, null], [1, null, null]),
  of(SRA1(), [1.5, null, null], [2, null, null]),
  of(ShARK(), [1.5, null, null], [2, null, null]),
  of(GeneralShARK(), [1.5, 1, 0.5], [2, 1, 1]),
  of(SlowRK(), [1.5, 1.5, 0.5], [2, 2, 1]),
  of(SPaRK(), [1.5, 1, 0.5], [2, 1, 1]),
];
