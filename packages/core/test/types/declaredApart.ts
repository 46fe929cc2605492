// Fields, and functions round a solve, that are declared apart from the call.
import { diffeqsolve, ODETerm, PIDController, Tsit5 } from "@diffrax-ts/core";
import type { SolutionOf, Tensor, VectorField } from "@diffrax-ts/core";
const o = { t0: 0, t1: 1, dt0: 0.1 };
// mutable tuples
function f1(t: number, y: [number, number]): [number, number] {
  return [y[1], -y[0]];
}
diffeqsolve(f1, Tsit5(), { ...o, y0: [1, 0] });
const f1c = (t: number, [x, v]: [number, number], p: { k: number }): [number, number] => [
  v,
  -p.k * x,
];
diffeqsolve(f1c, Tsit5(), { ...o, y0: [1, 0], args: { k: 1 } });
// arrays
function f2(t: number, y: number[]): number[] {
  return y.map((v) => -v);
}
diffeqsolve(f2, Tsit5(), { ...o, y0: Float64Array.of(1, 0) });
diffeqsolve(f2, Tsit5(), { ...o, y0: [1, 0] });
// Float64Array
function f3(t: number, y: Float64Array): Float64Array {
  return y.map((v) => -v);
}
diffeqsolve(f3, Tsit5(), { ...o, y0: Float64Array.of(1, 0) });
diffeqsolve((t, y) => y.map((v) => -v), Tsit5(), { ...o, y0: Float64Array.of(1, 0) });
function f3n(t: number, y: Float64Array): number[] {
  return [y[1]!, -y[0]!];
}
diffeqsolve(f3n, Tsit5(), { ...o, y0: Float64Array.of(1, 0) });
diffeqsolve((t, y) => [y[1]!, -y[0]!], Tsit5(), { ...o, y0: Float64Array.of(1, 0) });
// list of tuples
type Body = [number, number];
function f4(t: number, y: Body[]): Body[] {
  return y.map(([x, v]): Body => [v, -x]);
}
const bodies: Body[] = [
  [1, 0],
  [0, 1],
];
diffeqsolve(f4, Tsit5(), { ...o, y0: bodies });
diffeqsolve((t, y) => y.map(([x, v]) => [v, -x] as const), Tsit5(), { ...o, y0: bodies });
diffeqsolve((t, y) => y.map(([x, v]) => [v, -x]), Tsit5(), { ...o, y0: bodies });
// objects/interfaces
interface State {
  prey: number;
  predator: number;
}
interface P {
  a: number;
}
function f5(t: number, s: State, p: P): State {
  return { prey: p.a * s.prey, predator: -s.predator };
}
diffeqsolve(f5, Tsit5(), { ...o, y0: { prey: 1, predator: 2 }, args: { a: 1 } });
const y0: State = { prey: 1, predator: 2 };
const s5 = diffeqsolve(f5, Tsit5(), { ...o, y0, args: { a: 1 } });
s5.ys.prey satisfies Tensor;
const vf: VectorField<State, P> = (t, s, p) => ({ prey: p.a * s.prey, predator: -s.predator });
diffeqsolve(vf, Tsit5(), { ...o, y0, args: { a: 1 } });
diffeqsolve(ODETerm(f1), Tsit5(), { ...o, y0: [1, 0] });
diffeqsolve(ODETerm(f5), Tsit5(), { ...o, y0, args: { a: 1 } });
diffeqsolve(ODETerm(f2), Tsit5(), { ...o, y0: [1, 0] });
diffeqsolve(ODETerm(f3), Tsit5(), { ...o, y0: Float64Array.of(1, 0) });

// The result of a field is compared one way.
declare const forgets: (t: number, s: State) => { prey: number };
// @ts-expect-error -- a component is missing in the result
diffeqsolve(forgets, Tsit5(), { ...o, y0 });
declare const three: (t: number, y: number[]) => [number];
// @ts-expect-error -- a component is missing in the result
diffeqsolve(three, Tsit5(), { ...o, y0: [1, 0] });
// @ts-expect-error -- a component is missing in the result
diffeqsolve((_t, y) => [y[1]], Tsit5(), { ...o, y0: [1, 0] });
declare const text: (t: number, y: string[]) => number[];
// @ts-expect-error -- a state of another kind
diffeqsolve(text, Tsit5(), { ...o, y0: [1, 0] });

// A function round a solve.
function run(field: VectorField<State, P>, a: number): SolutionOf<State> {
  return diffeqsolve(field, Tsit5(), {
    ...o,
    y0,
    args: { a },
    stepsizeController: PIDController({ rtol: 1e-6, atol: 1e-9 }),
  });
}
run(vf, 1).ys.prey satisfies Tensor<readonly [number]>;
const kept: SolutionOf<State> = s5;
kept.ys.predator satisfies Tensor<readonly [number]>;
