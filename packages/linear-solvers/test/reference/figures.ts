import { readFileSync } from "node:fs";

/** A linear system, and what Lineax makes of it. */
export interface LinearCase {
  readonly id: string;
  readonly operator: { readonly matrix: readonly (readonly number[])[] };
  readonly b: readonly number[];
  readonly expected: { readonly value?: readonly number[]; readonly result: string };
  readonly tolerance: { readonly rtol: number; readonly atol: number };
}

/** All cases, computed with Lineax. */
export function readFigures(): readonly LinearCase[] {
  const text = readFileSync(new URL("figures/linear.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly cases: readonly LinearCase[] }).cases;
}
