import {
  diffeqsolve,
  jvp,
  np,
  ODETerm,
  type Scalar,
  type Tensor,
  traced,
  Tsit5,
} from "@diffrax-ts/core";
import { Linear, sigmoid, tanh } from "@diffrax-ts/nn";
import { type Key, splitList } from "@diffrax-ts/random";
import type { Points } from "./image.ts";

/** A layer that changes with time: `linear(y) · sigmoid(gate(t)) + shift(t)`. */
interface ConcatSquash {
  readonly linear: Linear;
  readonly gate: Linear;
  readonly shift: Linear;
}

/** Layers of a velocity, `dy/dt = velocity(t, y)`, that carries normal points at the time 0 to points of an image at the time 1. */
export type Flow = readonly ConcatSquash[];

/** A flow that has not learnt anything, with two hidden layers. */
export function makeFlow(widthSize: number, key: Key): Flow {
  const sizes = [2, widthSize, widthSize, 2];
  return splitList(key, 3).map((each, i) => concatSquash(sizes[i]!, sizes[i + 1]!, each));
}

function concatSquash(inSize: number, outSize: number, key: Key): ConcatSquash {
  const [linear, gate, shift] = splitList(key, 3);
  return {
    linear: Linear(inSize, outSize, { key: linear }),
    gate: Linear(1, outSize, { key: gate }),
    shift: Linear(1, outSize, { key: shift, useBias: false }),
  };
}

function velocity(t: Scalar, points: Points, flow: Flow): Points {
  const time = np.expandDims(t, 0);
  return flow.reduce((y, { linear, gate, shift }, i) => {
    const squashed = np.mul(linear.apply(y), sigmoid(gate.apply(time)));
    const next = np.add(squashed, shift.apply(time));
    return i === flow.length - 1 ? next : tanh(next);
  }, points);
}

/** Where points that start at the time 0 are at some times up to 1: `[times, points, 2]`. */
export function carry(
  flow: Flow,
  points: Points,
  ts: Tensor<readonly [number]>,
): Tensor<readonly [number, number, number]> {
  return diffeqsolve(ODETerm(traced(velocity)), Tsit5(), {
    t0: 0,
    t1: 1,
    dt0: 0.1,
    y0: points,
    args: flow,
    saveat: { ts },
  }).ys;
}

/** Points on their way, and how much of the logarithm of their density comes from it. */
interface Tracked {
  readonly points: Points;
  readonly gained: Tensor<readonly [number]>;
}

/** The density falls where the flow diverges: by the trace of the derivative of the velocity. */
function track(t: Scalar, { points }: Tracked, flow: Flow): Tracked {
  const along = (axis: 0 | 1, direction: Tensor) => {
    const directions = np.broadcastTo(direction, [points.length, 2]);
    const { value, tangent } = jvp((y: Points) => velocity(t, y, flow), [points], [directions]);
    return { value, slope: np.slice(tangent, null, axis) };
  };
  const [x, y] = [along(0, np.tensor([1, 0])), along(1, np.tensor([0, 1]))];
  return { points: x.value, gained: np.neg(np.add(x.slope, y.slope)) };
}

/** The logarithm of the density of the flow at points of the image, `[points]`: they are carried back to the time 0. */
export function logDensity(flow: Flow, points: Points): Tensor {
  const { ys } = diffeqsolve(ODETerm(traced(track)), Tsit5(), {
    t0: 1,
    t1: 0,
    dt0: -0.25,
    y0: { points, gained: np.zeros(points.length) },
    args: flow,
  });
  const [start, gained] = [ys.points.at(0), ys.gained.at(0)];
  const normal = np
    .sum(np.square(start), { axis: 1 })
    .div(-2)
    .sub(Math.log(2 * Math.PI));
  return normal.sub(gained);
}
