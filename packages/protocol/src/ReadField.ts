import type { Callable } from "@diffrax-ts/pytree";

/**
 * Turns a plain function into one that works on tensors; one that does already is given back as it is.
 *
 * `result` says what it returns: something like the state, its second argument; something like its first argument (`"gradient"`, of a
 * potential); or anything, which then is found out by calling it once.
 */
export type ReadField = (f: Callable, result?: ResultOfField) => Callable;

/** What a function returns, as far as whoever reads it is told. */
export type ResultOfField = "state" | "gradient" | "any";
