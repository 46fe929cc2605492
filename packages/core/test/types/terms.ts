// A solve wants the terms that its solver wants.
import {
  diffeqsolve,
  HalfSolver,
  MultiTerm,
  ODETerm,
  SemiImplicitEuler,
  StormerVerlet,
  type Tensor,
  traced,
  Tsit5,
  Yoshida4,
} from "@diffrax-ts/core";
import type { KindOf, MultiTerm as Sum, Solver, Term, Tree } from "@diffrax-ts/protocol";

declare const symplectic: Solver<null, readonly ["term", "term"], readonly [Tree, Tree]>;
declare const imex: Solver<null, { readonly sum: readonly ["term", "term"] }>;
declare const sum: Sum<readonly [Term, Term]>;
declare const any: Solver;

const options = { t0: 0, t1: 1, dt0: 0.1, y0: [1, 0] } as const;
const velocity = ODETerm((_t: number, p: number) => p);
const force = ODETerm((_t: number, q: number) => -q);
const swap = traced((_t: Tensor, y: readonly Tensor[]) => y);

export const q: Tensor<readonly [number]> = diffeqsolve([velocity, force], symplectic, options)
  .ys[0];
// @ts-expect-error -- one term for a pair
diffeqsolve(velocity, symplectic, options);
// @ts-expect-error -- one function for a pair
diffeqsolve((_t, [x, v]) => [v, -x], symplectic, options);
// @ts-expect-error -- three terms for a pair
diffeqsolve([velocity, force, force], symplectic, options);

diffeqsolve(sum, imex, options);
// @ts-expect-error -- a pair for a sum
diffeqsolve([velocity, force], imex, options);
// @ts-expect-error -- one term for a sum
diffeqsolve(velocity, imex, options);

declare const named: Solver<
  null,
  { readonly sum: readonly [{ readonly name: "explicit" }, { readonly name: "implicit" }] }
>;
diffeqsolve(sum, named, options);
diffeqsolve(MultiTerm(velocity, force), named, { ...options, y0: 1 });
// @ts-expect-error -- a sum of three for one of two
diffeqsolve(MultiTerm(velocity, force, force), named, { ...options, y0: 1 });
// @ts-expect-error -- one function for a sum
diffeqsolve((_t, y) => y, named, { ...options, y0: 1 });

// A sum is one term for a solver that wants one; a list is none.
diffeqsolve(sum, Tsit5(), options);
diffeqsolve(swap, Tsit5(), options);
// @ts-expect-error -- a pair for one term
diffeqsolve([velocity, force], Tsit5(), options);

// What a solver wants that is only known as one is found out when the solve begins.
diffeqsolve((_t, [x, v]) => [v, -x], any, options);
diffeqsolve(sum, any, options);
diffeqsolve([velocity, force], any, options);

interface Drift extends Term {
  readonly kind: "test/Drift";
  readonly gamma: Tensor;
}
declare const drift: Drift;
declare const langevin: Solver<null, KindOf<Drift>>;
diffeqsolve(drift, langevin, options);
// @ts-expect-error -- a term of another kind
diffeqsolve(velocity, langevin, options);

// Bare functions, each with the part of the state that the solver says it sees.

const times = { t0: 0, t1: 1, dt0: 0.1 };
const pendulum = diffeqsolve([(_t, p) => p, (_t, q, k) => -k * Math.sin(q)], StormerVerlet(), {
  ...times,
  y0: [1, 0],
  args: 9.81,
});
pendulum.ys[0] satisfies Tensor<readonly [number]>;
pendulum.ys[1] satisfies Tensor<readonly [number]>;

const kepler = diffeqsolve(
  [
    (_t, [px, py], { m }) => [px / m, py / m],
    (_t, [x, y]) => [-x / Math.hypot(x, y) ** 3, -y / Math.hypot(x, y) ** 3],
  ],
  HalfSolver(SemiImplicitEuler()),
  {
    ...times,
    y0: [
      [1, 0],
      [0, 1],
    ],
    args: { m: 1 },
    saveat: { ts: [0, 1], fn: (_t, [[x], p]) => ({ x, speed: Math.hypot(...p) }) },
  },
);
kepler.ys.speed satisfies Tensor<readonly [number]>;

// The two parts have names of their own; a vector; the type is that of the user.
interface Place {
  x: number;
  y: number;
}
interface Motion {
  px: number;
  py: number;
}
export function solves(q: Place, p: Motion, vector: Float64Array): void {
  const orbit = diffeqsolve(
    [(_t, { px, py }) => ({ x: px, y: py }), (_t, { x, y }, k) => ({ px: -k * x, py: -k * y })],
    Yoshida4(),
    { ...times, y0: [q, p], args: 2, saveat: { dense: true } },
  );
  orbit.evaluate(0.5)[1].px satisfies Tensor<readonly []>;
  const chain = diffeqsolve([(_t, v) => v, (_t, x) => x.map((xi) => -xi)], StormerVerlet(), {
    ...times,
    y0: [vector, vector],
  });
  chain.ys[0] satisfies Tensor<readonly [number, number]>;
}

// As a function on tensors, and as a term.
const still = traced((_t: Tensor, p: Tensor) => p);
diffeqsolve([still, (_t, q) => -q], StormerVerlet(), { ...times, y0: [1, 0] });
diffeqsolve([velocity, (_t, q) => -q], StormerVerlet(), { ...times, y0: [1, 0] });
diffeqsolve([velocity, force], HalfSolver(StormerVerlet()), options);

// @ts-expect-error -- one function for a pair
diffeqsolve((_t, p) => p, StormerVerlet(), { ...times, y0: [1, 0] });
// @ts-expect-error -- three for a pair
diffeqsolve([(_t, p) => p, (_t, q) => -q, (_t, q) => q], StormerVerlet(), { ...times, y0: [1, 0] });
diffeqsolve(
  [
    (_t, p) => p,
    // @ts-expect-error -- a force of another structure than the momentum
    (_t, q) => [-q],
  ],
  StormerVerlet(),
  { ...times, y0: [1, 0] },
);
diffeqsolve(
  [
    // @ts-expect-error -- the velocity sees the momentum, which has no x
    (_t, { x }) => ({ x }),
    (_t, { x }) => ({ px: -x }),
  ],
  StormerVerlet(),
  { ...times, y0: [{ x: 1 }, { px: 0 }] },
);
// @ts-expect-error -- a state that is no pair
diffeqsolve([(_t, p) => p, (_t, q) => -q], StormerVerlet(), { ...times, y0: { q: 1, p: 0 } });
// @ts-expect-error -- a term of a vector for a number
diffeqsolve([ODETerm((_t: number, p: number[]) => p), force], StormerVerlet(), options);
// @ts-expect-error -- a sum for a pair
diffeqsolve(sum, StormerVerlet(), options);
