/**
 * What a solve saves, and when.
 *
 * @packageDocumentation
 */
export {};
