/* oxlint-disable eslint/eqeqeq, eslint/no-extra-boolean-cast, typescript/no-unnecessary-type-conversion -- what people and minifiers write */
// Arithmetic and `Math`.
import fc from "fast-check";
import { type Case, exact, close } from "./Case.ts";

export const numbers: Readonly<Record<string, Case>> = {
  "the four operations and the remainder": exact((x: number, y: number, z: number) => [
    x + y * z,
    x - y / z,
    x % y,
    -x,
    +y,
    -(x - y) / 2,
  ]),
  "numbers alone": exact(() => [
    1 / 3,
    0.1 + 0.2,
    7 % 3,
    2 ** 10,
    5 & 6,
    1 << 4,
    ~7,
    7 >>> 1,
    7 >> 1,
    5 | 8,
    5 ^ 1,
    -0,
  ]),
  "truth values as numbers": exact((x: number, y: number) => [
    (x > 0 ? 1 : 0) + Number(y > 0),
    +(x > y),
    Math.max(Number(x > 0), 0.5),
  ]),
  "Math of exact functions": exact((x: number, y: number) => [
    Math.abs(x),
    Math.floor(x),
    Math.ceil(x),
    Math.trunc(x),
    Math.round(x),
    Math.sign(x),
    Math.sqrt(x),
    Math.fround(y),
    Math.max(x, y),
    Math.min(x, y),
    Math.max(),
    Math.min(x, y, 1),
    Math.max(x),
  ]),
  "Math constants": exact((x: number) => [
    Math.PI * x,
    Math.E,
    Math.LN2,
    Math.LN10,
    Math.LOG2E,
    Math.LOG10E,
    Math.SQRT2,
    Math.SQRT1_2,
    Number.EPSILON,
    Number.MAX_VALUE,
    1 / 0,
    -Infinity,
    NaN,
  ]),
  "Math of exponentials": close((x: number) => [
    Math.exp(x),
    Math.expm1(x),
    Math.log(x),
    Math.log1p(x),
    Math.log2(x),
    Math.log10(x),
    Math.cbrt(x),
  ]),
  "Math of angles": close((x: number, y: number) => [
    Math.sin(x),
    Math.cos(x),
    Math.asin(x),
    Math.acos(x),
    Math.atan(x),
    Math.atan2(x, y),
  ]),
  "Math.tan": close((x: number) => Math.tan(x), 3),
  "Math of hyperbolic functions": close(
    (x: number) => [
      Math.sinh(x),
      Math.cosh(x),
      Math.tanh(x),
      Math.asinh(x),
      Math.acosh(x),
      Math.atanh(x),
    ],
    4,
  ),
  // Three squares, two sums, a root, a product: seven roundings, of which the root halves five; and JavaScript's.
  "Math.hypot": close(
    (x: number, y: number, z: number) => [Math.hypot(x, y), Math.hypot(x, y, z), Math.hypot()],
    6,
  ),
  "small powers": close(
    (x: number) => [x ** 0, x ** 1, x ** 2, x ** 3, x ** -1, Math.pow(x, 2)],
    2,
  ),
  // By products, of which each doubles what was lost and adds half a unit, and a division.
  "larger powers": close(
    (x: number) => [x ** 4, x ** 7, x ** -2, x ** -8],
    10,
    fc.tuple(fc.double({ min: 1e-30, max: 1e30, noNaN: true })),
  ),
  powers: close(
    (x: number, y: number) => [
      Math.pow(x, y),
      x ** 0.5,
      x ** 2.5,
      2 ** x,
      1 ** y,
      (-1) ** y,
      x ** 30,
    ],
    2,
  ),
  "a square is exact": exact((x: number) => [x ** 2, Math.pow(x, 2), (x * 2) ** 1]),
  "Number and its questions": exact((x: number) => [
    Number(x),
    Number.isNaN(x) ? 1 : 0,
    isNaN(x) ? 1 : 0,
    Number.isFinite(x) ? 1 : 0,
    isFinite(x) ? 1 : 0,
    Number.isInteger(x) ? 1 : 0,
  ]),
  "a division that is guarded": close(
    (x: number, y: number) => (y !== 0 && Math.abs(y) < 1e10 ? Math.sin(x / y) / y : 0),
    3,
    fc.tuple(fc.double({ min: -10, max: 10, noNaN: true }), fc.constantFrom(0, 1, 2, -4)),
  ),
  "kinds of values": exact((x: number, y: number) => {
    const kind = (v: unknown) =>
      typeof v === "number" ? 1 : typeof v === "boolean" ? 2 : typeof v === "undefined" ? 3 : 4;
    const maybe = x > 0 ? undefined : y;
    const nothing: number | null = null;
    return [
      kind(x),
      kind(x > 0),
      kind(undefined),
      kind([x]),
      kind(kind),
      maybe === undefined ? 1 : 2,
      maybe == null ? 1 : 2,
      maybe ?? 9,
      kind(maybe),
      nothing ?? 5,
      ((x > 0) as unknown) === true ? 1 : 0,
      (x as unknown) === "a" ? 1 : 0,
      Boolean(x) ? 1 : 0,
      Math.imul(3, 5),
      Math.clz32(8),
    ];
  }),
};
