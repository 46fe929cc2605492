// A condition returns a number or a truth value, whatever it is written in.
import {
  diffeqsolve,
  diffeqsolveAsync,
  Event,
  np,
  plain,
  steadyStateEvent,
  type Tensor,
  traced,
  Tsit5,
} from "@diffrax-ts/core";

type State = readonly [number, number];
const height = (_t: number, [y]: State): number => y;
const isLow = (_t: number, [y]: State): boolean => y < 0;
const onTensors = traced((_t: Tensor, [y]: readonly [Tensor, Tensor]) => np.less(y, 0));

Event({
  condFn: { height, isLow, onTensors, captured: plain(height, {}), rest: steadyStateEvent() },
});
Event({ condFn: (_t: number, y: State) => [y[0], y[1]], count: 2 });
Event({ condFn: (_t: number, y: Float64Array) => y.map((x) => x - 1), count: 3 });

// @ts-expect-error -- a text
Event({ condFn: () => "low" });
// @ts-expect-error -- nothing
Event({ condFn: (_t: number, [y]: State) => void y });
// @ts-expect-error -- not called
Event({ condFn: steadyStateEvent });
// @ts-expect-error -- not called, among others
Event({ condFn: [height, steadyStateEvent] });

// The states at events are typed as the state is.
type Ball = { readonly h: number; readonly v: number };
const options = {
  t0: 0,
  t1: 1,
  dt0: 0.1,
  y0: { h: 1, v: 0 },
  event: Event({ condFn: (_t: number, { h }: Ball) => h, terminal: 2 }),
};
const { events } = diffeqsolve((_t, { v }) => ({ h: v, v: -1 }), Tsit5(), options);
export const heights: Tensor<readonly [number]> = events!.ys.h;
export const later = diffeqsolveAsync((_t, { v }) => ({ h: v, v: -1 }), Tsit5(), options).then(
  (solution): Tensor<readonly [number]> => solution.events!.ys.v,
);
