import {
  diffeqsolve,
  Event,
  ImplicitAdjoint,
  np,
  PIDController,
  type Scalar,
  steadyStateEvent,
  Tsit5,
} from "@diffrax-ts/core";

/** How fast two genes are read, each of which hinders the other. */
export interface Rates<Leaf = number> {
  readonly a: Leaf;
  readonly b: Leaf;
}

/** What they make, at the start none of the one. */
const start = { x: 0, y: 1 };

/** The change of what two genes make: the more there is of the one, the less of the other. */
function toggle(
  _t: number,
  { x, y }: { readonly x: number; readonly y: number },
  { a, b }: Rates,
): { readonly x: number; readonly y: number } {
  return { x: a / (1 + y ** 2) - x, y: b / (1 + x ** 2) - y };
}

const stepsizeController = PIDController({ rtol: 1e-8, atol: 1e-10 });
// An explicit solver comes as near to rest as its tolerances allow.
const event = Event({ condFn: steadyStateEvent({ rtol: 1e-6, atol: 1e-8 }) });

/** What is there when nothing changes any more, however long that takes. It is differentiated as a root of `toggle`. */
export function atRest(rates: Rates<Scalar>): { readonly x: Scalar; readonly y: Scalar } {
  const { ys } = diffeqsolve(toggle, Tsit5(), {
    t0: 0,
    t1: Infinity,
    dt0: null,
    y0: start,
    args: rates,
    stepsizeController,
    event,
    adjoint: ImplicitAdjoint(),
  });
  return { x: ys.x.at(0), y: ys.y.at(0) };
}

/** The way there, and how many steps it takes. */
export function wayToRest(rates: Rates): {
  readonly x: number[];
  readonly y: number[];
  readonly t: number;
} {
  const { ts, ys } = diffeqsolve(toggle, Tsit5(), {
    t0: 0,
    t1: Infinity,
    dt0: null,
    y0: start,
    args: rates,
    stepsizeController,
    event,
    saveat: { t0: true, steps: true },
  });
  return { x: [...ys.x], y: [...ys.y], t: np.slice(ts, -1).item() };
}
