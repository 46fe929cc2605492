import {
  abs,
  acos,
  acosh,
  add,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cbrt,
  ceil,
  copysign,
  cos,
  cosh,
  div,
  equal,
  exp,
  expm1,
  floor,
  greater,
  greaterEqual,
  less,
  log,
  log10,
  log1p,
  log2,
  logicalAnd,
  logicalNot,
  maximum,
  minimum,
  mul,
  sin,
  sinh,
  sqrt,
  stopGradient,
  sub,
  tan,
  tanh,
  type TensorLike,
  trunc,
  where,
} from "@diffrax-ts/program";
import { fail, type Machine } from "../machine/Machine.ts";
import { compute, refuseBits } from "./numbers.ts";
import { power } from "./operators.ts";
import { fround } from "./TypedList.ts";

/** A function of `Math` on values of a reading. */
export type Builtin = (m: Machine, args: readonly unknown[]) => unknown;

/** The functions of `Math`. */
export function mathFunctions(): readonly (readonly [unknown, Builtin])[] {
  // Exact in every engine, so what is known is computed at once.
  const exact = { abs, ceil, floor, sqrt, trunc };
  const elementary = {
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cbrt,
    cos,
    cosh,
    exp,
    expm1,
    log,
    log10,
    log1p,
    log2,
    sin,
    sinh,
    tan,
    tanh,
    atan2,
    sign,
    round,
    fround,
    ...exact,
  };
  return [
    ...Object.entries(elementary).map(([name, f]): [unknown, Builtin] => {
      const native = Math[name as "abs"];
      return [
        native,
        (m, args) =>
          name in exact && typeof args[0] === "number"
            ? native(args[0])
            : compute(
                m,
                Array.from({ length: f.length }, (_, i) => args[i]),
                f,
              ),
      ];
    }),
    [Math.hypot, (m, args) => compute(m, args, hypot)],
    [Math.pow, (m, [x, y]) => power(m, x, y)],
    [Math.max, (m, args) => extreme(m, args, maximum, -Infinity)],
    [Math.min, (m, args) => extreme(m, args, minimum, Infinity)],
    [
      Math.random,
      (m) =>
        fail(
          m,
          "Math.random() is another number at each call",
          "take random numbers as args, or use a Brownian path",
        ),
    ],
    [Math.imul, (m, args) => onKnown(m, args, Math.imul)],
    [Math.clz32, (m, args) => onKnown(m, args, Math.clz32)],
  ];
}

function onKnown(m: Machine, args: readonly unknown[], f: (...args: number[]) => number): unknown {
  return args.every((x) => typeof x === "number") ? f(...args) : refuseBits(m);
}

function extreme(
  m: Machine,
  args: readonly unknown[],
  f: (a: TensorLike, b: TensorLike) => TensorLike,
  none: number,
): unknown {
  if (args.length === 1) return compute(m, args, (x) => x);
  return args.length === 0 ? none : args.reduce((a, b) => compute(m, [a, b], f));
}

function sign(x: TensorLike): TensorLike {
  return where(greater(x, 0), 1, where(less(x, 0), -1, x));
}

/** To the nearest integer; of two, the larger. */
function round(x: TensorLike): TensorLike {
  const below = floor(x);
  const rounded = where(greaterEqual(sub(x, below), 0.5), add(below, 1), below);
  // -0.2 gives -0.
  return copysign(abs(rounded), x);
}

/** Scaled, so that squares do not overflow; its derivative at 0 is 0, as that of the norms. */
function hypot(...values: TensorLike[]): TensorLike {
  if (values.length === 0) return 0;
  const sizes = values.map(abs);
  const largest = stopGradient(sizes.reduce(maximum as (a: TensorLike, b: TensorLike) => never));
  const isOrdinary = logicalAnd(greater(largest, 0), less(largest, Infinity));
  const scale = where(isOrdinary, largest, 1);
  const squares = sizes.map((size) => {
    const part = div(size, scale);
    return mul(part, part);
  });
  const isZero = equal(largest, 0);
  // The root has no finite derivative at 0.
  const root = sqrt(where(isZero, 1, squares.reduce(add)));
  const result = where(isZero, 0, mul(root, scale));
  // Infinity wins over NaN.
  const isInfinite = sizes
    .map((size) => equal(size, Infinity))
    .reduce((a, b) => logicalNot(logicalAnd(logicalNot(a), logicalNot(b))));
  return where(isInfinite, Infinity, result);
}
