// Events that change the state of a stochastic equation.
import {
  ControlTerm,
  DirectBrownianPath,
  EulerHeun,
  Event,
  MultiTerm,
  Newton,
  ODETerm,
  type Solution,
  type Tensor,
  UnsafeBrownianPath,
  VirtualBrownianTree,
} from "@diffrax-ts/core";
import { key } from "@diffrax-ts/random";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

/** A neuron with noise, which is reset where it fires. */
function fire(control: unknown, event: object): Solution<Tensor, Tensor> {
  const drift = ODETerm((_t: number, y: number) => 1.5 - y);
  const noise = ControlTerm((() => 0.5) as never, control as never);
  return solveParts(MultiTerm(drift, noise), EulerHeun(), {
    t0: 0,
    t1: 8,
    dt0: 0.01,
    y0: 0,
    saveat: { steps: true },
    event: Event({ change: () => 0, ...event }),
  }) as never;
}

const threshold = {
  condFn: (_t: number, y: number) => y - 1,
  direction: true,
  rootFinder: Newton({ rtol: 1e-10, atol: 1e-10 }),
};

describe("a stochastic equation", () => {
  test("is cut where its path crosses a threshold, and goes on from there with the same noise", () => {
    const tree = VirtualBrownianTree({ t0: 0, t1: 8, tol: 1e-3, shape: [], key: key(1) });
    const { events, ys, ts } = fire(tree, threshold);
    expect(events!.ts.length).toBeGreaterThan(3);
    for (const y of events!.ys as Iterable<number>) expect(y).toBeCloseTo(1, 9);
    expect(Math.max(...(ys as Iterable<number>))).toBeLessThan(1 + 1e-9);
    const times = [...(ts as Iterable<number>)];
    expect(times.filter((t, i) => t === times[i - 1])).toEqual([...events!.ts]);
  });

  test.each([
    ["UnsafeBrownianPath", UnsafeBrownianPath],
    ["DirectBrownianPath", DirectBrownianPath],
  ])("with %s may be changed at known times, and not where a step is cut", (kind, make) => {
    const path = (make as typeof UnsafeBrownianPath)({ shape: [], key: key(1) });
    expect(() => fire(path, threshold)).toThrow(
      new RegExp(`event: steps that an event cuts cannot be taken with an? ${kind}`, "u"),
    );
    expect([...fire(path, { at: [1, 2.005] }).events!.ts]).toEqual([1, 2.005]);
  });
});
