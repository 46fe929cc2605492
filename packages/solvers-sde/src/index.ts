/**
 * Solvers of stochastic differential equations.
 *
 * @packageDocumentation
 */
export { EulerHeun } from "./EulerHeun.ts";
export { driftAndDiffusion, type NoiseTerms, type SdeStructure } from "./SdeStructure.ts";
