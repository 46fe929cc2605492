// What integrators hold, and when it is given back.
import { memoryUse } from "@diffrax-ts/compiler";
import { diffeqsolveStream, integrator, Tsit5 } from "@diffrax-ts/core";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { budgetMs } from "./support/chaos.ts";

describe("the memory of an integrator", () => {
  test("is given back at its end, and when it is closed, 10 000 times", async () => {
    const before = memoryUse().bytesInUse;
    const options = { t0: 0, t1: 1, dt0: 0.25, y0: 1, args: 1 };
    for (let i = 0; i < 5000; i++) {
      const ended = integrator((t, y, a) => -a * y, Tsit5(), options);
      ended.args = i;
      while (ended.step());
      const closed = integrator((t, y, a) => -a * y, Tsit5(), options);
      closed.step();
      closed.args = i;
      closed.close();
    }
    expect(memoryUse().bytesInUse).toBe(before);
  });

  test("is given back when it is forgotten, 10 000 times, and that of streams and solves which nobody waits for", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    // What is collected is told later, in turns of the event loop.
    const collected = async (): Promise<void> => {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await collected();
    const before = memoryUse().bytesInUse;
    const options = { t0: 0, t1: 1, dt0: 0.25, y0: 1, args: 1 };
    const field = (t: number, y: number, a: number): number => -a * y;
    for (let i = 0; i < 5000; i++) {
      integrator(field, Tsit5(), options).step();
      void integrator(field, Tsit5(), options).advance({ until: 0.5, budgetMs });
      diffeqsolveStream(field, Tsit5(), options);
      void diffeqsolveStream(field, Tsit5(), { ...options, budgetMs }).next();
    }
    expect(memoryUse().bytesInUse).toBeGreaterThan(before);
    for (let i = 0; i < 100 && memoryUse().bytesInUse > before; i++) await collected();
    expect(memoryUse().bytesInUse).toBeLessThanOrEqual(before); // less, if other tests have forgotten some
    expect(memoryUse().bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
  });
});
