import { readFileSync } from "node:fs";
import type { Tensor } from "@diffrax-ts/pytree";

/** Numbers in nested arrays; random integers of 64 bits as strings. */
type Json = number | boolean | string | readonly Json[] | { readonly [key: string]: Json };

/** A value of a function of `jax.random`. */
export interface RandomCase {
  readonly id: string;
  readonly function: string;
  readonly key?: readonly number[];
  readonly params: object;
  readonly expected: Json;
  readonly tolerance: { readonly exact?: true; readonly rtol?: number; readonly atol?: number };
}

/** All cases, computed with JAX. */
export function readFigures(): readonly RandomCase[] {
  return ["random", "samplers"].flatMap((name) => {
    const text = readFileSync(new URL(`figures/${name}.json`, import.meta.url), "utf8");
    return (JSON.parse(text) as { readonly cases: readonly RandomCase[] }).cases;
  });
}

/** Where a result departs from the figures, in words; empty if it does not. */
export function differences(
  actual: Tensor,
  { expected, tolerance: { rtol = 0, atol = 0 } }: RandomCase,
): string[] {
  const want = flat(expected);
  const got = typeof want[0] === "string" ? unsigned(actual) : flat(actual.toArray());
  if (got.length !== want.length) return [`expected ${want.length} numbers, got ${got.length}`];
  return want.flatMap((x, i) => {
    const isClose =
      typeof x === "number" && Number.isFinite(x)
        ? Math.abs(Number(got[i]) - x) <= atol + rtol * Math.abs(x)
        : Object.is(got[i], x);
    return isClose ? [] : [`[${i}]: expected ${x}, got ${got[i]}`];
  });
}

function flat(json: Json): (number | string)[] {
  if (typeof json === "boolean") return [Number(json)];
  if (typeof json !== "object") return [json];
  return (Array.isArray(json) ? json : Object.values(json)).flatMap((x: Json) => flat(x));
}

function unsigned(x: Tensor): string[] {
  return Array.from(x.data as BigInt64Array, (word) => String(BigInt.asUintN(64, word)));
}
