/**
 * Reads functions written in ordinary JavaScript arithmetic.
 *
 * @packageDocumentation
 */
export { callbackOf } from "./callbackOf.ts";
export { plain } from "./plain.ts";
export { PlainError } from "./PlainError.ts";
export type { PlainArguments, PlainFunction, PlainResult } from "./PlainFunction.ts";
export { type CalledInRun, readField } from "./readField.ts";
export { readFunctions } from "./readFunctions.ts";
export { readPlain, type Reading } from "./readPlain.ts";
export type { ResultKind } from "./stateDtype.ts";
