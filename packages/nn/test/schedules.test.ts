import { jit, vmap } from "@diffrax-ts/autodiff";
import {
  constantSchedule,
  cosineDecaySchedule,
  exponentialDecay,
  joinSchedules,
  linearSchedule,
  type Schedule,
  warmupCosineDecaySchedule,
} from "@diffrax-ts/nn";
import type { Scalar } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { expectClose } from "./support/expectClose.ts";

const counts = [0, 1, 3, 4, 5, 7, 12, 13, 25];

// Optax 0.2.8 with JAX 0.10.2 and jax_enable_x64: the values at these counts.
const cases: readonly { name: string; schedule: Schedule; values: number[] }[] = [
  {
    name: "linearSchedule",
    schedule: linearSchedule({
      initValue: 0.1,
      endValue: 1,
      transitionSteps: 10,
      transitionBegin: 3,
    }),
    values: [
      0.09999999999999998, 0.09999999999999998, 0.09999999999999998, 0.18999999999999995,
      0.2799999999999999, 0.45999999999999996, 0.91, 1.0, 1.0,
    ],
  },
  {
    name: "cosineDecaySchedule with alpha and exponent",
    schedule: cosineDecaySchedule({ initValue: 0.1, decaySteps: 20, alpha: 0.1, exponent: 2 }),
    values: [
      0.1, 0.09889536113510168, 0.09045787767676687, 0.0836322059335908, 0.07556980515339463,
      0.057566988399989284, 0.02074279406640921, 0.016707843423430076, 0.010000000000000002,
    ],
  },
  {
    name: "cosineDecaySchedule",
    schedule: cosineDecaySchedule({ initValue: 0.1, decaySteps: 20 }),
    values: [
      0.1, 0.0993844170297569, 0.09455032620941839, 0.09045084971874738, 0.08535533905932738,
      0.07269952498697733, 0.03454915028125263, 0.027300475013022664, 0.0,
    ],
  },
  {
    name: "exponentialDecay",
    schedule: exponentialDecay({
      initValue: 0.1,
      transitionSteps: 10,
      decayRate: 0.5,
      transitionBegin: 3,
    }),
    values: [
      0.1, 0.1, 0.1, 0.09330329915368074, 0.08705505632961241, 0.0757858283255199,
      0.05358867312681466, 0.05, 0.021763764082403103,
    ],
  },
  {
    name: "exponentialDecay by steps, with an end",
    schedule: exponentialDecay({
      initValue: 0.1,
      transitionSteps: 4,
      decayRate: 0.5,
      transitionBegin: 2,
      staircase: true,
      endValue: 0.03,
    }),
    values: [0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.03, 0.03, 0.03],
  },
  {
    name: "exponentialDecay that grows, with an end",
    schedule: exponentialDecay({ initValue: 0.1, transitionSteps: 4, decayRate: 2, endValue: 0.5 }),
    values: [
      0.1, 0.11892071150027211, 0.16817928305074292, 0.2, 0.23784142300054423, 0.33635856610148585,
      0.5, 0.5, 0.5,
    ],
  },
  {
    name: "joinSchedules",
    schedule: joinSchedules(
      [
        constantSchedule(0.5),
        linearSchedule({ initValue: 0, endValue: 1, transitionSteps: 4 }),
        constantSchedule(0.25),
      ],
      [5, 12],
    ),
    values: [0.5, 0.5, 0.5, 0.5, 0.0, 0.5, 0.25, 0.25, 0.25],
  },
  {
    name: "warmupCosineDecaySchedule",
    schedule: warmupCosineDecaySchedule({
      initValue: 0.01,
      peakValue: 0.2,
      warmupSteps: 5,
      decaySteps: 20,
      endValue: 0.02,
    }),
    values: [
      0.010000000000000009, 0.04799999999999999, 0.124, 0.16200000000000003, 0.2,
      0.1922190911878341, 0.11940756169408882, 0.1005924383059112, 0.02,
    ],
  },
];

describe("the figures of optax are met by", () => {
  test.each(cases)("$name", ({ schedule, values }) => {
    expectClose(
      counts.map((count) => schedule.value(count).item()),
      values,
      1e-15,
    );
    const compiled = jit((count: Scalar) => schedule.value(count));
    expect(compiled(7).item()).toBe(schedule.value(7).item());
  });
});

test("the count may be an integer, and a batch of them with vmap", () => {
  const schedule = linearSchedule({ initValue: 0, endValue: 1, transitionSteps: 4 });
  const values = vmap((count: Scalar) => schedule.value(count))(Int32Array.of(0, 1, 2));
  expect(values.toArray()).toEqual([0, 0.25, 0.5]);
});

test("warmupCosineDecaySchedule({ warmupSteps: 0 }) starts at its peak, which may be 0", () => {
  const options = { initValue: 0, warmupSteps: 0, decaySteps: 10 };
  expect(
    warmupCosineDecaySchedule({ ...options, peakValue: 1 })
      .value(0)
      .item(),
  ).toBe(1);
  expect(
    warmupCosineDecaySchedule({ ...options, peakValue: 0 })
      .value(5)
      .item(),
  ).toBe(0);
});

describe("refused, with the schedule and the value, are", () => {
  const line = { initValue: 0, endValue: 1, transitionSteps: 4 };
  const refused: readonly { name: string; call: () => unknown; message: RegExp }[] = [
    {
      name: "no steps",
      call: () => linearSchedule({ ...line, transitionSteps: 0 }),
      message: /^linearSchedule: transitionSteps must be an integer >= 1, got 0$/u,
    },
    {
      name: "a start before the first step",
      call: () => linearSchedule({ ...line, transitionBegin: -1 }),
      message: /^linearSchedule: transitionBegin must be an integer >= 0, got -1$/u,
    },
    {
      name: "values that are not numbers",
      call: () => linearSchedule({ ...line, endValue: NaN }),
      message: /^linearSchedule: endValue must be a finite number, got NaN$/u,
    },
    {
      name: "values without names",
      call: () => cosineDecaySchedule(0.1 as never),
      message: /^cosineDecaySchedule: expected options such as \{ initValue: … \}, got/u,
    },
    {
      name: "a decay rate of 0",
      call: () => exponentialDecay({ initValue: 1, transitionSteps: 1, decayRate: 0 }),
      message: /^exponentialDecay: decayRate must be > 0, got 0$/u,
    },
    {
      name: "an option that does not exist",
      call: () => cosineDecaySchedule({ initValue: 1, decaySteps: 1, power: 2 } as never),
      message: /^cosineDecaySchedule: there is no option power/u,
    },
    {
      name: "a warm-up longer than the whole",
      call: () =>
        warmupCosineDecaySchedule({ initValue: 0, peakValue: 1, warmupSteps: 9, decaySteps: 9 }),
      message: /^warmupCosineDecaySchedule: decaySteps must be an integer >= 10, got 9$/u,
    },
    {
      name: "too many boundaries",
      call: () => joinSchedules([constantSchedule(1)], [1]),
      message: /^joinSchedules: expected one boundary less than schedules, got 1 for 1$/u,
    },
    {
      name: "boundaries that do not increase",
      call: () => joinSchedules([0, 1, 2].map(constantSchedule), [4, 4]),
      message: /^joinSchedules: boundaries\[1\] must be an integer >= 5, got 4$/u,
    },
    {
      name: "a rate without end",
      call: () => constantSchedule(Infinity),
      message: /^constantSchedule/u,
    },
  ];
  test.each(refused)("$name", ({ call, message }) => {
    expect(call).toThrow(message);
  });
});
