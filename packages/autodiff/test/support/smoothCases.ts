import {
  acos,
  acosh,
  add,
  apply,
  asin,
  asinh,
  astype,
  atan,
  atan2,
  atanh,
  cbrt,
  cos,
  cosh,
  erf,
  erfc,
  erfInv,
  exp,
  expm1,
  greater,
  log,
  log10,
  log1p,
  log2,
  logistic,
  mul,
  type ParamsOf,
  pow,
  type Primitive,
  rem,
  sin,
  sinh,
  sub,
  tan,
  tanh,
  tensorOf,
  traceProgram,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { type Draw, typeOf } from "./Draw.ts";
import { type Interval, int32, type MakeCase, onArrays, usual } from "./SmoothCase.ts";
import { cond, dot, loop, writes } from "./smoothControl.ts";

/** A primitive by its name, or the operation that applies it. */
type Applied = Primitive | ((x: Tensor, y: Tensor) => Tensor);

function applied(primitive: Applied, ...operands: readonly Tensor[]): readonly Tensor[] {
  if (typeof primitive === "string") return apply(primitive, operands, {} as never);
  return [primitive(operands[0]!, operands[1]!)];
}

function unary(primitive: Applied, interval: Interval, signed: boolean): MakeCase {
  return (draw) => ({
    shapes: [draw.shape()],
    fill: (shape) => draw.floats(shape, interval, signed),
    f: (x) => applied(primitive, x),
  });
}

/** Two operands of one shape; now and then one of them is a constant. */
function binary(primitive: Applied, interval: Interval = usual, signed = true): MakeCase {
  return (draw) => {
    const shape = draw.shape();
    const fill = (s: readonly number[]): Float64Array => draw.floats(s, interval, signed);
    const constant = draw.int(-2, 1);
    if (constant < 0)
      return { shapes: [shape, shape], fill, f: (x, y) => applied(primitive, x, y) };
    const number = fill([])[0]!;
    return {
      shapes: [shape],
      fill,
      f: (x) => {
        const c = astype(number, x.dtype);
        return constant === 0 ? applied(primitive, c, x) : applied(primitive, x, c);
      },
    };
  };
}

function onArray(
  minRank: number,
  f: (draw: Draw, shape: readonly number[]) => (x: Tensor) => readonly Tensor[],
  interval: Interval = usual,
): MakeCase {
  return (draw) => {
    const shape = draw.shape(minRank);
    const g = f(draw, shape);
    return { shapes: [shape], fill: (s) => draw.floats(s, interval, true), f: (x) => g(x) };
  };
}

const axisOf = (draw: Draw, shape: readonly number[]): number => draw.int(0, shape.length - 1);
function indices(draw: Draw, shape: readonly number[], length: number): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensorOf({
    dtype: "int32",
    shape,
    data: Int32Array.from({ length: size }, () => draw.int(-1, length)),
  });
}

const starts = (draw: Draw, shape: readonly number[]): Tensor[] =>
  shape.map((n) => int32(draw.int(-1, n)));

/** `x * y + sin x`, as a program of two inputs. */
function someProgram(x: Tensor, y: Tensor): ParamsOf<"call">["program"] {
  return traceProgram([typeOf(x), typeOf(y)], (a, b) => [add(mul(a, b), sin(a)), sub(b, mul(a, a))])
    .program;
}

/** Every primitive; leaving one out does not compile. */
export function smoothCases(): Readonly<Record<Primitive, MakeCase>> {
  const inside: Interval = [0.05, 0.8];
  return {
    neg: unary("neg", usual, true),
    abs: unary("abs", usual, true),
    floor: unary("floor", [0.2, 0.8], true),
    ceil: unary("ceil", [0.2, 0.8], true),
    trunc: unary("trunc", [0.2, 0.8], true),
    round: unary("round", [0.6, 0.9], true),
    sqrt: unary("sqrt", usual, false),
    exp: unary(exp, usual, true),
    expm1: unary(expm1, usual, true),
    log: unary(log, usual, false),
    log1p: unary(log1p, inside, true),
    log2: unary(log2, usual, false),
    log10: unary(log10, usual, false),
    sin: unary(sin, usual, true),
    cos: unary(cos, usual, true),
    tan: unary(tan, inside, true),
    asin: unary(asin, inside, true),
    acos: unary(acos, inside, true),
    atan: unary(atan, usual, true),
    sinh: unary(sinh, usual, true),
    cosh: unary(cosh, usual, true),
    tanh: unary(tanh, usual, true),
    asinh: unary(asinh, usual, true),
    acosh: unary(acosh, [1.2, 2], false),
    atanh: unary(atanh, inside, true),
    cbrt: unary(cbrt, usual, true),
    erf: unary(erf, usual, true),
    erfc: unary(erfc, usual, true),
    erfInv: unary(erfInv, inside, true),
    logistic: unary(logistic, usual, true),

    add: binary("add"),
    sub: binary("sub"),
    mul: binary("mul"),
    div: binary("div"),
    // |x / y| is from 3.6 to 4, so that no difference steps over a jump.
    rem: (draw) => {
      const shape = draw.shape();
      const wide = draw.floats(shape, [3.6, 3.9], true);
      return onArrays(draw, [shape, shape], (x, y) => {
        const c = astype(tensorOf({ dtype: "float64", shape, data: wide }), x.dtype);
        const small = (z: Tensor): Tensor => add(mul(z, 0.005), 1);
        return [rem(mul(c, small(x)), small(y))];
      });
    },
    max: (draw) => {
      const shape = draw.shape();
      return onArrays(draw, [shape, shape], (x, y) => apply("max", [mul(x, 10), y], {}));
    },
    min: (draw) => {
      const shape = draw.shape();
      return onArrays(draw, [shape, shape], (x, y) => apply("min", [mul(x, 10), y], {}));
    },
    copysign: binary("copysign"),
    pow: binary(pow, usual, false),
    atan2: binary(atan2),
    select: (draw) => {
      const shape = draw.shape();
      return onArrays(draw, [shape, shape], (x, y) =>
        apply("select", [greater(x, 0), mul(x, x), y], {}),
      );
    },
    integerPow: (draw) => {
      const exponent = draw.pick([0, 1, 2, 3, 5, -1, -2]);
      const shape = draw.shape();
      return onArrays(draw, [shape], (x) => apply("integerPow", [x], { exponent }));
    },
    convert: (draw) => {
      const shape = draw.shape();
      return onArrays(draw, [shape], (x) => apply("convert", [mul(x, x)], { dtype: x.dtype }));
    },
    stopGradient: (draw) => {
      const shape = draw.shape();
      // With the function itself beside it, so that there is something to differentiate.
      return onArrays(draw, [shape], (x) => [
        mul(sin(x), apply("stopGradient", [astype(1, x.dtype)], {})[0]!),
      ]);
    },

    reduceSum: onArray(0, (draw, shape) => {
      const axes = draw.axes(shape.length);
      return (x) => apply("reduceSum", [x], { axes });
    }),
    reduceProd: onArray(0, (draw, shape) => {
      const axes = draw.axes(shape.length);
      return (x) => apply("reduceProd", [x], { axes });
    }),
    reduceMax: onArray(0, (draw, shape) => {
      const axes = draw.axes(shape.length);
      return (x) => apply("reduceMax", [spread(x, shape)], { axes });
    }),
    reduceMin: onArray(0, (draw, shape) => {
      const axes = draw.axes(shape.length);
      return (x) => apply("reduceMin", [spread(x, shape)], { axes });
    }),
    cumsum: onArray(1, (draw, shape) => {
      const params = { axis: axisOf(draw, shape), reverse: draw.once(2) };
      return (x) => apply("cumsum", [x], params);
    }),
    dotGeneral: dot,
    broadcast: onArray(0, (draw, shape) => {
      const before = draw.int(0, 2);
      const wide = [
        ...Array.from({ length: before }, () => draw.int(1, 3)),
        ...shape.map((n) => (n === 1 ? draw.int(1, 3) : n)),
      ];
      return (x) => apply("broadcast", [x], { shape: wide, axes: shape.map((_, i) => i + before) });
    }),
    reshape: onArray(0, (draw, shape) => {
      const size = shape.reduce((product, n) => product * n, 1);
      const to = draw.pick([[size], [1, size], [size, 1], shape.toReversed()]);
      return (x) => apply("reshape", [x], { shape: to });
    }),
    transpose: onArray(0, (draw, shape) => {
      const keys = shape.map((_, axis) => ({ axis, key: draw.int(0, 9) }));
      const permutation = keys.toSorted((a, b) => a.key - b.key).map(({ axis }) => axis);
      return (x) => apply("transpose", [x], { permutation });
    }),
    reverse: onArray(0, (draw, shape) => {
      const axes = draw.axes(shape.length);
      return (x) => apply("reverse", [x], { axes });
    }),
    concatenate: (draw) => {
      const shape = draw.shape(1);
      const axis = axisOf(draw, shape);
      const shapes = [
        shape,
        ...Array.from({ length: draw.int(0, 2) }, () => shape.with(axis, draw.int(0, 3))),
      ];
      return onArrays(draw, shapes, (...all) => apply("concatenate", [...all, all[0]!], { axis }));
    },
    pack: (draw) => {
      const shape = draw.pick([[1], [3], [2, 2], [17]]);
      const count = shape.reduce((product, n) => product * n, 1);
      return onArrays(
        draw,
        Array.from({ length: count }, () => []),
        (...all) => apply("pack", all, { shape }),
      );
    },
    pad: onArray(0, (draw, shape) => {
      const params = {
        low: shape.map(() => draw.int(0, 2)),
        high: shape.map(() => draw.int(0, 2)),
      };
      return (x) => apply("pad", [x], params);
    }),
    slice: onArray(0, (draw, shape) => {
      const start = shape.map((n) => draw.int(0, n));
      const limit = shape.map((n, axis) => draw.int(start[axis]!, n));
      const params = { start, limit, step: shape.map(() => draw.int(1, 3)) };
      return (x) => apply("slice", [x], params);
    }),
    dynamicSlice: onArray(0, (draw, shape) => {
      const start = starts(draw, shape);
      const sizes = shape.map((n) => draw.int(1, n));
      return (x) => apply("dynamicSlice", [x, ...start], { sizes });
    }),
    dynamicUpdateSlice: (draw) => {
      const shape = draw.shape();
      const start = starts(draw, shape);
      return onArrays(draw, [shape, shape.map((n) => draw.int(1, n))], (x, update) =>
        apply("dynamicUpdateSlice", [x, update, ...start], {}),
      );
    },
    gather: onArray(1, (draw, shape) => {
      const axis = axisOf(draw, shape);
      const index = indices(draw, draw.pick([[], [3], [2, 2]]), shape[axis]!);
      return (x) => apply("gather", [x, index], { axis });
    }),
    scatterAdd: (draw) => {
      const shape = draw.shape(1);
      const axis = axisOf(draw, shape);
      const index = indices(draw, draw.pick([[], [3], [2, 2]]), shape[axis]!);
      return onArrays(draw, [shape, shape.toSpliced(axis, 1, ...index.shape)], (x, updates) =>
        apply("scatterAdd", [x, index, updates], { axis }),
      );
    },

    cond,
    loop,
    call: (draw) => {
      const shape = draw.shape();
      const inline = draw.once(2);
      return onArrays(draw, [shape, shape], (x, y) => {
        const call = { program: someProgram(x, y), name: "f", inline };
        return apply("call", apply("call", [x, y], call), call);
      });
    },
    derived: (draw) => {
      const shape = draw.shape();
      return onArrays(draw, [shape, shape], (x, y) => {
        const program = someProgram(x, y);
        return apply("derived", [x, y], {
          name: "f",
          outputs: program.outputs,
          expand: () => program,
          jvp: null,
          hasRule: false,
          transpose: null,
          pair: null,
        });
      });
    },
    bufferNew: writes,
    bufferWrite: writes,
    bufferFreeze: writes,

    // What these give has no derivative.
    not: null,
    and: null,
    or: null,
    xor: null,
    shiftLeft: null,
    shiftRight: null,
    shiftRightLogical: null,
    eq: null,
    ne: null,
    lt: null,
    le: null,
    bitcast: null,
    argmax: null,
    argmin: null,
    iota: null,
    // These have tests of their own.
    assert: null,
    hostCallback: null,
  };
}

/** Elements that are far enough from one another for differences. */
function spread(x: Tensor, shape: readonly number[]): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  // All different, as long as 7 does not divide the modulus.
  const modulus = (size + 1) % 7 === 0 ? size + 2 : size + 1;
  const data = Float64Array.from({ length: size }, (_, i) => (i * 7) % modulus);
  return add(mul(x, 0.1), astype(tensorOf({ dtype: "float64", shape, data }), x.dtype));
}
