import { jit } from "@diffrax-ts/autodiff";
import { type Callable, isTensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { expect } from "vitest";
import { plain } from "../src/index.ts";
import type { Case } from "./cases/Case.ts";

/** Checks that a function, read and compiled, has the values of the case. */
export function expectSameValues({ f, ulps, inputs }: Case, read: Callable = f): void {
  const original = f as unknown as (...args: readonly unknown[]) => unknown;
  const compiled = jit(plain(read) as unknown as (...args: readonly unknown[]) => unknown);
  fc.assert(
    fc.property(inputs, (args) => {
      const wanted = numbersIn(original(...(structuredClone(args) as unknown[])));
      const got = numbersIn(compiled(...(args as never[])));
      expect(got.map(([path]) => path)).toEqual(wanted.map(([path]) => path));
      for (const [i, [path, x]] of wanted.entries()) {
        const y = got[i]![1];
        if (!(ulpsBetween(x, y) <= ulps))
          expect.fail(`${path}: expected ${x}, got ${y} (${ulpsBetween(x, y)} ulp)`);
      }
    }),
    { numRuns: 60, examples: [] },
  );
}

/** The numbers in a tree and where they are. */
export function numbersIn(tree: unknown, path = "result"): [string, number][] {
  const value = isTensor(tree) ? (tree.shape.length === 0 ? tree.item() : tree.toArray()) : tree;
  if (typeof value === "number") return [[path, value]];
  if (typeof value !== "object" || value === null) throw new TypeError(`${path}: ${String(value)}`);
  return Object.keys(value)
    .sort()
    .flatMap((key) =>
      numbersIn((value as Readonly<Record<string, unknown>>)[key], `${path}.${key}`),
    );
}

const view = new DataView(new ArrayBuffer(8));

/** How many floats lie between two; 0 only for the same one, and for any two NaN. */
function ulpsBetween(x: number, y: number): number {
  if (Object.is(x, y)) return 0;
  if (Number.isNaN(x) || Number.isNaN(y) || x === y) return Infinity;
  return Math.abs(Number(rank(x) - rank(y)));
}

function rank(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -0x8000000000000000n - bits : bits;
}
