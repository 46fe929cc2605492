/**
 * How derivatives are taken through the solve of a differential equation.
 *
 * @packageDocumentation
 */
export { adjointRmsSeminorm } from "./adjointRmsSeminorm.ts";
export { AdjointTerm, type AugmentedState } from "./AdjointTerm.ts";
export { BacksolveAdjoint } from "./BacksolveAdjoint.ts";
export type { BacksolveAdjointOptions } from "./BacksolveAdjointOptions.ts";
export { DirectAdjoint } from "./DirectAdjoint.ts";
export { ForwardMode } from "./ForwardMode.ts";
export { ImplicitAdjoint, type ImplicitAdjointOptions } from "./ImplicitAdjoint.ts";
export {
  RecursiveCheckpointAdjoint,
  type RecursiveCheckpointAdjointOptions,
} from "./RecursiveCheckpointAdjoint.ts";
