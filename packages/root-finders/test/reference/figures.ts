import { readFileSync } from "node:fs";
import type { functions } from "./functions.ts";

type Value = number | "-inf" | readonly Value[] | { readonly [key: string]: Value };

/** A root, and what Optimistix makes of it. */
export interface RootCase {
  readonly id: string;
  readonly function: keyof typeof functions;
  readonly args: Readonly<Record<string, number>>;
  readonly y0: Value;
  readonly solver: {
    readonly name: "Newton" | "Chord" | "VeryChord" | "Bisection";
    readonly options: { readonly norm?: "rmsNorm" };
  };
  readonly options: { readonly lower?: number; readonly upper?: number };
  readonly maxSteps: number;
  readonly expected: {
    readonly value: Value;
    readonly stats: { readonly numSteps: number };
    readonly result: string;
  };
  readonly tolerance: { readonly rtol: number; readonly atol: number };
}

/** All cases. */
export function readFigures(): readonly RootCase[] {
  const text = readFileSync(new URL("figures/root.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly cases: readonly RootCase[] }).cases;
}

/** A tree with typed arrays for lists of numbers. */
export function treeOf(value: Value): object | number {
  if (typeof value === "number") return value;
  if (value === "-inf") return -Infinity;
  if (Array.isArray(value)) return Float64Array.from(value as readonly number[]);
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, treeOf(child)]));
}
