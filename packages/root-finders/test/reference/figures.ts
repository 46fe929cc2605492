import { readFileSync } from "node:fs";

type Value = number | "-inf" | readonly Value[] | { readonly [key: string]: Value };

/** What is solved: with `rootFind` if nothing is said. */
type TaskName = "rootFind" | "leastSquares" | "minimise" | "fixedPoint";

/** A problem, and what Optimistix makes of it. */
export interface Figure {
  readonly id: string;
  readonly task?: TaskName;
  readonly function: string;
  readonly args: { readonly [key: string]: Value };
  readonly y0: Value;
  readonly solver: {
    readonly name: string;
    readonly options: { readonly norm?: "maxNorm" | "rmsNorm" | "twoNorm" };
  };
  readonly options?: { readonly lower?: number; readonly upper?: number };
  readonly maxSteps: number;
  readonly expected: {
    readonly value: Value;
    readonly stats: { readonly numSteps: number };
    readonly result: string;
  };
  readonly tolerance: { readonly rtol: number; readonly atol: number };
}

/** All cases of a file. */
export function readFigures(file: "root" | "optima"): readonly Figure[] {
  const text = readFileSync(new URL(`figures/${file}.json`, import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly cases: readonly Figure[] }).cases;
}

/** A tree with typed arrays for lists of numbers. */
export function treeOf(value: Value): object | number {
  if (typeof value === "number") return value;
  if (value === "-inf") return -Infinity;
  if (Array.isArray(value)) return Float64Array.from(value as readonly number[]);
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, treeOf(child)]));
}
