import { leafType, type Type } from "@diffrax-ts/program";
import { isLeaf, isTensor, isTypedArray } from "@diffrax-ts/pytree";
import { loadFields, loadNumbers } from "./fields.ts";

/** What a JavaScript function has to return. */
export interface Form {
  readonly tag: "number" | "nothing" | "array" | "record";
  /** How many numbers it holds. */
  readonly size: number;
  /** Of numbers alone. */
  readonly isFlat: boolean;
  /** Of a record. */
  readonly keys: readonly string[];
  readonly children: readonly Form[];
}

/** The form of a tree; the types of its leaves are added to `types`. */
export function formOf(tree: unknown, types: Type[]): Form {
  if (isLeaf(tree)) {
    const type = leafType(tree, "plain");
    types.push(type);
    return type.shape.reduceRight(
      (element, length) => formWith("array", [], Array<Form>(length).fill(element)),
      { ...formWith("number", [], []), size: 1 },
    );
  }
  if (typeof tree !== "object" || tree === null) return formWith("nothing", [], []);
  const isArray = Array.isArray(tree);
  // The order of the leaves of a tree is that of sorted keys.
  const keys = isArray ? Object.keys(tree) : Object.keys(tree).sort();
  const children = keys.map((key) => formOf((tree as Record<string, unknown>)[key], types));
  return formWith(isArray ? "array" : "record", keys, children);
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
  if (tag === "nothing") return undefined;
  if (tag === "number") {
    if (typeof result === "number" || isScalar(result)) f64[at] = Number(result);
    else return `: expected a number, got ${describe(result)}`;
    return undefined;
  }
  const isArray = tag === "array";
  const n = children.length;
  if (isFlat && (isArray ? loadNumbers(result, n, f64, at) : loadFields(result, keys, f64, at)))
    return undefined;
  const parts = isTensor(result) && !isScalar(result) ? result.toArray() : result;
  const list = Array.isArray(parts) || isTypedArray(parts) ? parts : undefined;
  if (isArray ? list?.length !== n : list !== undefined || typeof parts !== "object" || !parts) {
    const what = isArray ? `array of ${n}` : `object with ${keys.join(", ")}`;
    return `: expected an ${what}, got ${describe(parts)}`;
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

function isScalar(x: unknown): boolean {
  return typeof x === "boolean" || (isTensor(x) && x.shape.length === 0);
}

function describe(x: unknown): string {
  if (x === null || x === undefined) return String(x);
  const { length } = x as { readonly length?: unknown };
  if (typeof x !== "object") return `a ${typeof x}`;
  if (x instanceof Promise) return "a promise";
  return typeof length === "number" ? `an array of ${length}` : "an object";
}
