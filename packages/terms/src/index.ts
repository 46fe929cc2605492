/**
 * Vector fields and the controls they are integrated against.
 *
 * @packageDocumentation
 */
export { ODETerm, type UntypedTerm } from "./ODETerm.ts";
export { WrapTerm } from "./WrapTerm.ts";
