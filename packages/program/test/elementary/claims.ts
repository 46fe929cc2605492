import type { elementaryFunctions } from "../../src/elementary/index.ts";
import * as exact from "./fixedPoint.ts";

const { div, exp, log, mul, ONE, sinCos, sqrt } = exact;

export type Unary = Exclude<keyof typeof elementaryFunctions, "atan2" | "pow">;

/** What is claimed of a function, and where it is tried. */
export interface Claim {
  readonly exact: (x: bigint) => bigint;
  /**
   * The largest error in ulps, rounded up to hundredths, that was met in some 10⁷ arguments of all
   * sizes, in the intervals and around the points below; and an argument where it was met.
   */
  readonly bound: number;
  readonly worst: number;
  readonly intervals: readonly (readonly [number, number])[];
  readonly domain?: readonly [number, number];
  readonly points?: readonly number[];
}

const size = (x: bigint): bigint => (x < 0n ? -x : x);
const asinhOfSize = (x: bigint): bigint => log(x + sqrt(mul(x, x) + ONE));
const tanhOfTwice = (x: bigint): bigint => div(exp(x) - ONE, exp(x) + ONE);
const erfOfSize = (x: bigint): bigint => (x > ONE ? ONE - exact.erfc(x) : exact.erf(x));

/** The floats nearest to multiples of π/2, small and large. */
const turns = [1, 2, 3, 4, 5, 7, 1000, 62831, 127323, 127325, 1e6, 1e9, 1e15].map(
  (n) => (n * Math.PI) / 2,
);
/** 6381956970095103 · 2⁷⁹⁷, of all floats the nearest to a multiple of π/2: 2^-61 off. */
const nearestTurn = 5.3193726483265414e255;

export const claims: Record<Unary, Claim> = {
  acos: {
    exact: (x) => exact.atan2(sqrt(ONE - mul(x, x)), x),
    bound: 1.11,
    worst: 0.582240352531644,
    intervals: [[-1, 1]],
    domain: [-1, 1],
    points: [0.5, -0.5, 1, -1],
  },
  acosh: {
    exact: (x) => log(x + sqrt(mul(x, x) - ONE)),
    bound: 1.51,
    worst: 1.0296596768118202,
    intervals: [
      [1, 1.1],
      [1, 5],
    ],
    domain: [1, Infinity],
    points: [1, 2, 3.273390607896142e150],
  },
  asin: {
    exact: (x) => exact.atan2(x, sqrt(ONE - mul(x, x))),
    bound: 1.14,
    worst: -0.5385745437991505,
    intervals: [[-1, 1]],
    domain: [-1, 1],
    points: [0.5, -0.5, 1, -1],
  },
  asinh: {
    exact: (x) => (x < 0n ? -asinhOfSize(-x) : asinhOfSize(x)),
    bound: 1.67,
    worst: 0.25039401580318277,
    intervals: [[-5, 5]],
    points: [1, 3.273390607896142e150],
  },
  atan: {
    exact: (x) => exact.atan2(x, ONE),
    bound: 1.46,
    worst: -1.0432554197903712,
    intervals: [[-3, 3]],
    points: [1, -1],
  },
  atanh: {
    exact: (x) => log(div(ONE + x, ONE - x)) / 2n,
    bound: 1.61,
    worst: -0.12370706371681273,
    intervals: [
      [-1, 1],
      [-0.2, 0.2],
    ],
    domain: [-1, 1],
    points: [1, -1],
  },
  cbrt: {
    exact: exact.cbrt,
    bound: 0.51,
    worst: 2.971059235171888e219,
    intervals: [[-8, 8]],
    points: [1, 8, 1e-308],
  },
  cos: {
    exact: (x) => sinCos(x)[1],
    bound: 0.83,
    worst: -2.351455076540895,
    intervals: [
      [-4, 4],
      [-2e5, 2e5],
    ],
    points: [...turns, nearestTurn, 2e5],
  },
  cosh: {
    exact: (x) => (exp(x) + exp(-x)) / 2n,
    bound: 0.88,
    worst: -6.023547344063018e-5,
    intervals: [
      [-2, 2],
      [-710, 710],
    ],
    points: [708, 710.4758600739439],
  },
  erf: {
    exact: (x) => (x < 0n ? -erfOfSize(-x) : erfOfSize(x)),
    bound: 1.37,
    worst: 0.9741678295886018,
    intervals: [[-3, 3]],
    points: [1, -1, 6],
  },
  erfInv: {
    exact: (x) => x,
    bound: 1.7,
    worst: 0.9879828517360602,
    intervals: [
      [-1, 1],
      [0.94, 1],
    ],
    domain: [-1, 1],
    points: [0.95, 1, -1],
  },
  erfc: {
    exact: exact.erfc,
    bound: 1.51,
    worst: 10.75180949004837,
    intervals: [
      [-3, 3],
      [0, 28],
    ],
    points: [0.5, 26, 26.543],
  },
  exp: {
    exact: exp,
    bound: 0.89,
    worst: 337.2198376183919,
    intervals: [
      [-1, 1],
      [-746, 710],
    ],
    points: [708, -708, 709.782712893384, -708.3964185322641, -745.1332191019411],
  },
  expm1: {
    exact: (x) => exp(x) - ONE,
    bound: 1.21,
    worst: 0.35812044097047213,
    intervals: [
      [-1.5, 1.5],
      [-40, 710],
    ],
    points: [708, 709.782712893384],
  },
  log: {
    exact: log,
    bound: 0.85,
    worst: 0.7049882156847994,
    intervals: [
      [0.5, 2],
      [0, 1000],
    ],
    domain: [0, Infinity],
    points: [1, Math.SQRT1_2, Math.SQRT2, 2 ** -1022],
  },
  log10: {
    exact: (x) => div(log(x), log(10n * ONE)),
    bound: 0.51,
    worst: 1.3658503310173649,
    intervals: [[0.5, 2]],
    domain: [0, Infinity],
    points: [1, 10, 2 ** -1022],
  },
  log1p: {
    exact: (x) => log(ONE + x),
    bound: 1.3,
    worst: 0.4399671156273161,
    intervals: [
      [-1, 1],
      [-1, 100],
    ],
    domain: [-1, Infinity],
    points: [-1, 2 ** 53, 2 ** 1000],
  },
  log2: {
    exact: (x) => div(log(x), exact.LN2),
    bound: 0.51,
    worst: 1.3824911710573444,
    intervals: [[0.5, 2]],
    domain: [0, Infinity],
    points: [1, 2, 2 ** -1022],
  },
  logistic: {
    exact: (x) => div(ONE, ONE + exp(-x)),
    bound: 1.24,
    worst: -707.4181662233042,
    intervals: [
      [-3, 3],
      [-746, 40],
    ],
    points: [708, -708, -709.5],
  },
  sin: {
    exact: (x) => sinCos(x)[0],
    bound: 0.85,
    worst: 3.922674966034802,
    intervals: [
      [-4, 4],
      [-2e5, 2e5],
    ],
    points: [...turns, nearestTurn, 2e5],
  },
  sinh: {
    exact: (x) => (exp(x) - exp(-x)) / 2n,
    bound: 1.0,
    worst: 0.8599706863578458,
    intervals: [
      [-2, 2],
      [-710, 710],
    ],
    points: [0.75, 708, 710.4758600739439],
  },
  tan: {
    exact: (x) => div(...sinCos(x)),
    bound: 1.53,
    worst: 6.4667615099943134e271,
    intervals: [
      [-4, 4],
      [-2e5, 2e5],
    ],
    points: [...turns, nearestTurn, 2e5],
  },
  tanh: {
    exact: (x) => tanhOfTwice(2n * (size(x) > 40n * ONE ? (x < 0n ? -40n : 40n) * ONE : x)),
    bound: 1.42,
    worst: 18.54168775930757,
    intervals: [
      [-1.5, 1.5],
      [-25, 25],
    ],
    points: [22],
  },
};
