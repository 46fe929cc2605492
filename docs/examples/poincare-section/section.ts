import { diffeqsolve, Dopri8, Event, Newton, PIDController } from "@diffrax-ts/core";
import { henonHeiles, type Star } from "./henonHeiles.ts";

/** Where an orbit crosses the line `x = 0` to the right. */
export interface Section {
  readonly ts: number[];
  readonly stars: Star[];
}

/** So many crossings of an orbit. */
export function section(start: Star, crossings: number): Section {
  const { events } = diffeqsolve(henonHeiles, Dopri8(), {
    t0: 0,
    t1: Infinity,
    dt0: 0.1,
    y0: start,
    stepsizeController: PIDController({ rtol: 1e-10, atol: 1e-10, dtmax: 0.5 }),
    event: Event({
      condFn: (_t: number, [x]: Star) => x,
      direction: true,
      rootFinder: Newton({ rtol: 1e-11, atol: 1e-11 }),
      terminal: crossings,
    }),
    saveat: { t1: true },
    maxSteps: null,
  });
  const columns = events!.ys.map((column) => Array.from(column));
  const star = (i: number) => columns.map((column) => column[i]) as readonly unknown[] as Star;
  return { ts: [...events!.ts], stars: Array.from({ length: crossings }, (_, i) => star(i)) };
}
