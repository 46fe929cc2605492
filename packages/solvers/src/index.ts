/**
 * Explicit and symplectic solvers.
 *
 * @packageDocumentation
 */
export { Bosh3, bosh3Tableau } from "./Bosh3.ts";
export { type ButcherTableau, isFsal, isImplicit } from "./ButcherTableau.ts";
export { checkOnce, checkOrders, checkTableau, type OrderClaims } from "./checkTableau.ts";
export { Dopri5, dopri5Tableau } from "./Dopri5.ts";
export { Dopri8, dopri8Tableau } from "./Dopri8.ts";
export { Euler } from "./Euler.ts";
export { explicitRungeKutta } from "./explicitRungeKutta.ts";
export { HalfSolver } from "./HalfSolver.ts";
export { Heun, heunTableau } from "./Heun.ts";
export { LeapfrogMidpoint } from "./LeapfrogMidpoint.ts";
export { Midpoint, midpointTableau } from "./Midpoint.ts";
export { orderReached, type Weighted } from "./orderConditions.ts";
export type { TableChecks } from "./tableChecks.ts";
export { Ralston, ralstonTableau } from "./Ralston.ts";
export type { ExplicitRungeKutta, RungeKuttaOptions } from "./rungeKutta.ts";
export { ReversibleHeun } from "./ReversibleHeun.ts";
export { SemiImplicitEuler, semiImplicitEulerCoefficients } from "./SemiImplicitEuler.ts";
export type { Pair, PairStructure, SymplecticSplitting } from "./splitting.ts";
export type { SplittingCoefficients } from "./SplittingCoefficients.ts";
export { addScaledBy, sumScaledBy } from "./scaledBy.ts";
export { addScaled, scaledSum } from "./scaledSum.ts";
export { stageInterpolation, type StageInterpolation } from "./stageInterpolation.ts";
export { columnOf, columnsOf, shifted, windowOf } from "./stageWindow.ts";
export { StormerVerlet, stormerVerletCoefficients } from "./StormerVerlet.ts";
export { symplecticSplitting } from "./symplecticSplitting.ts";
export { Tsit5, tsit5Tableau } from "./Tsit5.ts";
export { Yoshida4, yoshida4Coefficients } from "./Yoshida4.ts";
