/**
 * Programs compiled to WebAssembly.
 *
 * @packageDocumentation
 */
export { CompiledProgram, Run } from "./run/CompiledProgram.ts";
export { Memory, sharedMemory } from "./run/Memory.ts";
export { Lowering } from "./lower/lowerProgram.ts";
