// A solve in bursts: what it gives, and that it gives its memory back however it ends.
import { memoryUse } from "@diffrax-ts/compiler";
import { traced } from "@diffrax-ts/protocol";
import { Heun } from "@diffrax-ts/solvers";
import { mul } from "@diffrax-ts/array";
import type { Scalar } from "@diffrax-ts/pytree";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { burstsOf, solveOnHost } from "../src/burstsOf.ts";
import { handOut } from "../src/handOut.ts";
import { prepare, type Prepared } from "../src/prepare.ts";

const decay = traced((_t: Scalar, y: Scalar, rate: Scalar) => mul(rate, y));

/** 10 000 steps. */
function longSolve(more: object = {}): Prepared {
  const options = { t0: 0, t1: 1, dt0: 1e-4, y0: 1, args: -1, maxSteps: null, ...more };
  return prepare(decay, Heun(), options, { reader: null, host: true });
}

const inUse = (): number => memoryUse().bytesInUse;

describe("the bursts of a solve", () => {
  test("say how far it has come, and return what it gives", () => {
    const bursts = burstsOf(longSolve({ t1: -1, dt0: -1e-4 }));
    const seen = [];
    let burst = bursts.next();
    for (; burst.done !== true; burst = bursts.next()) seen.push(burst.value);
    expect(seen.length).toBe(Math.floor(10_000 / 1024));
    for (const [i, { t, numSteps }] of seen.entries()) {
      expect(numSteps).toBe(1024 * (i + 1));
      expect(t).toBeCloseTo(numSteps * 1e-4, 12);
    }
    expect(burst.value).toEqual(solveOnHost(longSolve({ t1: -1, dt0: -1e-4 })));
    expect(burst.value.result).toBe("successful");
  });

  test.each(["steps", "dense"])("drain what is written step by step: saveat.%s", (name) => {
    const { saves, numSteps } = solveOnHost(longSolve({ saveat: { [name]: true } }));
    expect(saves[0]!.ts.length).toBe(10_000);
    expect(numSteps).toBe(10_000);
    expect(saves[0]!.ts.at(-1).item()).toBe(1);
  });

  test("of two solves may alternate", () => {
    const [a, b] = [burstsOf(longSolve()), burstsOf(longSolve({ args: 1 }))];
    const ends = [];
    for (;;) {
      const [x, y] = [a.next(), b.next()];
      if (x.done !== true || y.done !== true) continue;
      ends.push(x.value.saves[0]!.ys, y.value.saves[0]!.ys);
      break;
    }
    expect(String(ends[0])).toBe(String(solveOnHost(longSolve()).saves[0]!.ys));
    expect(String(ends[1])).toBe(String(solveOnHost(longSolve({ args: 1 })).saves[0]!.ys));
  });
});

describe("memory is given back", () => {
  test.each<[string, (bursts: ReturnType<typeof burstsOf>) => void]>([
    ["at the end", (bursts) => [...bursts].length],
    [
      "when the loop over bursts is left",
      (bursts) => {
        for (const { numSteps } of bursts) if (numSteps > 2000) break;
      },
    ],
    [
      "when something is thrown between bursts",
      (bursts) => {
        expect(() => {
          for (const _ of bursts) throw new Error("enough");
        }).toThrow("enough");
      },
    ],
    ["when no burst was asked for", (bursts) => void bursts.return(undefined as never)],
  ])("%s", (_, use) => {
    for (const start of [burstsOf, handOut]) {
      const before = inUse();
      use(start(longSolve()));
      expect(inUse()).toBe(before);
    }
  });

  test("of 10 000 solves that were handed out and abandoned", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const before = inUse();
    const prepared = longSolve();
    for (let i = 0; i < 10_000; i++) handOut(prepared).next();
    expect(inUse()).toBeGreaterThan(before);
    // What is collected is told later, in turns of the event loop.
    for (let i = 0; i < 50 && inUse() > before; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(inUse()).toBe(before);
    expect(memoryUse().bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
  });
});
