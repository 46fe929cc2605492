/**
 * Reads functions written in ordinary JavaScript arithmetic.
 *
 * @packageDocumentation
 */
export {};
