// A batch of solves turns in lanes, several at once. Each has the bits that it has alone: results, statistics, rows and failures.
import { checkTraces } from "@diffrax-ts/autodiff";
import {
  diffeqsolve,
  Dopri5,
  Euler,
  Event,
  Kvaerno3,
  np,
  PIDController,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import type { Tensor } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";

type Start = readonly Tensor[];

/** The bits of all numbers of a tree, as a text; all NaNs are alike. */
function bits(tree: unknown): string {
  if (typeof tree === "number") return Object.is(tree, -0) ? "-0" : String(tree);
  if (typeof tree !== "object" || tree === null) return String(tree);
  if ("toArray" in tree) return bits((tree as Tensor).toArray());
  return `[${Object.entries(tree).map(([key, value]) => `${key}:${bits(value)}`)}]`;
}

const lorenz = (_t: number, [x, y, z]: readonly number[], args: readonly number[]) => [
  args[0]! * (y! - x!),
  x! * (args[1]! - z!) - y!,
  x! * y! - args[2]! * z!,
];
/** Ends early for some, and runs to infinity for others. */
const blowUp = (_t: number, [x, y, z]: readonly number[]) => [
  x! * x! - 1,
  Math.sin(x!) - y!,
  Math.exp(-z! * z!),
];
const adaptive = {
  dt0: null,
  stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-8 }),
};
const ts = np.linspace(0, 1, 9);

const cases: Readonly<Record<string, [unknown, unknown, object]>> = {
  "steps of its own": [lorenz, Tsit5(), adaptive],
  "equal steps": [lorenz, Tsit5(), { dt0: 0.02 }],
  "equal steps of Euler": [lorenz, Euler(), { dt0: 0.02 }],
  "saved times": [lorenz, Dopri5(), { ...adaptive, saveat: { ts } }],
  "saved times and steps": [
    lorenz,
    Tsit5(),
    { ...adaptive, saveat: { t0: true, steps: true, ts }, maxSteps: 64 },
  ],
  "a limit that most exceed": [lorenz, Tsit5(), { ...adaptive, maxSteps: 12, throw: false }],
  "states that run to infinity": [blowUp, Tsit5(), { ...adaptive, throw: false, maxSteps: 200 }],
  "the same by equal steps": [blowUp, Tsit5(), { dt0: 0.05, throw: false }],
  "an event": [
    lorenz,
    Tsit5(),
    { ...adaptive, event: Event({ condFn: (_t: number, [x]: readonly number[]) => x! - 9 }) },
  ],
  "an implicit solver": [lorenz, Kvaerno3(), adaptive],
};

const solveOf = ([field, solver, options]: [unknown, unknown, object]) =>
  function (y0: Start, args: Start) {
    const all = { t0: 0, t1: 1, y0, args, ...options };
    const solution = diffeqsolve(field as never, solver as never, all as never);
    const { ys, ts: times, stats, result } = solution as never as Record<string, unknown>;
    return { ys, times, stats, result };
  };

/** Starts and parameters of a batch; the third element has a NaN. */
function batch(size: number, dtype: "float64" | "float32"): Tensor[][] {
  const column = (f: (i: number) => number) =>
    np.astype(np.tensor(Float64Array.from({ length: size }, (_, i) => f(i))), dtype);
  const y0 = [column((i) => 1 + i / 3), column((i) => 2 - i / 5), column((i) => 20 - i)];
  return [y0, [column(() => 10), column((i) => 28 - i / 2), column(() => 8 / 3)]];
}

test.each(Object.keys(cases))("a batch of solves with %s gives the bits of each alone", (name) => {
  const traces = checkTraces("never");
  const solve = solveOf(cases[name]!);
  for (const dtype of ["float64", "float32"] as const) {
    const all = vmap(solve as never) as unknown as (...args: unknown[]) => unknown;
    for (const size of [5, 3, 1]) {
      const given = batch(size, dtype);
      const whole = all(...given);
      const element = (tree: unknown, i: number): unknown => {
        if (typeof tree !== "object" || tree === null) return tree;
        if ("toArray" in tree) return (tree as unknown as { at(i: number): Tensor }).at(i);
        if (Array.isArray(tree)) return tree.map((part) => element(part, i));
        return Object.fromEntries(
          Object.entries(tree).map(([key, part]) => [key, element(part, i)]),
        );
      };
      // One by one in the same form: traced, with padded rows.
      const one = vmap(solve as never) as unknown as (...args: unknown[]) => unknown;
      for (let i = 0; i < size; i++) {
        const alone = one(...given.map((part) => part.map((x) => np.slice(x, [i, i + 1]))));
        expect(bits(element(whole, i))).toBe(bits(element(alone, 0)));
      }
    }
  }
  checkTraces(traces);
});
