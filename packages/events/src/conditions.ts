import { callTraced } from "@diffrax-ts/autodiff";
import { type EventInfo, type ReadEventField, type Tree, unpackTree } from "@diffrax-ts/protocol";
import {
  type Callable,
  describeValue,
  isPart,
  keyPath,
  type Part,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/pytree";

/** A condition as a record, such as `steadyStateEvent()` makes: two that were made alike share a trace. */
export interface Condition extends Part {
  /** The value at a time, on tensors: a truth value, or a number whose sign counts. */
  condition(t: Scalar, y: Tree, args: unknown, info: EventInfo): unknown;
}

/** A truth value or a number, or with `count` a list of these. */
export type ConditionValue =
  | number
  | boolean
  | Tensor
  | Float64Array
  | Float32Array
  | readonly (number | boolean | Tensor)[];

type Evaluate = (...args: never) => ConditionValue;

/** One condition, or several in arrays and records. */
export type ConditionTree =
  | Evaluate
  | Condition
  | readonly ConditionTree[]
  | { readonly [key: string]: ConditionTree };

/** A condition, and what it is called in errors. */
export interface NamedCondition {
  readonly condition: Callable | Condition;
  readonly name: string;
}

export function isCondition(node: unknown): node is Callable | Condition {
  return typeof node === "function" || isPart(node);
}

function isContainer(node: unknown): node is object {
  return typeof node === "object" && node !== null && !isPart(node);
}

/** The keys of a container: those of a record sorted, as in every tree. */
export function keysOf(node: object): readonly string[] {
  return Array.isArray(node) ? Object.keys(node) : Object.keys(node).toSorted();
}

/** The children of a container by their keys, put into a container like it. */
function mapChildren(node: object, f: (child: unknown, key: string) => unknown): unknown {
  const pairs = keysOf(node).map(
    (key) => [key, f((node as Readonly<Record<string, unknown>>)[key], key)] as const,
  );
  return Array.isArray(node) ? pairs.map(([, child]) => child) : Object.fromEntries(pairs);
}

/** A copy of a tree of conditions. @throws TypeError that says where something is none. */
export function checkConditions(
  node: unknown,
  name: string,
  parents: readonly unknown[] = [],
): ConditionTree {
  if (isPart(node) && typeof (node as Partial<Condition>).condition !== "function") {
    throw new TypeError(
      `${name} must be a function (t, y, args) => condition, or several in arrays and records, got ${describeValue(node)}`,
    );
  }
  if (isCondition(node)) return node as Evaluate | Condition;
  if (!isContainer(node) || keysOf(node).length === 0) {
    throw new TypeError(
      `${name} must be a function (t, y, args) => condition, or several in arrays and records, got ${describeValue(node)}`,
    );
  }
  if (parents.includes(node)) throw new TypeError(`${name} contains itself`);
  const inside = [...parents, node];
  return mapChildren(node, (child, key) =>
    checkConditions(child, name + keyPath(Array.isArray(node) ? Number(key) : key), inside),
  ) as ConditionTree;
}

/** The conditions of a tree in order. */
export function listConditions(node: ConditionTree, name: string): readonly NamedCondition[] {
  if (isCondition(node)) return [{ condition: node, name }];
  const children = node as Readonly<Record<string, ConditionTree>>;
  return keysOf(node).flatMap((key) =>
    listConditions(children[key]!, name + keyPath(Array.isArray(node) ? Number(key) : key)),
  );
}

/** The tree with functions that work on tensors. */
export function readConditions(node: ConditionTree, read: ReadEventField): ConditionTree {
  if (typeof node === "function") return read(node, "any", "condFn") as Evaluate;
  if (isPart(node)) return node;
  return mapChildren(node, (child) =>
    readConditions(child as ConditionTree, read),
  ) as ConditionTree;
}

/** A tree like that of the conditions, of values in their order. */
export function treeOf<Value>(node: ConditionTree, values: readonly Value[]): unknown {
  let next = 0;
  const place = (one: unknown): unknown =>
    isCondition(one) ? values[next++] : mapChildren(one as object, place);
  return place(node);
}

/** The value of a condition. */
export function valueOf(
  { condition, name }: NamedCondition,
  t: Scalar,
  y: Tree,
  args: unknown,
  info: EventInfo,
): unknown {
  const state = unpackTree(y);
  return typeof condition === "function"
    ? callTraced(condition, [t, state, args, info], name)
    : condition.condition(t, state, args, info);
}
