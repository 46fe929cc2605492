/**
 * Layers, optimisers and schedules.
 *
 * @packageDocumentation
 */
export { logistic as sigmoid, tanh } from "@diffrax-ts/array";
export { type Activation, gelu, relu, silu, softplus } from "./activations.ts";
export { adabelief } from "./adabelief.ts";
export { adam } from "./adam.ts";
export { adamw, type AdamWOptions } from "./adamw.ts";
export { applyUpdates } from "./applyUpdates.ts";
export { chain } from "./chain.ts";
export { clipByGlobalNorm, globalNorm } from "./clipByGlobalNorm.ts";
export { constantSchedule } from "./constantSchedule.ts";
export { type CosineDecayOptions, cosineDecaySchedule } from "./cosineDecaySchedule.ts";
export { exponentialDecay, type ExponentialDecayOptions } from "./exponentialDecay.ts";
export { GRUCell } from "./GRUCell.ts";
export { incrementalUpdate } from "./incrementalUpdate.ts";
export { joinSchedules } from "./joinSchedules.ts";
export { type LayerOptions, Linear } from "./Linear.ts";
export { linearSchedule, type LinearScheduleOptions } from "./linearSchedule.ts";
export { MLP, type MLPOptions } from "./MLP.ts";
export type { MomentumOptions } from "./momentum.ts";
export type { Optimizer, OptimizerState, OptimizerStep } from "./Optimizer.ts";
export type { LearningRate } from "./scaleByLearningRate.ts";
export { rmsprop, type RmspropOptions } from "./rmsprop.ts";
export type { AdamOptions } from "./scaleByMoments.ts";
export type { RmsOptions } from "./scaleByRms.ts";
export type { Schedule } from "./Schedule.ts";
export { sgd, type SgdOptions } from "./sgd.ts";
export {
  warmupCosineDecaySchedule,
  type WarmupCosineOptions,
} from "./warmupCosineDecaySchedule.ts";
