import {
  abs,
  apply,
  atan2,
  bitcast,
  bitwiseAnd,
  bitwiseNot,
  bitwiseOr,
  bitwiseXor,
  cbrt,
  copysign,
  div,
  equal,
  exp,
  floor,
  integerPow,
  isFloat,
  less,
  lessEqual,
  log,
  minimum,
  neg,
  notEqual,
  pow,
  rem,
  round,
  shiftLeft,
  shiftRight,
  sizeOf,
  sqrt,
  stopGradient,
  type Type,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import type { Draw } from "./Draw.ts";

/** What a random program is made of so far. */
export interface Scope {
  readonly draw: Draw;
  readonly values: readonly Tensor[];
  /** A value of this type. */
  readonly alike: (type: Type) => Tensor;
  /** A scalar of int32. */
  readonly index: () => Tensor;
}

type Operation = (x: Tensor, scope: Scope) => Tensor;

const typeOf = (x: Tensor): Type => x as unknown as Type;

/** The result of one random operation on `x`; `x` itself where it cannot be done. */
export function randomOperation(x: Tensor, scope: Scope): Tensor {
  const { draw } = scope;
  const scalars = [unary, binary, comparison];
  return draw.pick(x.shape.length === 0 ? scalars : [...scalars, ...ofArrays])(x, scope);
}

const unary: Operation = (x, { draw }) => {
  if (x.dtype === "bool") return draw.pick([bitwiseNot, stopGradient])(x);
  if (x.dtype === "int32" || x.dtype === "uint32")
    return draw.pick<(x: Tensor) => Tensor>([
      bitwiseNot,
      abs,
      () => bitcast(x, x.dtype === "int32" ? "uint32" : "int32"),
      stopGradient,
    ])(x);
  if (!isFloat(x.dtype)) return draw.pick<(x: Tensor) => Tensor>([bitwiseNot, neg, abs])(x);
  const exponent = draw.int(-3, 5);
  const power = (y: Tensor): Tensor => integerPow(y, exponent);
  return draw.pick([sqrt, exp, log, round, floor, abs, cbrt, power, stopGradient])(x);
};

const binary: Operation = (x, { draw, alike }) => {
  const y = alike(typeOf(x));
  if (x.dtype === "bool") return draw.pick([bitwiseAnd, bitwiseOr, bitwiseXor])(x, y);
  return isFloat(x.dtype)
    ? draw.pick([div, rem, minimum, pow, atan2, copysign])(x, y)
    : draw.pick([div, rem, minimum, bitwiseAnd, bitwiseOr, bitwiseXor, shiftLeft, shiftRight])(
        x,
        y,
      );
};

const comparison: Operation = (x, { draw, alike }) =>
  draw.pick([equal, notEqual, less, lessEqual])(x, alike(typeOf(x)));

const ofArrays: readonly Operation[] = [
  function transpose(x, { draw }) {
    const axes = [...x.shape.keys()];
    const permutation = draw.once(2) ? axes.toReversed() : [...axes.slice(1), 0];
    return apply("transpose", [x], { permutation })[0]!;
  },
  function slice(x, { draw }) {
    const start = x.shape.map((n) => draw.int(0, Math.max(n - 1, 0)));
    const limit = x.shape.map((n, axis) => draw.int(start[axis]!, n));
    return apply("slice", [x], { start, limit, step: x.shape.map(() => draw.int(1, 2)) })[0]!;
  },
  function reshape(x, { draw }) {
    const size = sizeOf(x.shape);
    const shape = draw.pick([[size], [1, size], [size, 1], x.shape.toReversed()]);
    return apply("reshape", [x], { shape })[0]!;
  },
  function concatenate(x, { draw, alike }) {
    return apply("concatenate", [x, alike(typeOf(x))], { axis: axisOf(x, draw) })[0]!;
  },
  function pad(x, { draw }) {
    const around = (): number[] => x.shape.map(() => draw.int(0, 2));
    return apply("pad", [x], { low: around(), high: around() })[0]!;
  },
  function cumsum(x, { draw }) {
    if (x.dtype === "bool") return x;
    return apply("cumsum", [x], { axis: axisOf(x, draw), reverse: draw.once(2) })[0]!;
  },
  function extremes(x, { draw }) {
    if (x.shape.includes(0) || x.dtype === "bool") return x;
    return draw.once(2)
      ? apply(draw.pick(["argmax", "argmin"]), [x], { axis: axisOf(x, draw) })[0]!
      : apply(draw.pick(["reduceMax", "reduceMin", "reduceProd"]), [x], {
          axes: draw.axes(x.shape.length),
        })[0]!;
  },
  function gather(x, scope) {
    const axis = axisOf(x, scope.draw);
    return x.shape[axis] === 0 ? x : apply("gather", [x, indices(scope)], { axis })[0]!;
  },
  function scatterAdd(x, scope) {
    const { dtype, shape } = x;
    const axis = axisOf(x, scope.draw);
    if (dtype === "bool" || shape[axis] === 0) return x;
    const places = indices(scope);
    const updates = { dtype, shape: shape.toSpliced(axis, 1, ...places.shape), buffer: false };
    return apply("scatterAdd", [x, places, scope.alike(updates)], { axis })[0]!;
  },
  function dynamicUpdateSlice(x, { draw, values, index }) {
    const { dtype, shape } = x;
    const fitting = values.filter(
      (y) => y.dtype === dtype && isBelow(y.shape, shape) && y.shape.length === shape.length,
    );
    const start = shape.map(index);
    return apply("dynamicUpdateSlice", [x, draw.pick(fitting), ...start], {})[0]!;
  },
  function batchedDot(x, { draw, values }) {
    const [length] = x.shape;
    const others = values.filter(
      ({ dtype, shape }) =>
        dtype === x.dtype &&
        shape[0] === length &&
        sizeOf(shape) * sizeOf(x.shape) < 4000 &&
        shape.length + x.shape.length < 5,
    );
    if (x.dtype === "bool" || others.length === 0) return x;
    const y = draw.pick(others);
    const axis = x.shape.findIndex((n, i) => i > 0 && y.shape.includes(n, 1));
    const contract: readonly [number[], number[]] =
      axis < 0 || draw.once(3) ? [[], []] : [[axis], [y.shape.indexOf(x.shape[axis]!, 1)]];
    return apply("dotGeneral", [x, y], { contract, batch: [[0], [0]] })[0]!;
  },
];

function axisOf(x: Tensor, draw: Draw): number {
  return draw.int(0, x.shape.length - 1);
}

function isBelow(a: readonly number[], b: readonly number[]): boolean {
  return a.every((n, axis) => n <= b[axis]!);
}

/** A vector of int32, or a scalar. */
function indices({ draw, values, index }: Scope): Tensor {
  const there = values.filter(({ dtype, shape }) => dtype === "int32" && shape.length < 2);
  return there.length > 0 ? draw.pick(there) : index();
}
