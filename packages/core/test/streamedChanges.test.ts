// Rows that go by at given times, while events change the state between them.
import {
  diffeqsolve,
  diffeqsolveStream,
  Event,
  Newton,
  np,
  PIDController,
  Tsit5,
} from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";

type State = readonly [height: number, speed: number];

const options = {
  t0: 0,
  t1: 4,
  dt0: 0.1,
  y0: [1, 0],
  args: 0.9,
  stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-6 }),
} as const;
const ball = (t: number, [, v]: State) => [v, -9.81] as const;
const dose = (t: number, [h, v]: State) => [h, v + 0.5];
const events = {
  "at conditions": Event({
    condFn: (t: number, [h]: State) => h,
    rootFinder: Newton({ rtol: 1e-10, atol: 1e-10 }),
    change: (t: number, [h, v]: State, e: number) => [h, -e * v],
  }),
  "at known times, the start and the end among them": Event({ at: [0, 1, 2.5, 4], change: dose }),
};
/** Fewer and more than there is room for at a time. */
const lengths = [7, 10_001];

describe("times in a stream have the rows of diffeqsolve, to the last bit, where the state is changed", () => {
  const all = Object.entries(events);
  test.each(all)("%s", async (_, event) => {
    for (const length of lengths) {
      const given = { ...options, saveat: { ts: np.linspace(0, 4, length) }, event };
      const whole = diffeqsolve(ball, Tsit5(), given);
      const stream = diffeqsolveStream(ball, Tsit5(), given);
      const ts: number[] = [];
      const speeds: number[] = [];
      for await (const chunk of stream) {
        ts.push(...chunk.ts);
        speeds.push(...chunk.ys[1]);
      }
      expect(ts).toEqual([...whole.ts]);
      expect(speeds).toEqual([...whole.ys[1]]);
      expect((await stream.solution).events).toEqual(whole.events);
    }
  });
});
