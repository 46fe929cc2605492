import { leafType } from "@diffrax-ts/autodiff";
import type { Type } from "@diffrax-ts/program";
import { isLeaf, isTensor } from "@diffrax-ts/pytree";

/** What a JavaScript function has to return. */
export type Form =
  | { readonly tag: "number" }
  /** An array of so many things of one form. */
  | { readonly tag: "list"; readonly length: number; readonly element: Form }
  | { readonly tag: "array" | "record"; readonly keys: readonly string[]; readonly children: readonly Form[] }
  | { readonly tag: "nothing" };

/** The form of a tree; the types of its leaves are added to `types`. */
export function formOf(tree: unknown, types: Type[]): Form {
  if (isLeaf(tree)) {
    const type = leafType(tree, "plain");
    types.push(type);
    return type.shape.reduceRight<Form>((element, length) => ({ tag: "list", length, element }), { tag: "number" });
  }
  if (typeof tree !== "object" || tree === null) return { tag: "nothing" };
  // The order of the leaves of a tree is that of sorted keys.
  const keys = Array.isArray(tree) ? Object.keys(tree) : Object.keys(tree).sort();
  const children = keys.map((key) => formOf((tree as Readonly<Record<string, unknown>>)[key], types));
  return { tag: Array.isArray(tree) ? "array" : "record", keys, children };
}

/**
 * Writes what a function returned into `f64`, from a place on; the place behind it.
 *
 * @throws TypeError that says where it departs from the form.
 */
export function writeResult(form: Form, result: unknown, f64: Float64Array, at: number, path: () => string): number {
  switch (form.tag) {
    case "number":
      f64[at] = typeof result === "number" ? result : numberIn(result, path);
      return at + 1;
    case "list": {
      const { length, element } = form;
      const list = listIn(result, length, path);
      let next = at;
      for (let i = 0; i < length; i++) next = writeResult(element, list[i], f64, next, () => `${path()}[${i}]`);
      return next;
    }
    case "array":
    case "record": {
      const { tag, keys, children } = form;
      const record = recordIn(result, form, path);
      let next = at;
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i]!;
        const inside = (): string => path() + (tag === "array" ? `[${key}]` : `.${key}`);
        const value = tag === "array" ? (record as readonly unknown[])[i] : (record as Readonly<Record<string, unknown>>)[key];
        next = writeResult(children[i]!, value, f64, next, inside);
      }
      return next;
    }
    case "nothing":
      return at;
  }
}

function numberIn(value: unknown, path: () => string): number {
  if (typeof value === "boolean" || (isTensor(value) && value.size === 1)) return Number(value);
  throw new TypeError(`${path()}: expected a number, got ${kindOf(value)}`);
}

function listIn(value: unknown, length: number, path: () => string): ArrayLike<unknown> {
  const list = isTensor(value) ? (value.toArray() as readonly unknown[]) : value;
  if (typeof list !== "object" || list === null || (list as ArrayLike<unknown>).length !== length) {
    throw new TypeError(`${path()}: expected an array of ${length}, got ${kindOf(list)}`);
  }
  return list as ArrayLike<unknown>;
}

function recordIn(value: unknown, { tag, keys }: Form & { tag: "array" | "record" }, path: () => string): object {
  const isFit =
    typeof value === "object" && value !== null && (tag === "array" ? (value as ArrayLike<unknown>).length === keys.length : !Array.isArray(value));
  if (isFit) return value;
  const expected = tag === "array" ? `an array of ${keys.length}` : `an object with ${keys.join(", ")}`;
  throw new TypeError(`${path()}: expected ${expected}, got ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  const length = (value as { readonly length?: unknown }).length;
  if (typeof value === "object" && typeof length === "number") return `an array of ${length}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
