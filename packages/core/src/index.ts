/**
 * Differential equations in TypeScript: solved, differentiated, batched and compiled.
 *
 * @packageDocumentation
 */
export {};
