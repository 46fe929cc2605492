/**
 * Batches over threads.
 *
 * @packageDocumentation
 */
export { Ensemble } from "./Ensemble.ts";
export type { EnsembleOptions, GradientOptions, MapOptions, ScriptUrl } from "./options.ts";
export type { AbortSignalLike, RunOptions } from "./RunOptions.ts";
