import { grad, jit } from "@diffrax-ts/autodiff";
import type { Callable, Tensor } from "@diffrax-ts/pytree";
import { plain, PlainError } from "../../src/index.ts";
import { derivativeOf, type Differentiated } from "./dual.ts";

/** What came of reading a program. Without sense is one that takes what is undefined for a number. */
export interface Outcome {
  readonly kind: "right" | "refused" | "wrong" | "without sense";
  readonly what: string;
}

const inputs: readonly (readonly [number, number])[] = [
  [1.25, 0.5],
  [-0.75, 2.5],
  [3.5, -1.5],
  [-2.25, -0.375],
  [0.3, 4.1],
];

/** Reads a program, and compares its values and gradients with those of JavaScript. */
export function check(source: string): Outcome {
  const oracle = derivativeOf(source);
  const f = functionOf(source);
  let values: (x: number, y: number) => readonly (Tensor | boolean | number)[];
  let gradient: (x: number, y: number) => readonly [number, number];
  for (const input of inputs) {
    let known: readonly Differentiated[];
    try {
      known = [oracle(input, [1, 0]), oracle(input, [0, 1])];
    } catch (error) {
      return { kind: "without sense", what: String(error) };
    }
    const want = known[0]!.map(({ x }) => x);
    let got: readonly number[];
    try {
      values ??= jit(plain(f) as never) as never;
      got = values(...input).map(Number);
    } catch (error) {
      if (error instanceof PlainError && !error.isMistake)
        return { kind: "refused", what: error.message };
      return { kind: "wrong", what: String(error) };
    }
    const show = `at (${input.join(", ")})`;
    const off = want.findIndex((x, i) => !isNear(got[i]!, x));
    if (got.length !== want.length || off >= 0)
      return {
        kind: "wrong",
        what: `${show}: result[${off}] is ${got[off]} instead of ${want[off]}`,
      };
    const slopes = known.map((all) => all.reduce((s, { dx }, i) => s + weights[i]! * dx, 0));
    if (![...slopes, ...want].every(Number.isFinite)) continue;
    try {
      gradient ??= grad(plain(lossOf(source)) as never, { argnums: [0, 1] }) as never;
      const g = gradient(...input).map(Number);
      const bad = slopes.findIndex((s, i) => !isNear(g[i]!, s));
      if (bad >= 0)
        return {
          kind: "wrong",
          what: `${show}: slope ${bad} is ${g[bad]} instead of ${slopes[bad]}`,
        };
    } catch (error) {
      return { kind: "wrong", what: `gradient: ${String(error)}` };
    }
  }
  return { kind: "right", what: "" };
}

const weights = Array.from({ length: 22 }, (_, i) => 1 + ((i * 7) % 5) / 8);

function functionOf(source: string): Callable {
  // oxlint-disable-next-line typescript/no-implied-eval -- the source was made here
  return new Function(`return ${source}`)() as Callable;
}

/** The sum of what a program returns, weighted. */
function lossOf(source: string): Callable {
  const terms = weights.map((w, i) => `${w} * all[${i}]`).join(" + ");
  return functionOf(`(x, y) => { const all = (${source})(x, y); return ${terms}; }`);
}

function isNear(x: number, y: number): boolean {
  return Object.is(x, y) || x === y || Math.abs(x - y) <= 1e-9 * (1 + Math.abs(y));
}
