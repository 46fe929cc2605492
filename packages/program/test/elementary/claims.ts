import type * as elementaryFunctions from "../../src/elementary/elementaryFunctions.ts";
import * as exact from "./fixedPoint.ts";

const { div, exp, log, mul, ONE, sinCos, sqrt } = exact;

export type Unary = Exclude<keyof typeof elementaryFunctions, "atan2" | "pow">;

/** What is claimed of a function, and where it is tried. */
export interface Claim {
  readonly exact: (x: bigint) => bigint;
  /**
   * No argument was met with a larger error, in ulps, among 10⁷ to 10⁸ of all sizes, in the intervals,
   * around the points and where errors were found to be large; rounded up by 3 to 13 per cent.
   */
  readonly bound: number;
  /** The argument with the largest error of them. */
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
    bound: 1.2,
    worst: 0.5634411838468429,
    intervals: [[-1, 1]],
    domain: [-1, 1],
    points: [0.5, -0.5, 1, -1],
  },
  acosh: {
    exact: (x) => log(x + sqrt(mul(x, x) - ONE)),
    bound: 0.95,
    worst: 1.0568684759508205,
    intervals: [
      [1, 1.1],
      [1, 5],
    ],
    domain: [1, Infinity],
    points: [1, 2, 3.273390607896142e150],
  },
  asin: {
    exact: (x) => exact.atan2(x, sqrt(ONE - mul(x, x))),
    bound: 1.25,
    worst: -0.5252205819606751,
    intervals: [[-1, 1]],
    domain: [-1, 1],
    points: [0.5, -0.5, 1, -1],
  },
  asinh: {
    exact: (x) => (x < 0n ? -asinhOfSize(-x) : asinhOfSize(x)),
    bound: 1.35,
    worst: 1.171347468905362,
    intervals: [[-5, 5]],
    points: [1, 3.273390607896142e150],
  },
  atan: {
    exact: (x) => exact.atan2(x, ONE),
    bound: 1.6,
    worst: 1.0148109727708392,
    intervals: [[-3, 3]],
    points: [1, -1],
  },
  atanh: {
    exact: (x) => log(div(ONE + x, ONE - x)) / 2n,
    bound: 1.45,
    worst: 0.4602979142098072,
    intervals: [
      [-1, 1],
      [-0.2, 0.2],
    ],
    domain: [-1, 1],
    points: [1, -1],
  },
  cbrt: {
    exact: exact.cbrt,
    bound: 0.55,
    worst: 2.971059235171888e219,
    intervals: [[-8, 8]],
    points: [1, 8, 1e-308],
  },
  cos: {
    exact: (x) => sinCos(x)[1],
    bound: 0.9,
    worst: 2.3509323430708298,
    intervals: [
      [-4, 4],
      [-2e5, 2e5],
    ],
    points: [...turns, nearestTurn, 2e5],
  },
  cosh: {
    exact: (x) => (exp(x) + exp(-x)) / 2n,
    bound: 0.95,
    worst: -5.750409315573577e-5,
    intervals: [
      [-2, 2],
      [-710, 710],
    ],
    points: [708, 710.4758600739439],
  },
  erf: {
    exact: (x) => (x < 0n ? -erfOfSize(-x) : erfOfSize(x)),
    bound: 1.5,
    worst: 0.9640400722646854,
    intervals: [[-3, 3]],
    points: [1, -1, 6],
  },
  erfInv: {
    exact: (x) => x,
    bound: 1.9,
    worst: 0.9888936052307401,
    intervals: [
      [-1, 1],
      [0.94, 1],
    ],
    domain: [-1, 1],
    points: [0.95, 1, -1],
  },
  erfc: {
    exact: exact.erfc,
    bound: 1.6,
    worst: 23.03736578915501,
    intervals: [
      [-3, 3],
      [0, 28],
    ],
    points: [0.5, 26, 26.543],
  },
  exp: {
    exact: exp,
    bound: 0.95,
    worst: 337.2297571605187,
    intervals: [
      [-1, 1],
      [-746, 710],
    ],
    points: [708, -708, 709.782712893384, -708.3964185322641, -745.1332191019411],
  },
  expm1: {
    exact: (x) => exp(x) - ONE,
    bound: 1.35,
    worst: 0.3511602145232227,
    intervals: [
      [-1.5, 1.5],
      [-40, 710],
    ],
    points: [708, 709.782712893384],
  },
  log: {
    exact: log,
    bound: 0.9,
    worst: 0.7070639354073139,
    intervals: [
      [0.5, 2],
      [0, 1000],
    ],
    domain: [0, Infinity],
    points: [1, Math.SQRT1_2, Math.SQRT2, 2 ** -1022],
  },
  log10: {
    exact: (x) => div(log(x), log(10n * ONE)),
    bound: 0.55,
    worst: 1.3658503310173649,
    intervals: [[0.5, 2]],
    domain: [0, Infinity],
    points: [1, 10, 2 ** -1022],
  },
  log1p: {
    exact: (x) => log(ONE + x),
    bound: 0.9,
    worst: -0.29481109501126224,
    intervals: [
      [-1, 1],
      [-1, 100],
    ],
    domain: [-1, Infinity],
    points: [-1, 2 ** 53, 2 ** 1000],
  },
  log2: {
    exact: (x) => div(log(x), exact.LN2),
    bound: 0.55,
    worst: 1.3824911710573444,
    intervals: [[0.5, 2]],
    domain: [0, Infinity],
    points: [1, 2, 2 ** -1022],
  },
  logistic: {
    exact: (x) => div(ONE, ONE + exp(-x)),
    bound: 1.4,
    worst: -707.346423017034,
    intervals: [
      [-3, 3],
      [-746, 40],
    ],
    points: [708, -708, -709.5],
  },
  sin: {
    exact: (x) => sinCos(x)[0],
    bound: 0.9,
    worst: 3.918998054492339,
    intervals: [
      [-4, 4],
      [-2e5, 2e5],
    ],
    points: [...turns, nearestTurn, 2e5],
  },
  sinh: {
    exact: (x) => (exp(x) - exp(-x)) / 2n,
    bound: 1.05,
    worst: 0.8780162532723552,
    intervals: [
      [-2, 2],
      [-710, 710],
    ],
    points: [0.75, 708, 710.4758600739439],
  },
  tan: {
    exact: (x) => div(...sinCos(x)),
    bound: 1.6,
    worst: 3.901291724659842,
    intervals: [
      [-4, 4],
      [-2e5, 2e5],
    ],
    points: [...turns, nearestTurn, 2e5],
  },
  tanh: {
    exact: (x) => tanhOfTwice(2n * (size(x) > 40n * ONE ? (x < 0n ? -40n : 40n) * ONE : x)),
    bound: 1.65,
    worst: 0.062558085221110504,
    intervals: [
      [-1.5, 1.5],
      [-25, 25],
    ],
    points: [0.34657359027997264, 20],
  },
};
