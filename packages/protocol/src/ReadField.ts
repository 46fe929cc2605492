import type { Callable } from "@diffrax-ts/pytree";

/**
 * Turns a plain function into one that works on tensors; one that does already is given back as it is.
 *
 * `result` says what it returns: something like the state, or anything, which then is found out by calling it once.
 */
export type ReadField = (f: Callable, result?: "state" | "any") => Callable;
