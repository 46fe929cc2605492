/**
 * Programs compiled to WebAssembly.
 *
 * @packageDocumentation
 */
export type { Slot } from "./emit/Slot.ts";
export { fused, unfused } from "./emit/fused.ts";
export type {
  CodeSize,
  ExplainedArray,
  ExplainedBlock,
  ExplainedCode,
  ExplainedReverse,
  ExplainedStep,
  Explanation,
  FusedLoop,
  InnerBlocks,
  MemorySize,
  Recomputed,
  Remembered,
  SingleOperation,
} from "./explain/Explanation.ts";
export { explainProgram } from "./explain/explainProgram.ts";
export { loopInLanes } from "./lanes/loopInLanes.ts";
export { Lowering } from "./lower/lowerProgram.ts";
export { carrySlots } from "./lower/Value.ts";
export { CompiledProgram, type PortableProgram } from "./run/CompiledProgram.ts";
export type { Run } from "./run/Run.ts";
export { memoryUse, type MemoryUse } from "./run/memoryUse.ts";
export { hasFma } from "./wasm/features.ts";
