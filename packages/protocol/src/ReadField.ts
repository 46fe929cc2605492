import type { Callable } from "@diffrax-ts/pytree";

/**
 * Turns a plain function into one that works on tensors; one that does already is given back as it is.
 *
 * `result` says what it returns: something like the state, its second argument; something like its first argument (`"gradient"`, of a
 * potential); or anything, which then is found out by calling it once.
 *
 * A part types its function as what it is from then on, one on tensors; the maker of the part takes plain ones as well.
 */
export type ReadField = <F extends Callable>(f: F, result?: ResultOfField) => F;

/** What a function returns, as far as whoever reads it is told. */
export type ResultOfField = "state" | "gradient" | "any";
