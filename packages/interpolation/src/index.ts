/**
 * Interpolants of a step, and dense solutions.
 *
 * @packageDocumentation
 */
export {};
