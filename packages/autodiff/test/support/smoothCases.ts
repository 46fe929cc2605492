import {
  add,
  alignCaptured,
  apply,
  arrayType,
  convert,
  gt,
  lt,
  mul,
  type ParamsOf,
  type Primitive,
  scalarTensor,
  sin,
  sub,
  tensorOf,
  traceProgram,
} from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import { type Draw, typeOf } from "./Draw.ts";

/** A function of float arrays that applies a primitive where it can be differentiated, and where to try it. */
export interface SmoothCase {
  readonly shapes: readonly (readonly number[])[];
  /** The numbers of one input. */
  readonly fill: (shape: readonly number[]) => Float64Array;
  readonly f: (...inputs: readonly Tensor[]) => readonly Tensor[];
}

/** How a case is drawn; `null` for a primitive that takes no floats, or gives back none. */
export type MakeCase = ((draw: Draw) => SmoothCase) | null;

type Interval = readonly [number, number];
const usual: Interval = [0.2, 1.8];

function unary(primitive: Primitive, interval: Interval, signed: boolean): MakeCase {
  return (draw) => ({
    shapes: [draw.shape()],
    fill: (shape) => draw.floats(shape, interval, signed),
    f: (x) => apply(primitive, [x], {} as never),
  });
}

/** Two operands of one shape; now and then one of them is a constant. */
function binary(primitive: Primitive, interval: Interval = usual, signed = true): MakeCase {
  return (draw) => {
    const shape = draw.shape();
    const fill = (s: readonly number[]): Float64Array => draw.floats(s, interval, signed);
    const constant = draw.int(-2, 1);
    if (constant < 0) return { shapes: [shape, shape], fill, f: (x, y) => apply(primitive, [x, y], {} as never) };
    const number = fill([])[0]!;
    return {
      shapes: [shape],
      fill,
      f: (x) => {
        const c = convert(number, x.dtype);
        return apply(primitive, constant === 0 ? [c, x] : [x, c], {} as never);
      },
    };
  };
}

function onArray(minRank: number, f: (draw: Draw, shape: readonly number[]) => (x: Tensor) => readonly Tensor[], interval: Interval = usual): MakeCase {
  return (draw) => {
    const shape = draw.shape(minRank);
    const g = f(draw, shape);
    return { shapes: [shape], fill: (s) => draw.floats(s, interval, true), f: (x) => g(x) };
  };
}

function onArrays(draw: Draw, shapes: readonly (readonly number[])[], f: SmoothCase["f"]): SmoothCase {
  return { shapes, fill: (s) => draw.floats(s, usual, true), f };
}

const axisOf = (draw: Draw, shape: readonly number[]): number => draw.int(0, shape.length - 1);
const int32 = (x: number): Tensor => scalarTensor("int32", x);
const yes = (): Tensor => scalarTensor("bool", 1);

function indices(draw: Draw, shape: readonly number[], length: number): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensorOf({ dtype: "int32", shape, data: Int32Array.from({ length: size }, () => draw.int(-1, length)) });
}

const starts = (draw: Draw, shape: readonly number[]): Tensor[] => shape.map((n) => int32(draw.int(-1, n)));

/** `x * y + sin x`, as a program of two inputs. */
function someProgram(x: Tensor, y: Tensor): ParamsOf<"call">["program"] {
  return traceProgram([typeOf(x), typeOf(y)], (a, b) => [add(mul(a, b), sin(a)), sub(b, mul(a, a))]).program;
}

function dot(draw: Draw): SmoothCase {
  const [m, n, k, batch] = [draw.int(1, 4), draw.int(1, 5), draw.int(1, 6), draw.int(1, 3)];
  const f = (params: ParamsOf<"dotGeneral">) => (a: Tensor | undefined, b: Tensor | undefined) => apply("dotGeneral", [a!, b!], params);
  switch (draw.int(0, 4)) {
    case 0:
      return onArrays(draw, [[k], [k]], f({ contract: [[0], [0]], batch: [[], []] }));
    case 1:
      return onArrays(draw, [[m, k], [k, n]], f({ contract: [[1], [0]], batch: [[], []] }));
    case 2:
      return onArrays(draw, [[k, batch, m], [n, k, batch]], f({ contract: [[0], [1]], batch: [[1], [2]] }));
    case 3:
      return onArrays(draw, [[k, m, 2], [2, n, k]], f({ contract: [[0, 2], [2, 0]], batch: [[], []] }));
    default:
      return onArrays(draw, [[m], [n]], f({ contract: [[], []], batch: [[], []] }));
  }
}

/** Two numbers carried for some turns, with a constant, rows in and rows out; or until one of them is large. */
function loop(draw: Draw): SmoothCase {
  const shape = draw.shape();
  const length = draw.int(1, 4);
  const isWhile = draw.once(2);
  const reverse = !isWhile && draw.once(2);
  return onArrays(draw, [shape, shape, shape, ...(isWhile ? [] : [[length, ...shape]])], (c, x0, y0, rows) => {
    const types = [typeOf(c), typeOf(x0), typeOf(y0)];
    const next = (a: Tensor, x: Tensor, y: Tensor): Tensor[] => [add(mul(x, 0.5), mul(a, y)), sub(y, mul(mul(x, x), 0.25))];
    const base = { numConsts: 1, parallel: false, host: false };
    if (!isWhile) {
      const body = traceProgram([...types, arrayType(c.dtype, shape)], (a, x, y, row) => {
        const [u, v] = next(a, x, y);
        return [add(u!, mul(row, y)), v!, mul(row, mul(x, a))];
      });
      return apply("loop", [c, x0, y0, rows], {
        ...base, body: body.program, cond: null, length, numCarry: 2, reverse, bound: length,
      });
    }
    const counted = [...types, arrayType("int32", [])];
    const body = traceProgram(counted, (a, x, y, n) => [...next(a, x, y), add(n, 1)]);
    const cond = traceProgram(counted, (_a, _x, _y, n) => [lt(n, length)]);
    return apply("loop", [c, x0, y0, int32(0)], {
      ...base, body: body.program, cond: cond.program, length: null, numCarry: 3, reverse: false, bound: 6,
    }).slice(0, 2);
  });
}

function cond(draw: Draw): SmoothCase {
  const shape = draw.shape();
  const threshold = draw.pick([-5, 5]);
  return onArrays(draw, [shape, shape], (x, y) => {
    const sum = apply("reduceSum", [x], { axes: [...shape.keys()] })[0]!;
    const sides = [
      traceProgram([], () => [mul(x, y), sin(y)]),
      traceProgram([], () => [mul(y, y), x]),
    ];
    const { programs: branches, captured } = alignCaptured(sides);
    return apply("cond", [gt(sum, mul(convert(threshold * 100, sum.dtype), 1)), ...captured], { branches });
  });
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
    exp: unary("exp", usual, true),
    expm1: unary("expm1", usual, true),
    log: unary("log", usual, false),
    log1p: unary("log1p", inside, true),
    sin: unary("sin", usual, true),
    cos: unary("cos", usual, true),
    tan: unary("tan", inside, true),
    asin: unary("asin", inside, true),
    acos: unary("acos", inside, true),
    atan: unary("atan", usual, true),
    sinh: unary("sinh", usual, true),
    cosh: unary("cosh", usual, true),
    tanh: unary("tanh", usual, true),
    asinh: unary("asinh", usual, true),
    acosh: unary("acosh", [1.2, 2], false),
    atanh: unary("atanh", inside, true),
    cbrt: unary("cbrt", usual, true),
    erf: unary("erf", usual, true),
    erfInv: unary("erfInv", inside, true),
    logistic: unary("logistic", usual, true),

    add: binary("add"),
    sub: binary("sub"),
    mul: binary("mul"),
    div: binary("div"),
    // |x / y| is from 3.6 to 4, so that no difference steps over a jump.
    rem: (draw) => {
      const shape = draw.shape();
      const wide = draw.floats(shape, [3.6, 3.9], true);
      return onArrays(draw, [shape, shape], (x, y) => {
        const c = convert(tensorOf({ dtype: "float64", shape, data: wide }), x.dtype);
        const small = (z: Tensor): Tensor => add(mul(z, 0.005), 1);
        return apply("rem", [mul(c, small(x)), small(y)], {});
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
    pow: binary("pow", usual, false),
    atan2: binary("atan2"),
    select: (draw) => {
      const shape = draw.shape();
      return onArrays(draw, [shape, shape], (x, y) => apply("select", [gt(x, 0), mul(x, x), y], {}));
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
      return onArrays(draw, [shape], (x) => [mul(sin(x), apply("stopGradient", [convert(1, x.dtype)], {})[0]!)]);
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
      const wide = [...Array.from({ length: before }, () => draw.int(1, 3)), ...shape.map((n) => (n === 1 ? draw.int(1, 3) : n))];
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
      const shapes = [shape, ...Array.from({ length: draw.int(0, 2) }, () => shape.with(axis, draw.int(0, 3)))];
      return onArrays(draw, shapes, (...all) => apply("concatenate", [...all, all[0]!], { axis }));
    },
    pack: (draw) => {
      const shape = draw.pick([[1], [3], [2, 2], [17]]);
      const count = shape.reduce((product, n) => product * n, 1);
      return onArrays(draw, Array.from({ length: count }, () => []), (...all) => apply("pack", all, { shape }));
    },
    pad: onArray(0, (draw, shape) => {
      const params = { low: shape.map(() => draw.int(0, 2)), high: shape.map(() => draw.int(0, 2)) };
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
          name: "f", outputs: program.outputs, expand: () => program, jvp: null, transpose: null, pair: null,
        });
      });
    },
    bufferNew: writes,
    bufferWrite: writes,
    bufferFreeze: writes,

    // What these give has no derivative.
    not: null, and: null, or: null, xor: null, shiftLeft: null, shiftRight: null, shiftRightLogical: null,
    eq: null, ne: null, lt: null, le: null, bitcast: null, argmax: null, argmin: null, iota: null,
    // These have tests of their own.
    assert: null, hostCallback: null,
  };
}

/** Elements that are far enough from one another for differences. */
function spread(x: Tensor, shape: readonly number[]): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const data = Float64Array.from({ length: size }, (_, i) => (i * 7) % (size + 1));
  return add(mul(x, 0.1), convert(tensorOf({ dtype: "float64", shape, data }), x.dtype));
}

/** Rows of a buffer, written before a loop and in it, each once and in increasing order. */
function writes(draw: Draw): SmoothCase {
  const row = draw.shape();
  const first = draw.int(0, 1);
  const isFilled = draw.once(2);
  return onArrays(draw, [row, row, [1, ...row]], (x, y, last) => {
    // The rows that are written hold zeros, and the last one something already.
    const zeros = apply("broadcast", [convert(0, x.dtype)], { shape: [4, ...row], axes: [] });
    const [initial] = apply("concatenate", [...zeros, last], { axis: 0 });
    const params = { dtype: x.dtype, shape: [5, ...row], fill: isFilled ? null : 0 };
    let [buffer] = apply("bufferNew", isFilled ? [initial!] : [], params);
    if (first > 0) [buffer] = apply("bufferWrite", [buffer!, int32(0), mul(x, y), yes()], {});
    const types = [typeOf(y), { ...typeOf(x), shape: [5, ...row], buffer: true }, typeOf(x), arrayType("int32", [])];
    const body = traceProgram(types, (b, rows, a, n) => {
      const next = sub(mul(a, b), mul(a, 0.5));
      const pred = lt(n, 3);
      return [...apply("bufferWrite", [rows, n, next, pred], {}), next, add(n, 1)];
    });
    const cond = traceProgram(types, (_b, _rows, _a, n) => [lt(n, 4)]);
    const results = apply("loop", [y, buffer!, x, int32(first)], {
      body: body.program, cond: cond.program, length: null, numConsts: 1, numCarry: 3,
      reverse: false, parallel: false, bound: 5, host: false,
    });
    return [...apply("bufferFreeze", [results[0]!], {}), results[1]!];
  });
}
