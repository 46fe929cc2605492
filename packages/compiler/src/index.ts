/**
 * Programs compiled to WebAssembly.
 *
 * @packageDocumentation
 */
export { Lowering } from "./lower/lowerProgram.ts";
export { carrySlots } from "./lower/Value.ts";
export { CompiledProgram, Run } from "./run/CompiledProgram.ts";
export { Memory, sharedMemory } from "./run/Memory.ts";
