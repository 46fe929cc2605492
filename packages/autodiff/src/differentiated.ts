import { isFloat, showType, type Type } from "@diffrax-ts/program";
import { keyPaths, type Structure } from "@diffrax-ts/pytree";
import type { TreeProgram } from "./TreeProgram.ts";

/** Which arguments are differentiated: one index, or several. */
export type Argnums = number | readonly number[];

/** What of the arguments `P` is differentiated: one of them, or a list. */
export type Chosen<P extends readonly unknown[], Which extends Argnums> = Which extends number
  ? P[Which]
  : { readonly [Key in keyof Which]: P[Which[Key] & number] };

/** Which leaves of the arguments are differentiated. All of them have to be floats. */
export function leafMask(
  { structure, types }: TreeProgram,
  argnums: Argnums,
  name: string,
): boolean[] {
  const chosen = typeof argnums === "number" ? [argnums] : argnums;
  const mask = types.map(() => false);
  for (const argnum of chosen) {
    const argument = structure.children[argnum];
    if (!Number.isInteger(argnum) || argument === undefined) {
      throw new RangeError(
        `${name}: argnums: there is no argument ${argnum}; the function was called with ${structure.children.length}`,
      );
    }
    const start = structure.starts[argnum]!;
    requireFloats(argument, types.slice(start, start + argument.size), `argument ${argnum}`, name);
    mask.fill(true, start, start + argument.size);
  }
  return mask;
}

function requireFloats(
  structure: Structure,
  types: readonly Type[],
  root: string,
  name: string,
): void {
  for (const [i, type] of types.entries()) {
    if (isFloat(type.dtype)) continue;
    throw new TypeError(
      `${name}: ${keyPaths(structure, root)[i]!} is ${showType(type)}; only floats can be differentiated, so convert it or pass it as another argument`,
    );
  }
}

/** The type of a loss has to be a float scalar. */
export function requireScalar(type: Type | undefined, count: number, name: string): void {
  if (count !== 1 || type === undefined) {
    throw new TypeError(
      `${name}: the function has to return one number, got ${count}; return [loss, aux] and set hasAux for the rest`,
    );
  }
  if (type.shape.length > 0) {
    throw new TypeError(
      `${name}: the function has to return a scalar, got ${showType(type)}; take its sum or its mean`,
    );
  }
  if (!isFloat(type.dtype))
    throw new TypeError(`${name}: the function has to return a float, got ${type.dtype}`);
}

/** How many leaves come first in the result of a function that returns `[result, aux]`. */
export function mainSize({ output }: TreeProgram, name: string): number {
  if (output.tag !== "array" || output.children.length !== 2) {
    throw new TypeError(
      `${name}: with hasAux the function has to return [loss, aux], a list of two`,
    );
  }
  return output.children[0]!.size;
}

/** What is differentiated has to be floats. */
export function requireFloatResults(
  structure: Structure,
  types: readonly Type[],
  name: string,
): void {
  for (const [i, { dtype }] of types.entries()) {
    if (isFloat(dtype)) continue;
    throw new TypeError(
      `${name}: ${keyPaths(structure, "result")[i]!} is ${dtype}; only floats can be differentiated, so return [result, aux], set hasAux, and put it into aux`,
    );
  }
}
