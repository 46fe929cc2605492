import { diffeqsolve, np } from "@diffrax-ts/core";
import type { Solver } from "@diffrax-ts/protocol";
import { part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test, vi } from "vitest";
import { observedOrder } from "./support/observedOrder.ts";
import { normalNodes } from "./support/normalNodes.ts";
import { sdeSolvers } from "./support/sdeSolvers.ts";

// The mean of what a step makes of a Brownian motion is computed exactly, by quadrature over its increment and its Lévy area, and held against
// that of the solution: nothing here is random. A weak order p is an error of the order p + 1 in one step.

/** Two moments of a state. */
type Moments = readonly number[];

/** An equation whose moments are known. */
interface Problem {
  readonly drift: (t: number, y: never, args: never) => unknown;
  /** Of the Itô equation with the same solution. */
  readonly itoDrift?: (t: number, y: never, args: never) => unknown;
  readonly diffusion: (t: number, y: never, args: never) => unknown;
  readonly y0: number | readonly number[];
  readonly noiseSize: number;
  /** Those of the solution after so long. */
  readonly moments: (h: number) => Moments;
}

/** `dy = (y - y³) dt + ½ dw`. Its generator takes polynomials to polynomials. */
const additive: Problem = {
  drift: (_t: number, y: number) => y - y * y * y,
  diffusion: () => 0.5,
  y0: 0.7,
  noiseSize: 1,
  moments: (h) =>
    [
      [0, 1],
      [0, 0, 1],
    ].map((polynomial) => {
      let terms = polynomial;
      let factor = 1;
      let sum = 0;
      for (let k = 1; k <= 14; k++) {
        sum += factor * terms.reduceRight((value, c) => value * 0.7 + c, 0);
        terms = generated(terms);
        factor *= h / k;
      }
      return sum;
    }),
};

function generated(polynomial: readonly number[]): number[] {
  const result = Array.from({ length: polynomial.length + 2 }, () => 0);
  for (const [k, c] of polynomial.entries()) {
    if (k > 0) result[k]! += k * c;
    if (k > 0) result[k + 2]! -= k * c;
    if (k > 1) result[k - 2]! += 0.125 * k * (k - 1) * c;
  }
  return result;
}

/** `dy = √(1 + y²) (0.3 dt + 0.8 ∘ dw)`, with the solution `sinh(0.4 + 0.3 t + 0.8 w)`. */
const commutative: Problem = {
  drift: (_t: number, y: number) => 0.3 * Math.sqrt(1 + y * y),
  itoDrift: (_t: number, y: number) => 0.3 * Math.sqrt(1 + y * y) + 0.32 * y,
  diffusion: (_t: number, y: number) => 0.8 * Math.sqrt(1 + y * y),
  y0: Math.sinh(0.4),
  noiseSize: 1,
  moments: (h) => {
    const mean = 0.4 + 0.3 * h;
    return [
      Math.exp(0.32 * h) * Math.sinh(mean),
      (Math.exp(1.28 * h) * Math.cosh(2 * mean) - 1) / 2,
    ];
  },
};

type Matrix = readonly (readonly number[])[];

const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));
const sum = (...all: readonly Matrix[]): Matrix =>
  all.reduce((a, b) => a.map((row, i) => row.map((x, j) => x + b[i]![j]!)));
const scaled = (s: number, a: Matrix): Matrix => a.map((row) => row.map((x) => s * x));
const kronecker = (a: Matrix, b: Matrix): Matrix =>
  a.flatMap((row) => b.map((other) => row.flatMap((x) => other.map((y) => x * y))));
const identity: Matrix = [[1, 0], [0, 1]]; // prettier-ignore
const onPairs = (a: Matrix): Matrix => sum(kronecker(a, identity), kronecker(identity, a));

function exponential(a: Matrix, v: readonly number[]): readonly number[] {
  let term = v;
  let total = v;
  for (let k = 1; k <= 20; k++) {
    term = a.map((row) => row.reduce((value, x, j) => value + x * term[j]!, 0) / k);
    total = total.map((x, i) => x + term[i]!);
  }
  return total;
}

const [A, B, C]: readonly Matrix[] = [
  [[-0.3, 0.5], [-0.4, 0.1]],
  [[0.5, 0.2], [0.1, -0.3]],
  [[0, 0.6], [-0.4, 0.2]],
]; // prettier-ignore
const squares = (over: (a: Matrix) => Matrix): Matrix =>
  scaled(0.5, sum(...[B!, C!].map((b) => product(over(b), over(b)))));
const itoMatrix = sum(
  A!,
  squares((a) => a),
);

/** `dy = A y dt + B y ∘ dw₁ + C y ∘ dw₂`, whose matrices do not commute. */
const general: Problem = {
  drift: (_t: number, [p, q]: readonly [number, number]) => [
    -0.3 * p + 0.5 * q,
    -0.4 * p + 0.1 * q,
  ],
  itoDrift: (_t: number, [p, q]: readonly [number, number], m: Matrix) => [
    m[0]![0]! * p + m[0]![1]! * q,
    m[1]![0]! * p + m[1]![1]! * q,
  ],
  diffusion: (_t: number, [p, q]: readonly [number, number]) => [
    [0.5 * p + 0.2 * q, 0.6 * q],
    [0.1 * p - 0.3 * q, -0.4 * p + 0.2 * q],
  ],
  y0: [1, -0.5],
  noiseSize: 2,
  moments: (h) => [
    ...exponential(scaled(h, itoMatrix), [1, -0.5]),
    ...exponential(scaled(h, sum(onPairs(A!), squares(onPairs))), [1, -0.5, -0.5, 0.25]),
  ],
};

/** A Brownian motion over one step that is known. */
function known(
  this: { W: Tensor; H: Tensor },
  t0: Scalar,
  t1: Scalar,
  _left: boolean,
  levy: boolean,
) {
  return levy ? { dt: np.sub(t1, t0), W: this.W, H: this.H } : this.W;
}

/** The moments after one step. */
function momentsOf(solver: Solver, problem: Problem, h: number): Moments {
  const { drift, itoDrift = drift, diffusion, y0, noiseSize } = problem;
  const scale = (xs: readonly number[], factor: number) =>
    noiseSize === 1 ? np.tensor(xs[0]! * factor) : np.tensor(xs.map((x) => x * factor));
  const totals: number[] = [];
  for (const [xs, weight] of normalNodes(2 * noiseSize)) {
    const [W, H] = [
      scale(xs.slice(0, noiseSize), Math.sqrt(h)),
      scale(xs.slice(noiseSize), Math.sqrt(h / 12)),
    ];
    const ends = { t0: 0, t1: 1, levyArea: "SpaceTimeLevyArea" };
    const control = part("test/Known", { ...ends, W, H, evaluate: known });
    const f = solver.interpretation === "ito" ? itoDrift : drift;
    const options = { t0: 0, t1: h, dt0: h, y0, args: itoMatrix };
    const terms = { drift: f, diffusion, control };
    const { ys } = diffeqsolve(terms as never, solver as never, options as never) as {
      ys: unknown;
    };
    const y = [ys].flat().map((leaf) => (leaf as Tensor).at(0).item());
    const pairs = y.flatMap((a) => y.map((b) => a * b));
    for (const [i, moment] of [...y, ...pairs].entries())
      totals[i] = (totals[i] ?? 0) + weight * moment;
  }
  return totals;
}

vi.spyOn(console, "warn").mockImplementation(() => undefined);

describe.each(Object.entries({ additive, commutative, general }))(
  "for %s noise",
  (noise, problem) => {
    const claims = sdeSolvers.flatMap(({ name, solver, weak }) => {
      const order = weak[noise as keyof typeof weak];
      return order === null ? [] : [{ name, solver, order }];
    });

    test.each(claims)("$name has the weak order $order", ({ solver, order }) => {
      const errors = [4, 5, 6, 7, 8].map((n) => {
        const h = 2 ** -n;
        const exact = problem.moments(h);
        return Math.hypot(...momentsOf(solver, problem, h).map((x, i) => x - exact[i]!));
      });
      expect(Math.abs(observedOrder(errors) - order - 1)).toBeLessThan(0.2);
    });
  },
);
