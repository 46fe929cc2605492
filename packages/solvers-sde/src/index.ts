/**
 * Solvers of stochastic differential equations.
 *
 * @packageDocumentation
 */
export { ALIGN, alignMethod } from "./ALIGN.ts";
export { EulerHeun } from "./EulerHeun.ts";
export { GeneralShARK, generalSharkTableau } from "./GeneralShARK.ts";
export { ItoMilstein } from "./ItoMilstein.ts";
export { fosterLangevinSRK } from "./fosterLangevinSRK.ts";
export {
  type CoefficientsAt,
  decay,
  type LangevinCoefficient,
  type LangevinTable,
  ofSpaceTime,
  ofSpaceTimeTime,
  phi1,
  phi2,
} from "./LangevinCoefficient.ts";
export type { LangevinOptions, LangevinSRK } from "./langevinSRK.ts";
export type {
  LangevinLeaf,
  LangevinMethod,
  LangevinStep,
  LangevinStepResult,
  LangevinStructure,
  LangevinTerms,
} from "./LangevinStep.ts";
export { QUICSORT, quicsortMethod } from "./QUICSORT.ts";
export { ShOULD, shouldMethod } from "./ShOULD.ts";
export { driftAndDiffusion, type NoiseTerms, type SdeStructure } from "./SdeStructure.ts";
export { SEA, seaTableau } from "./SEA.ts";
export { ShARK, sharkTableau } from "./ShARK.ts";
export { SlowRK, slowRKTableau } from "./SlowRK.ts";
export { SPaRK, sparkTableau } from "./SPaRK.ts";
export { SRA1, sra1Tableau } from "./SRA1.ts";
export { SRK } from "./SRK.ts";
export { StratonovichMilstein } from "./StratonovichMilstein.ts";
export type {
  AdditiveCoeffs,
  AdditiveNoiseTableau,
  GeneralCoeffs,
  GeneralNoiseTableau,
  StochasticButcherTableau,
} from "./StochasticButcherTableau.ts";
export type { StochasticRungeKutta, StochasticRungeKuttaOptions } from "./stochasticRungeKutta.ts";
