// The state and the arguments of a term are those of its vector field, whatever form they have.
import { diffeqsolve, MultiTerm, ODETerm, type Tensor, Tsit5 } from "@diffrax-ts/core";

const options = { t0: 0, t1: 1, dt0: 0.1 };

// A tuple, which is not changed: a state may be one of literals.
const turning = ODETerm((_t: number, [x, v]: readonly [number, number]) => [v, -x]);
const damped = ODETerm((_t: number, [, v]: readonly [number, number], k: number) => [0, -k * v]);
diffeqsolve(turning, Tsit5(), { ...options, y0: [1, 0] }).ys[1] satisfies Tensor<readonly [number]>;
diffeqsolve(damped, Tsit5(), { ...options, y0: [1, 0], args: 2 });
diffeqsolve(MultiTerm(turning, damped), Tsit5(), { ...options, y0: [1, 0], args: 2 });
// @ts-expect-error -- a tuple of three
diffeqsolve(turning, Tsit5(), { ...options, y0: [1, 0, 0] });
// @ts-expect-error -- arguments that are no number
diffeqsolve(damped, Tsit5(), { ...options, y0: [1, 0], args: "2" });

// A record, nested, of an interface of the user's; an array; a vector; a number.
interface Pendulum {
  angle: number;
  speed: number;
}
const pendulum = ODETerm((_t: number, { angle, speed }: Pendulum) => ({
  angle: speed,
  speed: -Math.sin(angle),
}));
diffeqsolve(pendulum, Tsit5(), { ...options, y0: { angle: 1, speed: 0 } });
const nested = ODETerm((_t: number, { q: [a, b] }: { q: readonly [number, number] }) => ({
  q: [b, -a],
}));
diffeqsolve(nested, Tsit5(), { ...options, y0: { q: [1, 0] } });
ODETerm((_t: number, y: number[]) => y.map((x) => -x));
ODETerm((_t: number, y: Float64Array) => y.map((x) => -x));
ODETerm((_t: number, y: number) => -y);

// Parameters of the term.
const weighed = ODETerm(
  (_t: number, [x, v]: readonly [number, number], _args: unknown, { k }: { k: number }) => [
    v,
    -k * x,
  ],
  { k: 2 },
);
diffeqsolve(weighed, Tsit5(), { ...options, y0: [1, 0] });

// @ts-expect-error -- one number for two
ODETerm((_t: number, [x]: [number, number]) => [x]);
// @ts-expect-error -- a number for a tuple
ODETerm((_t: number, [x]: [number, number]) => x);
// @ts-expect-error -- a record without one of its members
ODETerm((_t: number, { angle }: Pendulum) => ({ angle }));
// @ts-expect-error -- a text for a number
ODETerm((_t: number, y: number) => String(y));
// @ts-expect-error -- nothing
ODETerm((_t: number, _y: number) => undefined);
