/**
 * How long steps are, and which of them are kept.
 *
 * @packageDocumentation
 */
export {
  type ClipState,
  ClipStepSizeController,
  type ClipStepSizeControllerOptions,
  type TimeList,
} from "./ClipStepSizeController.ts";
export { ConstantStepSize, type ConstantStepSizeState } from "./ConstantStepSize.ts";
export { type InitialStepOptions, selectInitialStep } from "./initialStep.ts";
export { PIDController, type PIDControllerState } from "./PIDController.ts";
export type { PIDControllerOptions } from "./PIDControllerOptions.ts";
export type { RejectedTimes } from "./RejectedTimes.ts";
export { StepTo, type StepToOptions } from "./StepTo.ts";
