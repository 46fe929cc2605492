/**
 * How long the next step of a solve is.
 *
 * @packageDocumentation
 */
export {};
