import type { Node } from "acorn";
import type { Callable, Tensor } from "@diffrax-ts/pytree";
import type { FunctionNode, Unit } from "../parse/Unit.ts";
import { asArrays, errorAt } from "../errorAt.ts";
import type { Option } from "./Choice.ts";
import type { Made } from "./containers.ts";
import type { Scope } from "./Scope.ts";
import type { Tape } from "./Tape.ts";
import type { Level } from "../turns/Level.ts";

/** Of which of two values a number is, and where. */
interface Selection {
  readonly when: Tensor;
  /** The one for where the condition holds, or for where it does not. */
  readonly side: (is: boolean) => unknown;
}

/**
 * One reading of a function: its syntax tree is walked with traced values in the place of numbers.
 *
 * The functions are what the parts call each other through.
 */
export interface Machine {
  tape: Tape;
  /** That of what is round all loops whose turns are read at once. */
  readonly outermost: Tape;
  /** The innermost loop whose turns are read at once. */
  level: Level | null;
  /** Whether anything can be recorded. */
  readonly isTraced: boolean;
  /** Scopes, arrays and objects that were made here. Only these can be changed. */
  readonly made: Map<object, Made>;
  /** Arrays and objects that `Object.freeze` was called with. */
  readonly frozen: Set<unknown>;
  /** Functions that belong to this reading and are called as they are. */
  readonly functions: Set<Callable>;
  /** Tensors that hold a number on one side and a truth value on the other. */
  readonly mixed: Set<object>;
  /** Tensors made of numbers of the source alone: they take the dtype of what they meet. */
  readonly literals: Set<object>;
  /** Numbers that were chosen by a condition, and from what. */
  readonly selections: Map<unknown, Selection>;
  /** Lengths that depend on what was chosen, and what they are for each of these. */
  readonly lengths: Map<unknown, readonly Option[]>;
  /** How many things were made or changed. */
  clock: number;
  /** How many times something that a choice is between was changed. */
  writes: number;
  /** Turns of loops so far. */
  turns: number;
  /** Calls within calls. */
  depth: number;
  /** What is being read now. */
  unit: Unit;
  at: Node;
  readonly evaluate: (node: Node, scope: Scope) => unknown;
  readonly call: (f: unknown, args: readonly unknown[]) => unknown;
  readonly run: (unit: Unit, node: FunctionNode, scope: Scope, args: readonly unknown[]) => unknown;
}

/** @throws PlainError at what is being read. */
export function fail(
  m: Machine,
  what: string,
  wayOut: string = asArrays,
  node: Node = m.at,
): never {
  throw errorAt(m.unit, node, what, wayOut);
}

/** More turns of loops than this are not written out. */
export const mostTurns = 10_000;

/** Notes that something is written out once more for each of so many elements or turns. */
export function countTurns(m: Machine, turns: number, node: Node = m.at): void {
  m.turns += turns;
  if (m.turns <= mostTurns) return;
  fail(
    m,
    `more than ${mostTurns} turns of loops and elements, which are all written out`,
    "use array operations or scan in a traced(…) function",
    node,
  );
}

/** @throws PlainError for what would go wrong in ordinary JavaScript as well. */
export function mistake(m: Machine, what: string, wayOut: string, node: Node = m.at): never {
  throw errorAt(m.unit, node, what, wayOut, true);
}
