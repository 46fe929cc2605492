import { leafType } from "@diffrax-ts/autodiff";
import type { Type } from "@diffrax-ts/program";
import { isLeaf, isTensor, isTypedArray } from "@diffrax-ts/pytree";
import { loadFields } from "./recordFields.ts";

/** What a JavaScript function has to return. */
export type Form =
  | { readonly tag: "number" | "nothing" }
  /** An array of so many things of one form. */
  | { readonly tag: "list"; readonly length: number; readonly element: Form }
  | {
      readonly tag: "array" | "record";
      /** Of numbers alone. */
      readonly isFlat: boolean;
      readonly keys: readonly string[];
      readonly children: readonly Form[];
    };

/** The form of a tree; the types of its leaves are added to `types`. */
export function formOf(tree: unknown, types: Type[]): Form {
  if (isLeaf(tree)) {
    const type = leafType(tree, "plain");
    types.push(type);
    return type.shape.reduceRight<Form>((element, length) => ({ tag: "list", length, element }), {
      tag: "number",
    });
  }
  if (typeof tree !== "object" || tree === null) return { tag: "nothing" };
  // The order of the leaves of a tree is that of sorted keys.
  const keys = Array.isArray(tree) ? Object.keys(tree) : Object.keys(tree).sort();
  const children = keys.map((key) =>
    formOf((tree as Readonly<Record<string, unknown>>)[key], types),
  );
  const isTuple = Array.isArray(tree) && children.every(({ tag }) => tag === "number");
  if (isTuple) return { tag: "list", length: keys.length, element: { tag: "number" } };
  const isFlat = !Array.isArray(tree) && children.every(({ tag }) => tag === "number");
  return { tag: Array.isArray(tree) ? "array" : "record", isFlat, keys, children };
}

/** Writes what a function returned into `f64`, from a place on: the place behind it, or NaN if it does not fit. */
export function writeResult(form: Form, result: unknown, f64: Float64Array, at: number): number {
  switch (form.tag) {
    case "number":
      f64[at] = typeof result === "number" ? result : scalarIn(result);
      return typeof result === "number" || isScalar(result) ? at + 1 : NaN;
    case "nothing":
      return at;
    case "list":
      return Array.isArray(result)
        ? writeList(form, result, f64, at)
        : writeList(form, listIn(result), f64, at);
    case "array":
    case "record": {
      const { tag, isFlat, keys, children } = form;
      if (typeof result !== "object" || result === null) return NaN;
      if (Array.isArray(result) !== (tag === "array")) return NaN;
      if (tag === "array" && (result as readonly unknown[]).length !== keys.length) return NaN;
      const record = result as Record<string, unknown>;
      if (isFlat && loadFields(record, keys, f64, at)) return at + keys.length;
      let next = at;
      for (let i = 0; i < keys.length; i++) {
        next = writeResult(children[i]!, record[keys[i]!], f64, next);
      }
      return next;
    }
  }
}

function writeList(
  { length, element }: Form & { tag: "list" },
  list: ArrayLike<unknown>,
  f64: Float64Array,
  at: number,
): number {
  if (list.length !== length) return NaN;
  let next = at;
  for (let i = 0; i < length; i++) {
    const x = list[i];
    if (typeof x === "number" && element.tag === "number") f64[next++] = x;
    else next = writeResult(element, x, f64, next);
  }
  return next;
}

/** What may stand for an array of numbers: one without length does not fit. */
function listIn(x: unknown): ArrayLike<unknown> {
  if (isTypedArray(x)) return x;
  return isTensor(x) && x.shape.length > 0 ? (x.toArray() as readonly unknown[]) : { length: -1 };
}

function isScalar(x: unknown): boolean {
  return typeof x === "boolean" || (isTensor(x) && x.shape.length === 0);
}

function scalarIn(x: unknown): number {
  return isScalar(x) ? Number(x) : NaN;
}

/** Where a result departs from the form, and how; `undefined` if it does not. */
export function misfit(form: Form, result: unknown, path: string): string | undefined {
  const parts = isTensor(result) && result.shape.length > 0 ? result.toArray() : result;
  switch (form.tag) {
    case "nothing":
      return undefined;
    case "number":
      return typeof result === "number" || isScalar(result)
        ? undefined
        : `${path}: expected a number, got ${describe(result)}`;
    case "list":
    case "array": {
      const length = form.tag === "list" ? form.length : form.keys.length;
      if (
        typeof parts !== "object" ||
        parts === null ||
        (parts as readonly unknown[]).length !== length
      ) {
        return `${path}: expected an array of ${length}, got ${describe(parts)}`;
      }
      const list = Array.from(parts as readonly unknown[]);
      return first(
        list.map((x, i) =>
          misfit(form.tag === "list" ? form.element : form.children[i]!, x, `${path}[${i}]`),
        ),
      );
    }
    case "record": {
      if (typeof parts !== "object" || parts === null || Array.isArray(parts)) {
        return `${path}: expected an object with ${form.keys.join(", ")}, got ${describe(parts)}`;
      }
      const record = parts as Readonly<Record<string, unknown>>;
      return first(
        form.keys.map((key, i) => misfit(form.children[i]!, record[key], `${path}.${key}`)),
      );
    }
  }
}

function first(misfits: readonly (string | undefined)[]): string | undefined {
  return misfits.find((x) => x !== undefined);
}

function describe(x: unknown): string {
  if (x === null || x === undefined) return String(x);
  const { length } = x as { readonly length?: unknown };
  if (typeof x !== "object") return `a ${typeof x}`;
  return typeof length === "number" ? `an array of ${length}` : "an object";
}
