import { diffeqsolve, Event, Newton, type Scalar, Tsit5 } from "@diffrax-ts/core";

/** Height in metres, and speed upwards in metres a second. */
type Ball = readonly [height: number, speed: number];

/** What there is to know of a ball. */
export interface Properties<N = number> {
  /** From where it is dropped, in metres. */
  readonly height: N;
  /** The part of its speed that is left after an impact. */
  readonly restitution: N;
  /** How the air slows it down, by `drag v²`, in 1 / m. */
  readonly drag: N;
}

const gravity = 9.81; // in m / s²

/** A ball in the air. */
function fly(_t: number, [, v]: Ball, { g, drag }: { g: number; drag: number }): Ball {
  return [v, -g - drag * v * Math.abs(v)];
}

/** At an impact its speed is turned round, and some of it is lost. */
function bounce(_t: number, [h, v]: Ball, { restitution }: { restitution: number }): Ball {
  return [h, -restitution * v];
}

function eventOf(impacts: number) {
  return Event({
    condFn: (_t: number, [h]: Ball) => h,
    rootFinder: Newton({ rtol: 1e-10, atol: 1e-10 }),
    change: bounce,
    terminal: impacts,
  });
}

/** The equation of a ball that is dropped at the time 0. */
function optionsOf({ height, restitution, drag }: Properties<number | Scalar>, impacts: number) {
  return {
    t0: 0,
    t1: Infinity,
    dt0: 0.02,
    y0: [height, 0] as readonly [number | Scalar, number],
    args: { g: gravity, drag: drag as number, restitution: restitution as number },
    event: eventOf(impacts),
  };
}

/** The times of its first impacts, `[impacts]`. */
export function impactsOf(ball: Properties<number | Scalar>, impacts: number) {
  return diffeqsolve(fly, Tsit5(), optionsOf(ball, impacts)).events!.ts;
}

/** Its height from step to step, until so many impacts have been. */
export function flightOf(ball: Properties, impacts: number) {
  const saveat = { t0: true, steps: true };
  const { ts, ys } = diffeqsolve(fly, Tsit5(), { ...optionsOf(ball, impacts), saveat });
  return { ts, heights: ys[0] };
}
