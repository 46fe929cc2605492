import { isTensor } from "@diffrax-ts/pytree";
import {
  childrenOf,
  type JsonLeaf,
  type JsonTree,
  readNumber,
  type JsonNumber,
} from "./jsonTree.ts";

/** How close two numbers have to be. */
export interface Closeness {
  readonly rtol: number;
  readonly atol: number;
}

/**
 * Where a result departs from the figures, in words; empty if it does not.
 *
 * Where the figures have an array, the result may hold an array of its components: `expected[row][i]` is then
 * `actual[i][row]`, because what is saved has the structure of the state.
 */
export function differences(
  actual: unknown,
  expected: JsonTree,
  close: Closeness,
  path: string,
): string[] {
  if (expected === null) {
    return actual === null || actual === undefined ? [] : [`${path}: expected nothing`];
  }
  const children = childrenOf(expected);
  if (children !== null) {
    const got = actual as readonly unknown[];
    if (!Array.isArray(got) || got.length !== children.length)
      return [`${path}: expected ${children.length} things`];
    return children.flatMap((child, i) =>
      differences(got[i], child as JsonTree, close, `${path}[${i}]`),
    );
  }
  if (typeof expected === "object" && !Array.isArray(expected)) {
    const got = actual as Readonly<Record<string, unknown>>;
    const keys = Object.keys(expected).toSorted();
    if (
      typeof got !== "object" ||
      got === null ||
      Object.keys(got).toSorted().join() !== keys.join()
    ) {
      return [`${path}: expected the keys ${keys.join(", ")}`];
    }
    const record = expected as Readonly<Record<string, JsonTree>>;
    return keys.flatMap((key) => differences(got[key], record[key]!, close, `${path}.${key}`));
  }
  return leafDifferences(nested(actual), expected as JsonLeaf, close, path);
}

/** Tensors as nested arrays, and arrays of columns as arrays of rows. */
function nested(actual: unknown): unknown {
  if (isTensor(actual)) return actual.toArray();
  if (!Array.isArray(actual) || isNumeric(actual)) return actual;
  const columns = actual.map((x) => nested(x));
  if (!columns.every((column) => Array.isArray(column))) return columns;
  const rows = Math.max(...columns.map((column) => column.length));
  return Array.from({ length: rows }, (_, row) => columns.map((column): unknown => column[row]));
}

/** Whether there are numbers alone in an array, to any depth. */
function isNumeric(x: unknown): boolean {
  return Array.isArray(x) ? x.every((item) => isNumeric(item)) : typeof x === "number";
}

function leafDifferences(
  actual: unknown,
  expected: JsonLeaf,
  close: Closeness,
  path: string,
): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) {
      return [
        `${path}: expected ${expected.length} rows, got ${Array.isArray(actual) ? actual.length : String(actual)}`,
      ];
    }
    return expected.flatMap((x: JsonLeaf, i) =>
      leafDifferences(actual[i], x, close, `${path}[${i}]`),
    );
  }
  const wanted = readNumber(expected as JsonNumber);
  if (typeof actual !== "number")
    return [`${path}: expected ${wanted}, got ${JSON.stringify(actual)}`];
  const report = `${path}: expected ${wanted}, got ${actual}`;
  // A tolerance in proportion to an infinite figure would allow every number.
  if (!Number.isFinite(wanted)) return Object.is(actual, wanted) ? [] : [report];
  const error = Math.abs(actual - wanted);
  const allowed = close.atol + close.rtol * Math.abs(wanted);
  return error <= allowed
    ? []
    : [`${report}: ${(error / allowed).toPrecision(2)} times the tolerance`];
}
