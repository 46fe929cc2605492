/**
 * The interfaces at which the parts of a solve meet, and the result codes.
 *
 * @packageDocumentation
 */
export {};
