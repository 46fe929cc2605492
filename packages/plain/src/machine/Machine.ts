import type { Node } from "acorn";
import { type Callable, isTensor, type Tensor } from "@diffrax-ts/pytree";
import type { FunctionNode, Unit } from "../parse/Unit.ts";
import { asArrays, errorAt } from "../errorAt.ts";
import type { Tape } from "./Tape.ts";

/** The variables of a block. */
export interface Scope {
  readonly vars: Record<string, unknown>;
  readonly parent: Scope | null;
  /** Those that were declared with `const`. */
  readonly constants: string[];
}

/** What a variable holds from where its block begins up to its declaration. */
export const undeclared: unique symbol = /* @__PURE__ */ Symbol("undeclared");

/** What is kept while a branch runs whose condition is not known: how things were before. */
export interface Fork {
  /** What was made since is of no concern outside. */
  readonly start: number;
  /** Copies of what was written to: variables of scopes, arrays, objects. */
  readonly saved: Map<object, object>;
}

/** A value that is one of two. */
interface Choice {
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
  readonly tape: Tape;
  readonly forks: Fork[];
  /** When each scope, array and object was made here. Only these can be changed. */
  readonly born: Map<object, number>;
  /** Arrays and objects that were put together from two others, and these two. */
  readonly origins: Map<object, readonly [object, object]>;
  /**
   * Arrays and objects that live on in one that was put together. They cannot be changed any more; and those for
   * which this is true cannot be read any more, because that one was changed.
   */
  readonly absorbed: Map<object, boolean>;
  /** Arrays and objects that `Object.freeze` was called with. */
  readonly frozen: Set<unknown>;
  /** Functions that belong to this reading and are called as they are. */
  readonly functions: Set<Callable>;
  /** Tensors that hold a number on one side and a truth value on the other. */
  readonly mixed: Set<object>;
  /** Tensors made of numbers of the source alone: they take the dtype of what they meet. */
  readonly literals: Set<object>;
  /** What was chosen by a condition, and from what. */
  readonly choices: Map<unknown, Choice>;
  /** How many things were made. */
  clock: number;
  /** Turns of loops so far. */
  turns: number;
  /** Calls within calls. */
  depth: number;
  /** What is being read now. */
  unit: Unit;
  at: Node;
  readonly evaluate: (node: Node, scope: Scope) => unknown;
  /** `f` of a value that is one of two: of each, put together. */
  readonly lift: (x: object, f: (x: unknown) => unknown) => unknown;
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

/** A block within another. */
export function newScope(
  m: Machine,
  parent: Scope | null,
  vars: Readonly<Record<string, unknown>> = {},
  constants: string[] = [],
): Scope {
  return { vars: own(m, copyOf(vars)), parent, constants };
}

/** Notes that something was made here, and may be changed. */
export function own<T extends object>(m: Machine, made: T): T {
  m.born.set(made, m.clock++);
  return made;
}

/** Has to be called before anything is changed. */
export function touch(m: Machine, target: object): void {
  const born = m.born.get(target);
  if (born === undefined)
    fail(
      m,
      "an array or object that came from outside cannot be changed",
      "copy it first: [...x] or { ...x }",
    );
  if (m.frozen.has(target)) fail(m, "this was frozen", "copy it first: [...x] or { ...x }");
  if (m.absorbed.has(target)) refuseShared(m);
  const fork = m.forks.at(-1);
  if (fork !== undefined && born < fork.start && !fork.saved.has(target))
    fork.saved.set(target, copyOf(target));
  for (const origin of m.origins.get(target) ?? []) m.absorbed.set(origin, true);
}

/** Has to be called before an array or object is read. */
export function checkFresh(m: Machine, target: object): void {
  if (m.absorbed.get(target) === true) refuseShared(m);
}

function refuseShared(m: Machine): never {
  fail(
    m,
    "a condition on a traced value chose between this array or object and another, and what it chose was changed later",
    "copy it before: [...x] or { ...x }",
  );
}

/** The same variables, elements or properties. */
export function copyOf<T extends object>(target: T): T {
  return (
    Array.isArray(target)
      ? target.slice() // with its holes
      : Object.assign(Object.create(null) as object, target)
  ) as T;
}

/** Makes the contents of an array, an object or the variables of a scope those of another. */
export function refill(target: object, contents: object): void {
  if (Array.isArray(target)) {
    const elements = contents as readonly unknown[];
    target.length = 0;
    target.length = elements.length;
    for (const i of elements.keys()) if (i in elements) target[i] = elements[i];
  } else {
    for (const key in target) if (!Object.hasOwn(contents, key)) delete target[key as never];
    Object.assign(target, contents);
  }
}

/**
 * A value as it is in the branch that is being read: `x` after `if (c) x = 1` is 1 where `c` holds.
 *
 * What stays traced is left alone: what was computed for one side only must not be used beside it.
 */
export function resolve(m: Machine, value: unknown): unknown {
  let resolved = value;
  for (;;) {
    const choice = m.choices.get(resolved);
    const is = choice && m.tape.facts.get(choice.when);
    if (is === undefined) return isTensor(resolved) && isTensor(value) ? value : resolved;
    resolved = choice!.side(is);
  }
}
