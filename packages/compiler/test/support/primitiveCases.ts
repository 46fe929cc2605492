import {
  apply,
  arrayType,
  type ArrayValue,
  type ElementaryPrimitive,
  type ParamsOf,
  type Primitive,
  sizeOf,
  tensorOf,
  traceProgram,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cbrt,
  cos,
  cosh,
  erf,
  erfInv,
  erfc,
  exp,
  expm1,
  log,
  log10,
  log1p,
  log2,
  logistic,
  pow,
  rem,
  sin,
  sinh,
  tan,
  tanh,
} from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import type { Builder } from "./Builder.ts";
import type { Numbers } from "./Draw.ts";

import {
  dotOperands,
  indicesFor,
  someLoop,
  someProgram,
  someWrites,
  starts,
} from "./controlCases.ts";

/** How to try a primitive. */
export interface PrimitiveCase {
  /** What it is tried with. */
  readonly dtypes: readonly DType[];
  /** Applies it once to operands of this dtype; what it gives has to be readable. */
  readonly build: (builder: Builder, dtype: DType) => readonly Tensor[];
}

const floats: readonly DType[] = ["float64", "float32"];
const numbers: readonly DType[] = [...floats, "int32", "uint32", "int64"];
const integers: readonly DType[] = ["int32", "uint32", "int64"];
const discrete: readonly DType[] = [...integers, "bool"];
const everything: readonly DType[] = [...numbers, "bool"];

/** Element by element, on this many operands of one shape; a constant of rank 0 may stand for one of them. */
function elementwise<P extends Primitive>(
  primitive: P,
  dtypes: readonly DType[],
  count: number,
  params: (builder: Builder, dtype: DType) => ParamsOf<P> = () => ({}) as ParamsOf<P>,
  kind?: Numbers,
): PrimitiveCase {
  return {
    dtypes,
    build: (builder, dtype) => {
      const { draw } = builder;
      const shape = draw.shape();
      const make = (s: readonly number[]): ArrayValue =>
        draw.array(dtype, s, kind ?? (draw.once(2) ? "edges" : "tame"));
      const constant = count > 1 && draw.once(4) ? draw.int(0, count - 1) : -1;
      const operands = Array.from({ length: count }, (_, i) =>
        i === constant ? tensorOf(make([])) : builder.operand(dtype, shape, make),
      );
      return apply(primitive, operands, params(builder, dtype));
    },
  };
}

const unary = (primitive: Primitive, dtypes = floats): PrimitiveCase =>
  elementwise(primitive, dtypes, 1);
/** An elementary function brings its definition, which is among the parameters that its operation records. */
/** A primitive that brings its definition: the parameters are those that its function gives it. */
function defined(
  primitive: ElementaryPrimitive | "rem",
  operation: (x: Tensor, y: Tensor) => Tensor,
  count: number,
  dtypes: readonly DType[],
): PrimitiveCase {
  const float = arrayType("float64", []);
  const { program } = traceProgram([float, float], (x, y) => [operation(x, y)]);
  const params = program.equations[0]!.params as ParamsOf<"rem" | ElementaryPrimitive>;
  return elementwise(primitive, dtypes, count, () => params);
}

const elementary = (
  primitive: ElementaryPrimitive,
  operation: (x: Tensor, y: Tensor) => Tensor,
  count = 1,
): PrimitiveCase => defined(primitive, operation, count, floats);

const binary = (primitive: Primitive, dtypes: readonly DType[]): PrimitiveCase =>
  elementwise(primitive, dtypes, 2);

function reduction(
  primitive: "reduceSum" | "reduceProd" | "reduceMax" | "reduceMin",
  dtypes: readonly DType[],
): PrimitiveCase {
  return {
    dtypes,
    build: (builder, dtype) => {
      const { draw } = builder;
      const shape = draw.shape();
      const needsElements = primitive === "reduceMax" || primitive === "reduceMin";
      const axes = draw.axes(shape.length).filter((axis) => !needsElements || shape[axis] !== 0);
      return apply(primitive, [builder.operand(dtype, shape)], { axes });
    },
  };
}

/** `build` on an operand of some shape of at least this rank. */
function onArray(
  dtypes: readonly DType[],
  minRank: number,
  build: (builder: Builder, x: Tensor) => readonly Tensor[],
): PrimitiveCase {
  return {
    dtypes,
    build: (builder, dtype) => build(builder, builder.operand(dtype, builder.draw.shape(minRank))),
  };
}

const axisOf = ({ draw }: Builder, { shape }: Tensor): number => draw.int(0, shape.length - 1);

/** An axis that has elements, or none of them. */
function axisWithElements(builder: Builder, { shape }: Tensor): number | undefined {
  const axes = [...shape.keys()].filter((axis) => shape[axis]! > 0);
  return axes.length === 0 ? undefined : builder.draw.pick(axes);
}

function argReduction(primitive: "argmax" | "argmin"): PrimitiveCase {
  return onArray(numbers, 1, (builder, x) => {
    const axis = axisWithElements(builder, x);
    return axis === undefined ? [x] : apply(primitive, [x], { axis });
  });
}

/** Every primitive; leaving one out does not compile. */
export function primitiveCases(): Readonly<Record<Primitive, PrimitiveCase>> {
  return {
    neg: unary("neg", numbers),
    abs: unary("abs", numbers),
    floor: unary("floor"),
    ceil: unary("ceil"),
    trunc: unary("trunc"),
    round: unary("round"),
    sqrt: unary("sqrt"),
    not: unary("not", discrete),
    exp: elementary("exp", exp),
    expm1: elementary("expm1", expm1),
    log: elementary("log", log),
    log1p: elementary("log1p", log1p),
    log2: elementary("log2", log2),
    log10: elementary("log10", log10),
    sin: elementary("sin", sin),
    cos: elementary("cos", cos),
    tan: elementary("tan", tan),
    asin: elementary("asin", asin),
    acos: elementary("acos", acos),
    atan: elementary("atan", atan),
    sinh: elementary("sinh", sinh),
    cosh: elementary("cosh", cosh),
    tanh: elementary("tanh", tanh),
    asinh: elementary("asinh", asinh),
    acosh: elementary("acosh", acosh),
    atanh: elementary("atanh", atanh),
    cbrt: elementary("cbrt", cbrt),
    erf: elementary("erf", erf),
    erfc: elementary("erfc", erfc),
    erfInv: elementary("erfInv", erfInv),
    logistic: elementary("logistic", logistic),

    add: binary("add", numbers),
    sub: binary("sub", numbers),
    mul: binary("mul", numbers),
    div: binary("div", numbers),
    rem: defined("rem", rem, 2, numbers),
    max: binary("max", everything),
    min: binary("min", everything),
    copysign: binary("copysign", floats),
    pow: elementary("pow", pow, 2),
    atan2: elementary("atan2", atan2, 2),
    and: binary("and", discrete),
    or: binary("or", discrete),
    xor: binary("xor", discrete),
    shiftLeft: binary("shiftLeft", integers),
    shiftRight: binary("shiftRight", integers),
    shiftRightLogical: binary("shiftRightLogical", integers),
    eq: binary("eq", everything),
    ne: binary("ne", everything),
    lt: binary("lt", everything),
    le: binary("le", everything),

    select: {
      dtypes: everything,
      build: (builder, dtype) => {
        const shape = builder.draw.shape();
        const operands = [
          builder.operand("bool", shape),
          builder.operand(dtype, shape),
          builder.operand(dtype, shape),
        ];
        return apply("select", operands, {});
      },
    },
    integerPow: elementwise("integerPow", floats, 1, ({ draw }) => ({
      exponent: draw.pick([0, 1, 2, 3, 5, 10, 31, -1, -2, -7, 1000]),
    })),
    convert: elementwise("convert", everything, 1, ({ draw }) => ({
      dtype: draw.pick(everything),
    })),
    // The bits of a NaN are nobody's promise, so there is none among the floats.
    bitcast: elementwise(
      "bitcast",
      everything,
      1,
      ({ draw }, dtype) => ({
        dtype:
          dtype === "bool"
            ? "bool"
            : draw.pick(
                dtype === "float64" || dtype === "int64"
                  ? ["float64", "int64"]
                  : ["float32", "int32", "uint32"],
              ),
      }),
      "tame",
    ),
    stopGradient: unary("stopGradient", everything),

    reduceSum: reduction("reduceSum", numbers),
    reduceProd: reduction("reduceProd", numbers),
    reduceMax: reduction("reduceMax", everything),
    reduceMin: reduction("reduceMin", everything),
    argmax: argReduction("argmax"),
    argmin: argReduction("argmin"),
    cumsum: onArray(numbers, 1, (builder, x) =>
      apply("cumsum", [x], { axis: axisOf(builder, x), reverse: builder.draw.once(2) }),
    ),
    dotGeneral: { dtypes: numbers, build: dotOperands },

    broadcast: onArray(everything, 0, ({ draw }, x) => {
      const before = draw.int(0, 2);
      const shape = [
        ...Array.from({ length: before }, () => draw.int(1, 4)),
        ...x.shape.map((n) => (n === 1 ? draw.int(1, 4) : n)),
      ];
      return apply("broadcast", [x], { shape, axes: x.shape.map((_, i) => i + before) });
    }),
    reshape: onArray(everything, 0, ({ draw }, x) => {
      const size = sizeOf(x.shape);
      return apply("reshape", [x], {
        shape: draw.pick([[size], [1, size], [size, 1], [...x.shape, 1], x.shape.toReversed()]),
      });
    }),
    transpose: onArray(everything, 0, ({ draw }, x) => {
      const permutation = [...x.shape.keys()]
        .map((axis) => ({ axis, key: draw.int(0, 9) }))
        .toSorted((a, b) => a.key - b.key);
      return apply("transpose", [x], { permutation: permutation.map(({ axis }) => axis) });
    }),
    reverse: onArray(everything, 0, ({ draw }, x) =>
      apply("reverse", [x], { axes: draw.axes(x.shape.length) }),
    ),
    concatenate: onArray(everything, 1, (builder, x) => {
      const axis = axisOf(builder, x);
      const others = Array.from({ length: builder.draw.int(0, 3) }, () =>
        builder.operand(x.dtype, x.shape.with(axis, builder.draw.int(0, 4))),
      );
      return apply("concatenate", [x, ...others], { axis });
    }),
    pack: {
      dtypes: everything,
      build: (builder, dtype) => {
        const shape = builder.draw.pick([[1], [3], [4, 5], [16], [17], [2, 1, 2]]);
        return apply(
          "pack",
          Array.from({ length: sizeOf(shape) }, () => builder.operand(dtype, [])),
          { shape },
        );
      },
    },
    pad: onArray(everything, 0, ({ draw }, x) => {
      const amount = (): number[] => x.shape.map(() => draw.int(0, 3));
      return apply("pad", [x], { low: amount(), high: amount() });
    }),
    slice: onArray(everything, 0, ({ draw }, x) => {
      const start = x.shape.map((n) => draw.int(0, n));
      const limit = x.shape.map((n, axis) => draw.int(start[axis]!, n));
      return apply("slice", [x], { start, limit, step: x.shape.map(() => draw.int(1, 4)) });
    }),
    dynamicSlice: onArray(everything, 0, (builder, x) => {
      const sizes = x.shape.map((n) => builder.draw.int(0, n));
      return apply("dynamicSlice", [x, ...starts(builder, x.shape)], { sizes });
    }),
    dynamicUpdateSlice: onArray(everything, 0, (builder, x) => {
      const update = builder.operand(
        x.dtype,
        x.shape.map((n) => builder.draw.int(0, n)),
      );
      return apply("dynamicUpdateSlice", [x, update, ...starts(builder, x.shape)], {});
    }),
    gather: onArray(everything, 1, (builder, x) => {
      const axis = axisWithElements(builder, x);
      return axis === undefined
        ? [x]
        : apply("gather", [x, indicesFor(builder, x.shape[axis]!)], { axis });
    }),
    scatterAdd: onArray(numbers, 1, (builder, x) => {
      const axis = axisOf(builder, x);
      const indices = indicesFor(builder, x.shape[axis]!);
      const updates = builder.operand(x.dtype, x.shape.toSpliced(axis, 1, ...indices.shape));
      return apply("scatterAdd", [x, indices, updates], { axis });
    }),
    iota: {
      dtypes: numbers,
      build: (builder, dtype) => {
        const shape = builder.draw.shape(1);
        return apply("iota", [], { dtype, shape, axis: builder.draw.int(0, shape.length - 1) });
      },
    },

    cond: {
      dtypes: numbers,
      build: (builder, dtype) => {
        const { draw } = builder;
        const shape = draw.shape();
        const isBool = draw.once(2);
        const index = builder.input(isBool ? draw.array("bool", []) : draw.indices("int32", [], 3));
        const x = builder.operand(dtype, shape);
        const branches = Array.from({ length: isBool ? 2 : draw.int(1, 4) }, () =>
          someProgram(builder, x),
        );
        return apply("cond", [index, x], { branches });
      },
    },
    loop: { dtypes: numbers, build: someLoop },
    call: onArray(numbers, 0, (builder, x) => {
      const call = { program: someProgram(builder, x), name: "f", inline: builder.draw.once(2) };
      const [y] = apply("call", [x], call);
      return [y!, ...apply("call", [y!], call)];
    }),
    derived: onArray(numbers, 0, (builder, x) => {
      const program = someProgram(builder, x);
      return apply("derived", [x], {
        name: "f",
        outputs: program.outputs,
        expand: () => program,
        jvp: null,
        hasRule: false,
        transpose: null,
        pair: null,
      });
    }),
    hostCallback: {
      dtypes: everything,
      build: (builder, dtype) => {
        const { draw } = builder;
        const inputs = Array.from({ length: draw.int(0, 3) }, () =>
          builder.operand(dtype, draw.shape()),
        );
        const outputs = Array.from({ length: draw.int(1, 3) }, () =>
          arrayType(draw.pick(everything), draw.shape()),
        );
        const count = inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
        const results = outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
        return apply("hostCallback", inputs, {
          name: "f",
          outputs,
          call: (memory, from, to) => {
            for (let i = 0; i < results; i++)
              memory.f64[to + i] = count === 0 ? i - 2.5 : memory.f64[from + (i % count)]! * 1.5;
          },
        });
      },
    },
    assert: {
      dtypes: ["bool"],
      build: (builder) => {
        const ok = Array.from({ length: 3 }, () => builder.input(builder.draw.array("bool", [])));
        for (const [i, x] of ok.entries()) apply("assert", [x], { message: `asserted: ${i}` });
        const which = builder.input(builder.draw.array("int32", []));
        apply("assert", [ok[0]!, which], { message: ["asserted: first", "asserted: second"] });
        return ok;
      },
    },
    bufferNew: {
      dtypes: everything,
      build: (builder, dtype) => {
        const { draw } = builder;
        const shape = draw.shape(1);
        const [buffer] = draw.once(2)
          ? apply("bufferNew", [builder.operand(dtype, shape)], { dtype, shape, fill: null })
          : apply("bufferNew", [], { dtype, shape, fill: draw.int(0, 1) });
        return apply("bufferFreeze", [buffer!], {});
      },
    },
    bufferWrite: { dtypes: everything, build: someWrites },
    bufferFreeze: { dtypes: everything, build: someWrites },
  };
}
