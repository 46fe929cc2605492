/**
 * How long steps are, and which of them are kept.
 *
 * @packageDocumentation
 */
export { ConstantStepSize, type ConstantStepSizeState } from "./ConstantStepSize.ts";
export { type InitialStepOptions, selectInitialStep } from "./initialStep.ts";
export { PIDController, type PIDControllerState } from "./PIDController.ts";
export type { PIDControllerOptions } from "./PIDControllerOptions.ts";
export { StepTo, type StepToOptions } from "./StepTo.ts";
