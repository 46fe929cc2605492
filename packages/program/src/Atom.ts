import type { Tensor } from "@diffrax-ts/pytree";
import type { Recorder } from "./traceContext.ts";
import type { Type } from "./Type.ts";

/** A value of a program, known by its number: an input of it, or an output of an equation. */
export interface Named extends Type {
  /** What recorded it. */
  readonly trace: Recorder;
  /** Its number in its Program. */
  readonly id: number;
}

/** A constant of a program. */
export interface Known extends Tensor, Type {
  readonly buffer: boolean;
  /** The value of a scalar as it is stored: a `bigint` for int64. */
  readonly scalar: number | bigint;
  readonly trace: undefined;
}

/** What an equation reads: a value of the program, or a constant. */
export type Atom = Named | Known;

/** Whether an atom is a constant. */
export function isConcrete(atom: Atom): atom is Known {
  return atom.trace === undefined;
}

/** Whether an atom is a value of the program. */
export function isVariable(atom: Atom): atom is Named {
  return atom.trace !== undefined;
}

/** Whether an atom is a constant of rank 0. */
export function isScalarConstant(atom: Atom | undefined): atom is Known {
  return atom !== undefined && atom.trace === undefined && atom.shape.length === 0;
}
