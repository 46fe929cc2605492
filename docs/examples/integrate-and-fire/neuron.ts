import { diffeqsolve, Event, Newton, type Scalar, Tsit5 } from "@diffrax-ts/core";

/** A leaky integrate-and-fire neuron: potentials in millivolts, time in milliseconds. */
export const neuron = {
  /** Where it comes to rest without a current. */
  rest: -70,
  /** Where it fires … */
  threshold: -50,
  /** … and where it is then. */
  reset: -65,
  /** How fast it forgets. */
  tau: 20,
};

/** A current, times the resistance of the membrane: `mean + swing sin(2 π t / period)`, in millivolts. */
export interface Drive<N = number> {
  readonly mean: N;
  readonly swing: number;
  readonly period: number;
}

type Args = typeof neuron & Drive;

/** `τ V' = -(V - rest) + R I(t)` */
function leak(t: number, v: number, { rest, tau, mean, swing, period }: Args): number {
  return (rest - v + mean + swing * Math.sin((2 * Math.PI * t) / period)) / tau;
}

const spike = (maxEvents: number | null) =>
  Event({
    condFn: (_t: number, v: number, { threshold }: Args) => v - threshold,
    direction: true,
    rootFinder: Newton({ rtol: 1e-12, atol: 1e-12 }),
    change: (_t: number, _v: number, { reset }: Args) => reset,
    maxEvents,
  });

/** The potential of a neuron that begins at rest, for so many milliseconds, and when it fires. */
export function stimulate(drive: Drive, duration: number) {
  const { ts, ys, events } = diffeqsolve(leak, Tsit5(), {
    t0: 0,
    t1: duration,
    dt0: 0.25,
    y0: neuron.rest,
    args: { ...neuron, ...drive },
    event: spike(null),
    saveat: { t0: true, steps: true },
    maxSteps: null,
  });
  return { ts, potentials: ys, spikes: events!.ts };
}

/** When it fires for the time of that number, as a function of the mean current, which may be traced. */
export function spikeTime(mean: Scalar, swing: number, period: number, number: number): Scalar {
  return diffeqsolve(leak, Tsit5(), {
    t0: 0,
    t1: 1000,
    dt0: 0.25,
    y0: neuron.rest,
    args: { ...neuron, mean: mean as unknown as number, swing, period },
    event: spike(200),
  }).events!.ts.at(number - 1);
}

/** Spikes a second with a constant current: `1 / (τ log((R I + rest - reset) / (R I + rest - threshold)))`, or none. */
export function rateOf(mean: number): number {
  const { rest, threshold, reset, tau } = neuron;
  const [far, near] = [mean + rest - reset, mean + rest - threshold];
  return near > 0 ? 1000 / (tau * Math.log(far / near)) : 0;
}
