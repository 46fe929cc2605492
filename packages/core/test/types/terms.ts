// A solve wants the terms that its solver wants.
import { diffeqsolve, ODETerm, type Tensor, traced, Tsit5 } from "@diffrax-ts/core";
import type { KindOf, MultiTerm, Solver, Term, Tree } from "@diffrax-ts/protocol";

declare const symplectic: Solver<null, readonly ["term", "term"], readonly [Tree, Tree]>;
declare const imex: Solver<null, { readonly sum: readonly ["term", "term"] }>;
declare const sum: MultiTerm<readonly [Term, Term]>;
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
