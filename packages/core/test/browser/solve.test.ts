import { diffeqsolve, grad, np, PIDController, traced, Tsit5 } from "@diffrax-ts/core";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";

const stepsizeController = PIDController({ rtol: 1e-9, atol: 1e-9 });

/** Written as a user writes it: this file is bundled and minified with all that it imports. */
function populations(saveat: object) {
  return diffeqsolve(
    (_t, { prey, predator }, { a, b, c, d }) => {
      const meetings = prey * predator;
      return { prey: a * prey - b * meetings, predator: c * meetings - d * predator };
    },
    Tsit5(),
    {
      t0: 0,
      t1: 20,
      dt0: 0.1,
      y0: { prey: 33.9, predator: 5.9 },
      args: { a: 0.55, b: 0.028, c: 0.026, d: 0.84 },
      stepsizeController,
      saveat,
    },
  );
}

/** What Lotka and Volterra's equations keep along each solution. */
function invariant(prey: number, predator: number): number {
  return 0.026 * prey - 0.84 * Math.log(prey) + 0.028 * predator - 0.55 * Math.log(predator);
}

/** All that is written to the console as a warning. */
function warnings(run: () => void): string[] {
  const { warn } = console;
  const texts: string[] = [];
  console.warn = (text: string) => void texts.push(text);
  try {
    run();
  } finally {
    console.warn = warn;
  }
  return texts;
}

test("a minified plain function is read, compiled and solved", () => {
  const texts = warnings(() => {
    const { ys, ts, stats } = populations({ ts: np.linspace(0, 20, 41) });
    expect(ts.shape).toEqual([41]);
    expect(stats.numSteps).toBeLessThan(400);
    const [prey, predator] = [[...ys.prey], [...ys.predator]];
    // Steps of 1e-9, some 300 of them, in numbers of size 10 whose logarithms are taken.
    for (const [i, x] of prey.entries())
      expect(invariant(x, predator[i]!)).toBeCloseTo(invariant(33.9, 5.9), 6);
  });
  expect(texts).toEqual([]);
});

test("what is saved can be plotted: [...x], Math.max(...x), JSON.stringify(x), Array.from(x)", () => {
  const { ts, ys } = populations({ ts: [0, 5, 10, 15, 20] });
  expect([...ts]).toEqual([0, 5, 10, 15, 20]);
  expect(JSON.stringify(ts)).toBe("[0,5,10,15,20]");
  expect(Math.max(...ys.prey)).toBeCloseTo(Array.from(ys.prey).sort((a, b) => b - a)[0]!, 12);
  expect(() => (ys.prey as unknown as number[])[0]).toThrow(".at(0)");
});

test("a dense solution agrees with the saved one between its steps", () => {
  const solution = populations({ dense: true, ts: [7.3] });
  const { prey } = solution.evaluate(7.3);
  expect(prey.item()).toBeCloseTo(solution.ys.prey.at(0).item(), 12);
  const slope =
    (solution.evaluate(7.301).prey.item() - solution.evaluate(7.299).prey.item()) / 2e-3;
  expect(solution.derivative(7.3).prey.item()).toBeCloseTo(slope, 4);
});

test("grad of a solve of a plain function: d/dr exp(2 r) = 2 exp(2 r)", () => {
  const end = (rate: Scalar): Tensor =>
    diffeqsolve((_t, y, r) => r * y, Tsit5(), {
      t0: 0,
      t1: 2,
      dt0: 0.1,
      y0: 1,
      args: rate,
      stepsizeController,
    }).ys.at(-1);
  expect(grad(end as (rate: Scalar) => Scalar)(-0.5)).toBeCloseTo(2 * Math.exp(-1), 7);
});

test("a function of tensors", () => {
  const decay = traced((_t: Scalar, y: Tensor) => np.mul(y, -1));
  const { ys } = diffeqsolve(decay, Tsit5(), {
    t0: 0,
    t1: 1,
    dt0: 0.1,
    y0: new Float64Array([1, 2]),
    stepsizeController,
  });
  expect(ys.at(0, 1).item()).toBeCloseTo(2 * Math.exp(-1), 8);
});

test("a function that cannot be read is called back from WebAssembly, with one warning", () => {
  const table = new Map([["rate", -1]]);
  const run = (): void => {
    const { ys } = diffeqsolve((_t, y) => table.get("rate")! * y, Tsit5(), {
      t0: 0,
      t1: 1,
      dt0: 0.1,
      y0: 1,
      stepsizeController,
    });
    expect(ys.at(0).item()).toBeCloseTo(Math.exp(-1), 8);
  };
  const texts = warnings(() => {
    run();
    run();
  });
  expect(texts.length).toBe(1);
});

test("a solve that fails says how far it came", () => {
  expect(() =>
    diffeqsolve((_t, y) => y * y, Tsit5(), {
      t0: 0,
      t1: 2,
      dt0: 0.1,
      y0: 1,
      stepsizeController,
      maxSteps: 16,
    }),
  ).toThrow("maxSteps");
});
