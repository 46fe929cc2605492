/**
 * Traces, compiles, differentiates and batches functions.
 *
 * @packageDocumentation
 */
export {};
