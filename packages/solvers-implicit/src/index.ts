/**
 * Implicit and implicit-explicit solvers, for stiff problems.
 *
 * @packageDocumentation
 */
export type { CalculateJacobian } from "./CalculateJacobian.ts";
export { DIRK, ESDIRK, SDIRK } from "./DIRK.ts";
export { IMEX } from "./IMEX.ts";
export { ImplicitEuler, implicitEulerTableau } from "./ImplicitEuler.ts";
export type { ImexRungeKutta, ImplicitRungeKutta, ImplicitState } from "./implicitRungeKutta.ts";
export type { ImplicitOptions } from "./ImplicitOptions.ts";
export { KenCarp3, kenCarp3Tableau } from "./KenCarp3.ts";
export { KenCarp4, kenCarp4Tableau } from "./KenCarp4.ts";
export { KenCarp5, kenCarp5Tableau } from "./KenCarp5.ts";
export { Kvaerno3, kvaerno3Tableau } from "./Kvaerno3.ts";
export { Kvaerno4, kvaerno4Tableau } from "./Kvaerno4.ts";
export { Kvaerno5, kvaerno5Tableau } from "./Kvaerno5.ts";
export type { MultiButcherTableau, Tableau } from "./MultiButcherTableau.ts";
export { Sil3, sil3Tableau } from "./Sil3.ts";
