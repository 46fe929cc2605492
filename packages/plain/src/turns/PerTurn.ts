import type { Tensor } from "@diffrax-ts/pytree";
import type { Level } from "./Level.ts";
import { NotAlike } from "./NotAlike.ts";

/** A number or a truth value that is known in each turn of loops that are read at once, and is not the same in all. */
export class PerTurn {
  readonly level: Level;
  /** One for each turn of the loop, for each turn of the loops round it. */
  readonly values: readonly Known[];
  /** The same as a traced scalar, if it was asked for. */
  traced: Tensor | undefined = undefined;

  constructor(level: Level, values: readonly Known[]) {
    this.level = level;
    this.values = values;
  }
}

/** What is known. */
export type Known = number | boolean;

export function isKnown(x: unknown): x is Known {
  return typeof x === "number" || typeof x === "boolean";
}

/** They do the same as long as they go the same way. */
export class Split extends NotAlike {
  readonly level: Level;
  /** Which way each turn goes; that of the loops round it come first. */
  readonly ways: readonly unknown[];

  constructor(level: Level, ways: readonly unknown[]) {
    super();
    this.level = level;
    this.ways = ways;
  }
}
