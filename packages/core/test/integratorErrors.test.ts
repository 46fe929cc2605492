// What an integrator refuses.
import { memoryUse } from "@diffrax-ts/compiler";
import { integrator, jit, type Scalar, TextProgressMeter, Tsit5 } from "@diffrax-ts/core";
import { describe, expect, test, vi } from "vitest";

const decay = (t: number, y: number): number => -y;

describe("an integrator refuses", () => {
  const options = { t0: 0, t1: 1, dt0: 0.1, y0: { x: 1, n: [2, 3] }, args: { a: 1 } } as const;
  const field = (
    t: number,
    { x, n: [p, q] }: { x: number; n: readonly [number, number] },
    { a }: { a: number },
  ) => ({ x: -a * x, n: [p, q] as const });
  const fresh = () => integrator(field, Tsit5(), options);

  test("two advances at once, and a step meanwhile; nothing is lost", async () => {
    const live = fresh();
    const first = live.advance({ until: 0.5 });
    await expect(live.advance({ until: 1 })).rejects.toThrow("it is under way already");
    expect(() => live.step()).toThrow("wait for the promise of advance");
    expect(await first).toBe(true);
    expect(live.t).toBeCloseTo(0.5);
    expect(await live.advance()).toBe(false);
  });

  test.each<[string, object, string]>([
    ["both ends", { until: 1, exactly: 1 }, "until and exactly are two ends"],
    ["a time that is none", { until: Number.NaN }, "advance: until must be a number, got NaN"],
    ["a text", { exactly: "1" }, 'advance: exactly must be a number, got "1"'],
    ["an end behind", { exactly: -1 }, "exactly must lie between t = 0 and t1 = 1, got -1"],
    ["an end beyond", { exactly: 2 }, "exactly must lie between t = 0 and t1 = 1, got 2"],
    ["no budget", { budgetMs: 0 }, "integrator: advance: budgetMs must be"],
    ["another option", { untill: 1 }, "there is no option untill"],
  ])("to advance with %s", async (_, how, message) => {
    await expect(fresh().advance(how)).rejects.toThrow(message);
  });

  test("a state or arguments of another kind", () => {
    const live = fresh();
    expect(() => (live.y = { x: 1 } as never)).toThrow("integrator: y");
    expect(() => (live.y = { x: 1, n: [1, new Float64Array(2)] } as never)).toThrow(
      "integrator: y.n[1]: expected float64",
    );
    expect(() => (live.y = { x: Number.NaN, n: [1, 2] })).toThrow(
      "integrator: y.x must be finite, got NaN",
    );
    expect(() => (live.args = { b: 1 } as never)).toThrow("integrator: args");
    expect(() => (live.args = { a: new Float64Array(3) } as never)).toThrow(
      "integrator: args.a: expected float64",
    );
    expect(() => (live.args = { a: () => 1 } as never)).toThrow("integrator: args");
    expect([live.t, live.step()]).toEqual([0, true]);
  });

  test("a change when the solve has ended, or it was closed; it can be read", async () => {
    const live = fresh();
    await live.advance();
    expect(() => (live.args = { a: 2 })).toThrow("the solve has ended at t = 1 (successful)");
    expect(() => (live.y = { x: 1, n: [1, 1] })).toThrow("the solve has ended");
    expect(live.step()).toBe(false);
    const closed = fresh();
    closed.step();
    closed.close();
    expect(() => closed.step()).toThrow("integrator: step: it was closed");
    await expect(closed.advance()).rejects.toThrow("it was closed");
    expect(() => (closed.args = { a: 2 })).toThrow("it was closed");
    expect(closed.t).toBe(0.1);
    expect(closed.y.x.item()).toBeCloseTo(Math.exp(-0.1));
    closed.close();
  });

  test("a meter, and to be made inside of a traced function", () => {
    expect(() =>
      integrator(field, Tsit5(), { ...options, progressMeter: TextProgressMeter() }),
    ).toThrow("write advance({ onProgress");
    expect(() => jit((x: Scalar) => (integrator(field, Tsit5(), options), x))(1)).toThrow(
      "integrator: inside a traced function",
    );
  });

  test("a signal or a budget for the solve, which belong to advance", () => {
    const { signal } = new AbortController();
    for (const [name, more] of Object.entries({ signal: { signal }, budgetMs: { budgetMs: 4 } }))
      expect(() => integrator(field, Tsit5(), { ...options, ...more })).toThrow(
        `integrator: ${name} is an option of advance({ ${name} })`,
      );
  });

  test("a solve that fails throws once, and says so ever after", async () => {
    const live = integrator(decay, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 1, maxSteps: 3 });
    await expect(live.advance()).rejects.toThrow("The maximum number of solver steps was reached");
    expect([live.result, live.step(), await live.advance()]).toEqual([
      "maxStepsReached",
      false,
      false,
    ]);
    const steps = integrator(decay, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 1, maxSteps: 1 });
    expect(() => steps.step()).toThrow("The maximum number of solver steps was reached");
  });

  test("to go on after a function has thrown within a burst, and says so", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    let calls = 0;
    const failing = (t: number, y: number): number => {
      if (++calls > 30) throw new Error("enough");
      return -y;
    };
    const before = memoryUse().bytesInUse;
    const live = integrator(failing, Tsit5(), { t0: 0, t1: 10, dt0: 0.1, y0: 1 });
    await expect(live.advance()).rejects.toThrow("enough");
    expect(() => live.step()).toThrow("a function that the solve called has thrown");
    // What earlier tests have left may have been collected meanwhile.
    expect(memoryUse().bytesInUse).toBeLessThanOrEqual(before);
    expect(warn.mock.calls).toEqual([[expect.stringContaining("called")]]);
    warn.mockRestore();
  });
});
