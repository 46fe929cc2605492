// A step that is cut within the turn of the loop: what is written sees the step as it counts, and interpolation stays right.
import { add, equal, less, logicalAnd, mul, neg, stack, where } from "@diffrax-ts/array";
import { assert } from "@diffrax-ts/autodiff";
import { DenseInterpolation } from "@diffrax-ts/interpolation";
import { scalarTensor } from "@diffrax-ts/program";
import {
  type Event,
  type EventContext,
  type EventMet,
  type EventStarted,
  type LocalInterpolation,
  resultCode,
  type Solver,
  type StepMade,
  type Term,
  termRound,
  type TermStep,
  traced,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import { part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { Tsit5 } from "@diffrax-ts/solvers";
import { PIDController } from "@diffrax-ts/step-size-controllers";
import { ODETerm } from "@diffrax-ts/terms";
import { describe, expect, test } from "vitest";
import { solveOnHost } from "../src/burstsOf.ts";
import type { Outcome } from "../src/Outcome.ts";
import { prepare } from "../src/prepare.ts";

/** Cuts the step that a time lies in, and ends the solve there, or lets it go on. */
interface CutAt extends Event<null> {
  readonly time: number;
  readonly isEnd: boolean;
}

function CutAt(time: number, isEnd: boolean): CutAt {
  return part("test/CutAt", { time, isEnd, mayCut: true, readFields, init, meet, mask });
}

function readFields(this: CutAt): CutAt {
  return this;
}

const init = (): EventStarted<null> => ({ state: null, result: null });
const mask = (): unknown => null;

function meet(
  this: CutAt,
  _state: null,
  step: StepMade,
  _context: EventContext,
  curve: () => LocalInterpolation,
): EventMet<null> {
  const { time, isEnd } = this;
  const t = scalarTensor("float64", time);
  const isInside = logicalAnd(less(step.t0, time), less(time, step.t1));
  const wasCut = step.keepStep === true ? isInside : logicalAnd(isInside, step.keepStep);
  const pick = (a: Tensor, b: Tensor): Tensor => where(wasCut, a, b);
  const code = (result: "eventOccurred" | "successful"): Tensor =>
    scalarTensor("int32", resultCode(result));
  return {
    state: null,
    step: {
      ...step,
      t1: pick(t, step.t1) as Scalar,
      y1: treeMap(pick, curve().evaluate(t), step.y1),
    },
    wasCut,
    result: isEnd ? pick(code("eventOccurred"), code("successful")) : null,
  };
}

const oscillator = traced((_t: Scalar, y: Tensor) => stack([y.at(1), neg(y.at(0))]));

/** The same equation, whose control says at the start of a step where the last one ended. */
const watched = termRound("test/Watched", ODETerm(oscillator), {
  init: (t0: Scalar) => t0,
  over(this: Term, state: Tree, t0: Scalar, t1: Scalar): TermStep {
    assert(equal(state as Scalar, t0), "a step does not begin where the last one ended");
    return { term: this, state: t1 };
  },
});

function solveCut(
  event: Event | null,
  more: object,
  solver: Solver,
  terms: unknown = oscillator,
): Outcome {
  const options = { t0: 0, t1: 2, dt0: 0.3, y0: Float64Array.of(1, 0), ...more };
  const prepared = prepare(terms, solver, options, { reader: null, host: true });
  return solveOnHost({ ...prepared, config: { ...prepared.config, event } });
}

const times = (outcome: Outcome, i = 0): number[] => [...outcome.saves[i]!.ts];
const adaptive = { stepsizeController: PIDController({ rtol: 1e-10, atol: 1e-12 }) };

describe.each([
  ["constant steps", {}],
  ["adaptive ones", adaptive],
])("a step of %s that is cut", (_, more) => {
  test("leaves the state of a term where it ends", () => {
    const cut = solveCut(CutAt(0.7, false), more, Tsit5(), watched);
    expect(cut.result).toBe("successful");
  });

  test("ends the solve there: nothing later is saved, and the cut is the end of the step", () => {
    const saveat = {
      subs: { ts: { ts: [0.25, 0.69, 0.71, 1] }, end: { t1: true }, steps: { steps: true } },
    };
    const cut = solveCut(CutAt(0.7, true), { ...more, saveat }, Tsit5());
    expect(cut.result).toBe("eventOccurred");
    expect(cut.tEnd).toBe(0.7);
    expect(times(cut, 0)).toEqual([0.25, 0.69]);
    expect(times(cut, 1)).toEqual([0.7]);
    expect(times(cut, 2).at(-1)).toBe(0.7);
    const y = cut.saves[1]!.ys as Tensor;
    expect(y.at(0, 0).item()).toBeCloseTo(Math.cos(0.7), 4);
  });

  test("keeps its curve: dense output is that of the whole step", () => {
    const saveat = { dense: true };
    const [cut, whole] = [CutAt(0.7, true), null].map((event) =>
      solveCut(event, { ...more, saveat }, Tsit5()),
    );
    const curveOf = ({ saves }: Outcome): ReturnType<typeof DenseInterpolation> => {
      const { ts, ys, count } = saves.at(-1)!;
      const { info, end = null } = ys as { info: never; end?: Tensor };
      const withStart = stack([
        scalarTensor("float64", 0),
        ...[...ts].map((t) => scalarTensor("float64", t)),
      ]);
      return DenseInterpolation({
        ts: withStart,
        infos: info,
        infoEnds: end,
        count: count!,
        solver: Tsit5(),
        direction: 1,
        y0: stack([scalarTensor("float64", 1), scalarTensor("float64", 0)]),
      });
    };
    const [short, long] = [curveOf(cut!), curveOf(whole!)];
    expect(short.t1.item()).toBe(0.7);
    for (const t of [0.1, 0.3, 0.65, 0.6999, 0.7])
      expect((short.evaluate(t) as Tensor).toArray()).toEqual(
        (long.evaluate(t) as Tensor).toArray(),
      );
    expect((short.evaluate(0.71) as Tensor).toArray()).toEqual([NaN, NaN]);
  });

  test("passes on no stage: what goes on from there is right", () => {
    const saveat = { steps: true, madeJump: true };
    const { saves, result, madeJump } = solveCut(CutAt(0.7, false), { ...more, saveat }, Tsit5());
    expect(result).toBe("successful");
    expect(madeJump).toBe(false);
    expect(times({ saves } as unknown as Outcome)).toContain(0.7);
    const y = saves[0]!.ys as Tensor;
    expect(y.at(-1, 0).item()).toBeCloseTo(Math.cos(2), 4);
    expect(saves[0]!.ts.at(-1).item()).toBe(2);
  });
});

test("the stage of a step that was cut is not used again", () => {
  // With a slope that depends on time alone the stage passed on from the end of the whole step would show.
  const field = traced((t: Scalar, y: Scalar) => add(mul(y, 0), t));
  const options = { t0: 0, t1: 1, dt0: 0.5, y0: 0 };
  const prepared = prepare(field, Tsit5(), options, { reader: null, host: true });
  const event = CutAt(0.25, false);
  const { saves } = solveOnHost({ ...prepared, config: { ...prepared.config, event } });
  expect((saves[0]!.ys as Tensor).at(0).item()).toBeCloseTo(0.5, 14);
});
