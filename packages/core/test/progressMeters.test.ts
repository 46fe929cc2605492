// Meters that show how far a solve has come.
import { Writable } from "node:stream";
import {
  BacksolveAdjoint,
  diffeqsolve,
  DirectAdjoint,
  Event,
  grad,
  hessian,
  HtmlProgressMeter,
  ImplicitAdjoint,
  jit,
  jvp,
  NoProgressMeter,
  np,
  PIDController,
  RecursiveCheckpointAdjoint,
  type Result,
  type Scalar,
  scan,
  TextProgressMeter,
  TqdmProgressMeter,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import type { ProgressMeter } from "@diffrax-ts/protocol";
import { describe, expect, test, vi } from "vitest";
import { solveParts } from "./support/solveParts.ts";

/** A meter that remembers what it was told. */
function recorder(refreshSteps?: number) {
  const log: (string | number | null)[] = [];
  const meter: ProgressMeter = {
    ...(refreshSteps === undefined ? {} : { refreshSteps }),
    start() {
      log.push("start");
      return {
        update: (progress) => void log.push(Math.round(1e3 * progress) / 1e3),
        close: (result: Result | null) => void log.push(result),
      };
    },
  };
  return { log, meter };
}

function decay(options: object, steps = 4) {
  return solveParts((_t: number, y: number) => -y, Tsit5(), {
    t0: 0,
    t1: 1,
    dt0: 1 / steps,
    y0: 1,
    ...options,
  });
}

describe("a meter of one's own", () => {
  test("is told after every step how far the solve has come, and how it ended", () => {
    const { log, meter } = recorder();
    decay({ progressMeter: meter });
    expect(log).toEqual(["start", 0.25, 0.5, 0.75, 1, "successful"]);
  });

  test("is told after so many steps as it asks for", () => {
    const { log, meter } = recorder(10);
    decay({ progressMeter: meter }, 35);
    expect(log).toEqual(["start", 0.286, 0.571, 0.857, 1, "successful"]);
  });

  test("backward in time, and to no end, which is not a part of the way nearer", () => {
    const back = recorder();
    decay({ t0: 3, t1: 1, dt0: -1, progressMeter: back.meter });
    expect(back.log).toEqual(["start", 0.5, 1, "successful"]);
    const endless = recorder();
    const event = Event({ condFn: (t: number) => t > 0.6 });
    decay({ t1: Infinity, event, progressMeter: endless.meter });
    expect(endless.log).toEqual(["start", 0, 0, "eventOccurred"]);
  });

  test("of a solve that fails is closed with its result", () => {
    const { log, meter } = recorder();
    expect(() => decay({ maxSteps: 2, progressMeter: meter })).toThrow(/maximum number/u);
    expect(log).toEqual(["start", 0.25, "maxStepsReached"]);
  });

  test("of a solve that throws is closed, and what it throws itself is passed on", () => {
    const { log, meter } = recorder();
    const failing = traced(() => {
      throw new Error("no field");
    });
    const run = (): unknown =>
      solveParts(failing, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 1, progressMeter: meter });
    expect(run).toThrow("no field");
    expect(log).toEqual(["start", null]);
    const broken = {
      start: () => ({
        update: () => {
          throw new Error("no ink");
        },
        close: () => undefined,
      }),
    };
    for (let i = 0; i < 100; i++) expect(() => decay({ progressMeter: broken })).toThrow("no ink");
  });

  test("changes nothing of the solution, with rows that are drained on the way", () => {
    const saveat = { steps: true };
    const stepsizeController = PIDController({ rtol: 1e-10, atol: 1e-10 });
    const options = { t1: 4e3, dt0: 0.1, saveat, stepsizeController, maxSteps: null };
    const field = (t: number, _y: number): number => Math.cos(t);
    const run = (more: object) => solveParts(field, Tsit5(), { t0: 0, y0: 0, ...options, ...more });
    const plain = run({});
    const watched = run({ progressMeter: recorder(7).meter });
    expect(plain.ts.length).toBeGreaterThan(4096);
    expect(watched.ts.toArray()).toEqual(plain.ts.toArray());
    expect(watched.ys.toArray()).toEqual(plain.ys.toArray());
  });

  test("is refused if it has no start", () => {
    expect(() => decay({ progressMeter: {} })).toThrow(/progressMeter must be one such as Text/u);
    expect(() => decay({ progressMeter: TextProgressMeter })).toThrow(
      /call it: TextProgressMeter\(\)/u,
    );
    expect(() => decay({ progressMeter: { start: () => ({ update: () => undefined }) } })).toThrow(
      "progressMeter: what start() returns must have a function close, got undefined",
    );
    expect(() => decay({ progressMeter: recorder(0).meter })).toThrow(
      /refreshSteps .* at least 1, got 0/u,
    );
  });
});

describe("inside traced functions", () => {
  const round = (x: number): number => Math.round(1e3 * x) / 1e3;
  const end =
    (meter: ProgressMeter, more: object = {}) =>
    (y0: Scalar) =>
      diffeqsolve((_t, y) => -y, Tsit5(), {
        t0: 0,
        t1: 1,
        dt0: 0.25,
        y0,
        progressMeter: meter,
        ...more,
      }).ys.at(0);

  test("a meter is told by calls from compiled code, at each run anew", () => {
    const { log, meter } = recorder();
    const run = jit(end(meter));
    run(1);
    expect(log).toEqual(["start", 0.25, 0.5, 0.75, 1, "successful"]);
    log.length = 0;
    run(2);
    expect(log).toEqual(["start", 0.25, 0.5, 0.75, 1, "successful"]);
  });

  test("a meter is told after so many steps as it asks for", () => {
    for (const [steps, shown] of [
      [2, [0.5, 1]],
      [3, [0.75, 1]],
      [2.5, [0.5, 1]],
      [1e300, [1]],
    ] as const) {
      const { log, meter } = recorder(steps);
      jit(end(meter))(1);
      expect(log).toEqual(["start", ...shown, "successful"]);
      log.length = 0;
      decay({ progressMeter: meter });
      expect(log).toEqual(["start", ...shown, "successful"]);
    }
  });

  test("a gradient shows the way forward, once", () => {
    const { log, meter } = recorder();
    expect(grad(end(meter))(1)).toBeCloseTo(Math.exp(-1), 5);
    expect(log).toEqual(["start", 0.25, 0.5, 0.75, 1, "successful"]);
  });

  test("with few checkpoints too, where steps are made again on the way back", () => {
    for (const adjoint of [RecursiveCheckpointAdjoint({ checkpoints: 2 }), DirectAdjoint()]) {
      const { log, meter } = recorder();
      grad(end(meter, { dt0: 1 / 16, adjoint }))(1);
      expect(log).toEqual([
        "start",
        ...Array.from({ length: 16 }, (_, i) => round((i + 1) / 16)),
        "successful",
      ]);
    }
  });

  test("the solves of a batch share one meter, which shows the part of all their ways", () => {
    const { log, meter } = recorder();
    vmap(end(meter))(Float64Array.of(1, 2));
    expect(log).toEqual(["start", 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1, "successful"]);
    log.length = 0;
    // Over what the vector field takes from outside, over the end, and with derivatives.
    vmap((t1: Scalar) => end(meter, { t1 })(np.tensor(1)))(Float64Array.of(0.5, 1));
    expect(log).toEqual(["start", 0.25, 0.5, 0.625, 0.75, 0.875, 1, "successful"]);
    log.length = 0;
    vmap(grad(end(meter)))(Float64Array.of(1, 2));
    expect(log).toEqual(["start", 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1, "successful"]);
  });

  test("solves that follow each other have a meter each", () => {
    const { log, meter } = recorder(2);
    jit((y0: Scalar) => end(meter)(end(meter)(y0)))(1);
    expect(log).toEqual(["start", 0.5, 1, "successful", "start", 0.5, 1, "successful"]);
    log.length = 0;
    jit(
      (y0: Scalar) =>
        scan((y: Scalar) => ({ carry: end(meter)(y), row: null }), y0, null, { length: 2 }).carry,
    )(1);
    expect(log).toEqual(["start", 0.5, 1, "successful", "start", 0.5, 1, "successful"]);
  });

  test("a derivative of solves that follow each other shows each once, although they are made again on the way back", () => {
    const { log, meter } = recorder(2);
    const twice = (y0: Scalar) =>
      scan((y: Scalar) => ({ carry: end(meter)(y), row: null }), y0, null, { length: 2 }).carry;
    const shown = ["start", 0.5, 1, "successful"];
    grad(twice)(1);
    expect(log).toEqual([...shown, ...shown]);
    for (const derivative of [
      () => hessian(end(meter))(1),
      () => jvp(end(meter), [1], [1]),
      () => grad(end(meter, { adjoint: BacksolveAdjoint() }))(1),
      () => grad(end(meter, { adjoint: ImplicitAdjoint(), throw: false }))(1),
    ]) {
      log.length = 0;
      derivative();
      expect(log).toEqual(shown);
    }
  });

  test("a batch of which one solve fails says so once", () => {
    const { log, meter } = recorder(4);
    const run = (y0: Scalar): Scalar => end(meter, { maxSteps: 3, throw: false })(y0);
    vmap(run)(Float64Array.of(1, 2));
    expect(log).toEqual(["start", "maxStepsReached"]);
  });

  test("a meter is closed if something throws in between, and the next run has one of its own", () => {
    const { log, meter } = recorder();
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const outside = { isBroken: true };
    const run = jit((y0: Scalar) =>
      diffeqsolve(
        (t, y) => {
          if (outside.isBroken && t > 0.6) throw new Error("no field");
          return -y;
        },
        Tsit5(),
        { t0: 0, t1: 1, dt0: 0.25, y0, progressMeter: meter },
      ).ys.at(0),
    );
    for (let i = 0; i < 2; i++) {
      log.length = 0;
      expect(() => run(1)).toThrow("no field");
      expect(log).toEqual(["start", 0.25, 0.5, null]);
    }
    outside.isBroken = false;
    log.length = 0;
    run(1);
    expect(log).toEqual(["start", 0.25, 0.5, 0.75, 1, "successful"]);
    warn.mockRestore();
  });

  test("a meter that fails is closed as well", () => {
    const closed: unknown[] = [];
    const broken: ProgressMeter = {
      start: () => ({
        update: () => {
          throw new Error("no ink");
        },
        close: (result) => void closed.push(result),
      }),
    };
    const run = jit(end(broken));
    for (let i = 0; i < 100; i++) expect(() => run(1)).toThrow("no ink");
    expect(closed).toEqual(Array.from({ length: 100 }, () => null));
  });

  test("a meter that solves something itself, with itself, shows both", () => {
    const log: unknown[] = [];
    let depth = 0;
    const meter: ProgressMeter = {
      refreshSteps: 4,
      start: () => ({
        update: (progress) => {
          log.push(depth, progress);
          if (depth++ === 0) run(1);
          depth--;
        },
        close: (result) => void log.push(result),
      }),
    };
    const run = jit(end(meter));
    run(1);
    expect(log).toEqual([0, 1, 1, 1, "successful", "successful"]);
  });

  test("one that wants to be told nothing is no part of the program", () => {
    const run = jit(end(NoProgressMeter()));
    expect(run(1).item()).toBeCloseTo(Math.exp(-1), 5);
  });
});

describe("the meters", () => {
  test("TextProgressMeter prints a line for so much of the way", () => {
    const lines: string[] = [];
    const print = (line: string): void => void lines.push(line);
    decay({ progressMeter: TextProgressMeter({ print, minimumIncrease: 0.25 }) }, 10);
    expect(lines).toEqual(["0.00%", "30.00%", "60.00%", "90.00%", "100.00%"]);
    lines.length = 0;
    decay({ maxSteps: 3, throw: false, progressMeter: TextProgressMeter({ print }) });
    expect(lines).toEqual(["0.00%", "25.00%", "50.00%", "50.00% maxStepsReached"]);
    expect(() => TextProgressMeter({ minimumIncrease: 2 })).toThrow(
      /a fraction, from 0 to 1, got 2/u,
    );
  });

  test("TqdmProgressMeter draws a bar", () => {
    let drawn = "";
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        drawn += chunk.toString();
        done();
      },
    });
    decay({ progressMeter: TqdmProgressMeter({ stream }) }, 100);
    expect(drawn).toContain("0%|");
    expect(drawn).toContain(`100%|${"█".repeat(40)}|`);
    expect(() => TqdmProgressMeter({ refreshSteps: 0 })).toThrow(/refreshSteps .* got 0/u);
  });

  test("HtmlProgressMeter moves an element", () => {
    const seen: number[] = [];
    const element = {
      max: 5,
      get value() {
        return seen.at(-1) ?? 0;
      },
      set value(x: number) {
        seen.push(x);
      },
    };
    decay({ progressMeter: HtmlProgressMeter({ element, refreshSteps: 2 }) });
    expect(element.max).toBe(1);
    expect([seen[0], seen.at(-1)]).toEqual([0, 1]);
    expect(seen).toContain(0.5);
    seen.length = 0;
    decay(
      { progressMeter: HtmlProgressMeter({ element, refreshSteps: 1 }), maxSteps: null },
      20_000,
    );
    expect(seen.length).toBeLessThan(1010);
    expect(seen.at(-1)).toBe(1);
    expect(() => HtmlProgressMeter({ element: null as never })).toThrow(
      /element must be a <progress>/u,
    );
  });
});
