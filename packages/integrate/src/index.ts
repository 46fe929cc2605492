/**
 * Solves differential equations: the loop, its drivers and the solution.
 *
 * @packageDocumentation
 */
export {};
