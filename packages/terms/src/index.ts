/**
 * Vector fields and the controls they are integrated against.
 *
 * @packageDocumentation
 */
export { ControlTerm, type ControlTermOptions } from "./ControlTerm.ts";
export { ODETerm, type UntypedTerm } from "./ODETerm.ts";
export { MultiTerm } from "./MultiTerm.ts";
export { WeaklyDiagonalControlTerm } from "./WeaklyDiagonalControlTerm.ts";
export { WrapTerm, wrapTerms } from "./WrapTerm.ts";
