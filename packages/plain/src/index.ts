/**
 * Reads functions written in ordinary JavaScript arithmetic.
 *
 * @packageDocumentation
 */
export { callbackOf } from "./callbackOf.ts";
export { plain } from "./plain.ts";
export { PlainError } from "./PlainError.ts";
export { readField } from "./readField.ts";
export { readPlain, type Reading } from "./readPlain.ts";
