import { leafType, type Type } from "@diffrax-ts/program";
import { type DType, isLeaf, isTensor, isTypedArray } from "@diffrax-ts/pytree";
import { hasCount, loadFields, loadNumbers } from "./fields.ts";

/** What a JavaScript function has to return. */
export interface Form {
  readonly tag: "number" | "truth" | "constant" | "array" | "record";
  /** How many numbers it holds; a truth value is one. */
  readonly size: number;
  /** Of numbers alone. */
  readonly isFlat: boolean;
  /** Of a record. */
  readonly keys: readonly string[];
  readonly children: readonly Form[];
  /** Of a constant: a text, `null`, a function. */
  readonly value?: unknown;
}

/**
 * The form of a tree; the types of its leaves are added to `types`.
 *
 * @param dtype - What numbers of JavaScript become.
 */
export function formOf(tree: unknown, types: Type[], dtype: DType): Form {
  if (typeof tree === "number" || typeof tree === "boolean") {
    const isNumber = typeof tree === "number";
    types.push({ dtype: isNumber ? dtype : "bool", shape: [], buffer: false });
    return scalar(isNumber ? "number" : "truth");
  }
  if (isLeaf(tree)) {
    const type = leafType(tree, "plain");
    types.push(type.dtype === "float64" && !isTensor(tree) ? { ...type, dtype } : type);
    return type.shape.reduceRight<Form>(
      (element, length) => formWith("array", [], Array<Form>(length).fill(element)),
      scalar("number"),
    );
  }
  if (typeof tree !== "object" || tree === null)
    return { ...formWith("constant", [], []), value: tree };
  const isArray = Array.isArray(tree);
  // The order of the leaves of a tree is that of sorted keys.
  const keys = isArray ? [] : Object.keys(tree).sort();
  const parts: readonly unknown[] = isArray
    ? Array.from(tree)
    : keys.map((key) => (tree as Readonly<Record<string, unknown>>)[key]);
  const children = parts.map((part) => formOf(part, types, dtype));
  return formWith(isArray ? "array" : "record", keys, children);
}

/** The tree with a leaf in the place of each truth value, as there is one among the types. */
export function withLeaves(tree: unknown): unknown {
  if (typeof tree === "boolean") return Number(tree);
  if (isLeaf(tree) || typeof tree !== "object" || tree === null) return tree;
  return Array.isArray(tree)
    ? tree.map(withLeaves)
    : Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, withLeaves(child)]));
}

function scalar(tag: "number" | "truth"): Form {
  return { ...formWith(tag, [], []), size: 1 };
}

function formWith(tag: Form["tag"], keys: readonly string[], children: readonly Form[]): Form {
  const size = children.reduce((sum, child) => sum + child.size, 0);
  return { tag, size, isFlat: children.every((child) => child.tag === "number"), keys, children };
}

/**
 * Writes what a function returned into `f64`, from a place on.
 *
 * @returns Where it departs from the form, and how; `undefined` if it does not.
 */
export function writeResult(
  form: Form,
  result: unknown,
  f64: Float64Array,
  at: number,
): string | undefined {
  const { tag, isFlat, keys, children } = form;
  switch (tag) {
    case "constant":
      return Object.is(result, form.value)
        ? undefined
        : `: expected ${describe(form.value)} as when it was first called, got ${describe(result)}`;
    case "number":
      if (typeof result === "number") f64[at] = result;
      else if (isTensor(result) && result.shape.length === 0 && result.dtype !== "bool")
        f64[at] = result.item();
      else return `: expected a number, got ${describe(result)}`;
      return undefined;
    case "truth":
      if (typeof result !== "boolean") return `: expected a truth value, got ${describe(result)}`;
      f64[at] = Number(result);
      return undefined;
    case "array":
    case "record":
  }
  const isArray = tag === "array";
  const n = children.length;
  if (isFlat && (isArray ? loadNumbers(result, n, f64, at) : loadFields(result, keys, f64, at)))
    return undefined;
  const parts =
    isTensor(result) && result.shape.length > 0 && result.dtype !== "bool"
      ? result.toArray()
      : result;
  const list = Array.isArray(parts) || isTypedArray(parts) ? parts : undefined;
  if (isArray ? list?.length !== n : list !== undefined || typeof parts !== "object" || !parts) {
    const what = isArray ? `array of ${n}` : `object with ${keys.join(", ")}`;
    return `: expected an ${what}, got ${describe(parts)}`;
  }
  if (!isArray && !hasCount(parts as object, n)) {
    const others = Object.keys(parts as object).filter((key) => !keys.includes(key));
    if (others.length > 0)
      return `: expected an object with ${keys.join(", ")}, got ${others.join(", ")} as well`;
  }
  let next = at;
  for (let i = 0; i < n; i++) {
    const key = isArray ? i : keys[i]!;
    const child = (parts as Readonly<Record<string | number, unknown>>)[key];
    const misfit = writeResult(children[i]!, child, f64, next);
    if (misfit !== undefined) return (isArray ? `[${key}]` : `.${key}`) + misfit;
    next += children[i]!.size;
  }
  return undefined;
}

/** A form as a text, the same for the same form; `undefined` if it has a constant that no text stands for. */
export function textOf({ tag, size, isFlat, keys, children, value }: Form): string | undefined {
  if (tag === "constant") {
    if (
      typeof value === "object"
        ? value !== null
        : typeof value === "function" || typeof value === "symbol"
    )
      return undefined;
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  }
  if (tag === "number" || tag === "truth") return tag;
  if (isFlat && tag === "array") return `[${size}]`;
  const parts = children.map(textOf);
  if (parts.includes(undefined)) return undefined;
  return `${JSON.stringify(keys)}(${parts.join()})`;
}

/** What kind of thing a result is, for errors. */
export function describe(x: unknown): string {
  if (x === null || x === undefined) return String(x);
  if (typeof x === "string") return `the text ${JSON.stringify(x)}`;
  if (typeof x === "boolean") return `the truth value ${x}`;
  const { length } = x as { readonly length?: unknown };
  if (typeof x !== "object") return `a ${typeof x}`;
  if (x instanceof Promise) return "a promise";
  if (isTensor(x)) return `a tensor, ${x.dtype}[${x.shape.join()}]`;
  return typeof length === "number" ? `an array of ${length}` : "an object";
}
