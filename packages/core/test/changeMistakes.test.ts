// Changes of the state that make no sense, each an error that says what it got and what to do.
import {
  BacksolveAdjoint,
  Event,
  grad,
  ImplicitAdjoint,
  jit,
  Newton,
  np,
  PIDController,
  type Scalar,
  type Solution,
  type Tensor,
  traced,
  Tsit5,
} from "@diffrax-ts/core";
import { describe, expect, test, vi } from "vitest";
import { solveParts } from "./support/solveParts.ts";

type Pair = readonly [number, number];
const fall = (_t: number, [, v]: Pair, { g }: { g: number }): Pair => [v, -g];
const height = (_t: number, [h]: Pair): number => h;
const bounce = (_t: number, [h, v]: Pair, { e }: { e: number }): Pair => [h, -e * v];

function drop(event: object = {}, options: object = {}): Solution {
  const rootFinder = Newton({ rtol: 1e-12, atol: 1e-12 });
  return solveParts(fall, Tsit5(), {
    t0: 0,
    t1: 3,
    dt0: 0.1,
    y0: [1, 0],
    args: { g: 9.81, e: 0.8 },
    event: Event({ condFn: height, rootFinder, change: bounce, ...event }),
    ...options,
  }) as never;
}

describe("is refused:", () => {
  const outside = 2;
  const change = bounce;
  const hidden = (_t: number, [h, v]: Pair): Pair => [h, -v / outside];
  const wrong = (f: unknown) => () => drop({ change: f });
  test.each<[string, () => unknown, string]>([
    [
      "a change that returns another structure",
      wrong(() => 0),
      "event.change: result: expected an array of 2, got float64[]",
    ],
    [
      "a change that returns too little",
      wrong((_t: number, [h]: Pair) => [h]),
      "event.change: result: expected an array of 2, got an array of 1",
    ],
    [
      "a change that returns nothing",
      wrong(() => undefined),
      "event.change: the function returned nothing; write its result after return",
    ],
    [
      "another shape",
      wrong(traced(() => [np.zeros([3]), 0])),
      "event.change: result[0]: expected float64 as in y0, got float64[3]",
    ],
    [
      "another dtype",
      wrong(traced((_t: Scalar, [h, v]: readonly Scalar[]) => [np.astype(h!, "float32"), v])),
      "event.change: result[0]: expected float64 as in y0, got float32",
    ],
    [
      "a truth value",
      wrong((_t: number, [h, v]: Pair) => [h > 0, v]),
      "event.change: result[0]: expected float64 as in y0, got bool",
    ],
    [
      "a change that is none",
      wrong("bounce"),
      'Event: change must be a function (t, y, args, index) => y, got "bounce"',
    ],
    [
      "a tree unlike the conditions",
      () => Event({ condFn: { a: height, b: height }, change: { a: bounce } }),
      "Event: change must be a function (t, y, args, index) => y, or have the structure of condFn, with 2 of these",
    ],
    [
      "a tree with something else in it",
      () => Event({ condFn: [height, height], change: [bounce, 3 as never] }),
      "Event: change[1] must be a function (t, y, args, index) => y, got 3",
    ],
    [
      "a first event that ends the solve",
      () => Event({ condFn: height, change, terminal: true }),
      "Event: with terminal: true the first event ends the solve, and change has nothing to do",
    ],
    [
      "Diffrax's rule of precedence",
      () => Event({ condFn: height, change, precedence: "tree" }),
      "with change the earliest comes first, so leave it out",
    ],
    [
      "more events than there is room for",
      () => drop({ maxEvents: 2 }),
      "Event: there are more than maxEvents = 2 events; make room for more",
    ],
    [
      "a traced function without maxEvents",
      () => jit(() => drop().ys)(),
      "Event: inside of a traced function, as under jit, vmap or grad, maxEvents has to say",
    ],
    [
      "a gradient through a change that cannot be read",
      () =>
        grad((e: Scalar) =>
          (drop({ change: hidden, maxEvents: 9 }, { args: { g: 9.81, e } }).ys as Tensor[])[1]!.at(
            0,
          ),
        )(0.5),
      "a derivative cannot pass through a JavaScript function that is called back; plain(hidden)",
    ],
    [
      "ImplicitAdjoint",
      () => drop({}, { adjoint: ImplicitAdjoint() }),
      "ImplicitAdjoint() differentiates a steady state, whatever the way there, and cannot be used with events that are recorded or change the state",
    ],
    [
      "ImplicitAdjoint with recorded events",
      () => drop({ change: null, terminal: false }, { adjoint: ImplicitAdjoint() }),
      "cannot be used with events that are recorded or change the state",
    ],
    [
      "BacksolveAdjoint",
      () => drop({}, { adjoint: BacksolveAdjoint() }),
      "BacksolveAdjoint() cannot be used with an event",
    ],
  ])("%s", (_, run, message) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    expect(run).toThrow(message);
    warn.mockRestore();
  });

  test("a change to what is no number is a result", () => {
    const change = (_t: number, [h]: Pair): Pair => [h, 0 / 0];
    for (const stepsizeController of [undefined, PIDController({ rtol: 1e-6, atol: 1e-6 })])
      expect(drop({ change }, { throw: false, stepsizeController }).result).toBe("nonfinite");
  });
});
