/**
 * Vector fields and the controls they are integrated against.
 *
 * @packageDocumentation
 */
export { ControlTerm } from "./ControlTerm.ts";
export { type ControlTermOptions, stepTerm, type StepTerm } from "./stepTerm.ts";
export { ODETerm, type UntypedTerm } from "./ODETerm.ts";
export { MultiTerm } from "./MultiTerm.ts";
export { packTerms } from "./packTerms.ts";
export { WeaklyDiagonalControlTerm } from "./WeaklyDiagonalControlTerm.ts";
export { diagonalLike } from "./diagonalLike.ts";
export {
  type PositionAndVelocity,
  positionAndVelocity,
  type LangevinDiagonals,
  type UnderdampedLangevinParams,
} from "./underdampedLangevin.ts";
export {
  UnderdampedLangevinDiffusionTerm,
  type UnderdampedLangevinDiffusionOptions,
} from "./UnderdampedLangevinDiffusionTerm.ts";
export {
  type UnderdampedLangevinDriftOptions,
  UnderdampedLangevinDriftTerm,
} from "./UnderdampedLangevinDriftTerm.ts";
export { WrapTerm, wrapTerms } from "./WrapTerm.ts";
