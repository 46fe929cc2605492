// Events that change the state, in solves that rest in between.
import {
  diffeqsolve,
  diffeqsolveAsync,
  diffeqsolveStream,
  Event,
  integrator,
  Newton,
  Tsit5,
} from "@diffrax-ts/core";
import { expect, test } from "vitest";

type Ball = readonly [height: number, speed: number];
const fall = (_t: number, [, v]: Ball): Ball => [v, -9.81];
const options = {
  t0: 0,
  t1: 3,
  dt0: 0.05,
  y0: [1, 0] as Ball,
  saveat: { steps: true },
  event: Event({
    condFn: (_t: number, [h]: Ball) => h,
    rootFinder: Newton({ rtol: 1e-12, atol: 1e-12 }),
    change: (_t: number, [h, v]: Ball) => [h, -0.8 * v],
  }),
} as const;

test("they are the same bits from the host, in bursts, as a stream and step by step", async () => {
  const whole = diffeqsolve(fall, Tsit5(), options);
  expect(whole.events!.ts).toHaveLength(6);

  const bursts = await diffeqsolveAsync(fall, Tsit5(), options);
  expect([...bursts.ts]).toEqual([...whole.ts]);
  expect([...bursts.events!.ts]).toEqual([...whole.events!.ts]);

  const streamed: number[] = [];
  for await (const { ts } of diffeqsolveStream(fall, Tsit5(), options)) streamed.push(...ts);
  expect(streamed).toEqual([...whole.ts]);

  const { saveat: _, ...live } = options;
  const running = integrator(fall, Tsit5(), live);
  await running.advance({ until: 3 });
  expect(running.y.map((y) => y.item())).toEqual(whole.ys.map((y) => y.at(-1).item()));
});
