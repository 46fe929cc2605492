import {
  abs,
  add,
  apply,
  astype,
  bitcast,
  bitwiseAnd,
  bitwiseXor,
  copysign,
  div,
  equal,
  exp,
  floor,
  isFloat,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  maximum,
  minimum,
  mul,
  neg,
  notEqual,
  pow,
  round,
  shiftLeft,
  shiftRight,
  sizeOf,
  sqrt,
  sub,
  tanh,
  where,
} from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import { describe, test } from "vitest";
import type { Builder } from "./support/Builder.ts";
import { checkPrograms } from "./support/checkPrograms.ts";
import type { Draw } from "./support/Draw.ts";

/** Most of 32 bits, of which four are computed at once; those of 64 bits among them make two vectors of four elements. */
const dtypes: readonly DType[] = [
  "float32",
  "float32",
  "float32",
  "int32",
  "bool",
  "uint32",
  "float64",
  "int64",
];
const narrow: readonly DType[] = ["float32", "float32", "int32", "bool", "uint32"];

/** An element-by-element operation on a value, with others that are at hand. */
function step(draw: Draw, x: Tensor, alike: (dtype: DType) => Tensor): Tensor {
  if (draw.once(4)) {
    const to = draw.pick(dtypes);
    const isWord = x.dtype === "float32" || x.dtype === "int32" || x.dtype === "uint32";
    if (!isWord || draw.once(2)) return astype(x, to);
    // The bits of a NaN are not defined.
    const number = x.dtype === "float32" ? where(equal(x, x), x, 1) : x;
    return bitcast(number, draw.pick(["float32", "int32", "uint32"]));
  }
  const y = alike(x.dtype);
  if (draw.once(5))
    return draw.pick<(x: Tensor, y: Tensor) => Tensor>([less, lessEqual, equal, notEqual])(x, y);
  if (draw.once(5)) return where(alike("bool"), x, y);
  if (x.dtype === "bool")
    return draw.pick<() => Tensor>([
      () => logicalAnd(x, y),
      () => logicalOr(x, y),
      () => logicalNot(x),
      () => bitwiseXor(x, y),
      () => maximum(x, y),
    ])();
  const common = [() => add(x, y), () => sub(x, y), () => mul(x, y), () => neg(x)];
  const place = draw.int(0, 31);
  const ofFloats = [
    () => div(x, y),
    () => minimum(x, y),
    () => maximum(x, y),
    () => copysign(x, y),
    () => sqrt(x),
    () => abs(x),
    () => floor(x),
    () => round(x),
    () => exp(x),
    () => tanh(x),
    () => pow(x, y),
  ];
  const ofIntegers = [
    () => bitwiseAnd(x, y),
    () => shiftLeft(x, place),
    () => shiftRight(x, place),
    () => maximum(x, y),
    () => div(x, y),
  ];
  return draw.pick<() => Tensor>([...common, ...(isFloat(x.dtype) ? ofFloats : ofIntegers)])();
}

/** A kernel: values of one shape, and what some steps make of them; inputs are views of all kinds. */
function kernel(builder: Builder, shape: readonly number[], inputs: readonly DType[]): Tensor[] {
  const { draw } = builder;
  const values = Array.from({ length: draw.int(1, 3) }, () =>
    builder.operand(draw.pick(inputs), shape),
  );
  const alike = (dtype: DType): Tensor => {
    const same = values.filter((value) => value.dtype === dtype);
    if (same.length > 0 && !draw.once(4)) return draw.pick(same);
    if (draw.once(3)) return astype(draw.pick(values), dtype);
    const one = builder.input(draw.array(dtype, []));
    return apply("broadcast", [one], { shape, axes: [] })[0]!;
  };
  for (let i = draw.int(1, 10); i > 0; i--) values.push(step(draw, draw.pick(values), alike));
  return values;
}

const shapeOf = (draw: Draw): number[] => {
  const n = draw.int(0, 40);
  return draw.pick([[n], [n], [draw.int(1, 7), n], [n, draw.int(1, 7)], [3, draw.int(1, 5), n]]);
};

describe("loops over elements of 32 bits, and of 64 among them", () => {
  test("give the same bits evaluated, lowered and compiled", () => {
    checkPrograms(300, (builder) => {
      const { draw } = builder;
      const values = kernel(builder, shapeOf(draw), draw.once(4) ? dtypes : narrow);
      return [...values.slice(-3), draw.pick(values)];
    });
  });
});

describe("folds of what such loops make", () => {
  test("give the same bits evaluated, lowered and compiled", () => {
    checkPrograms(200, (builder) => {
      const { draw } = builder;
      const x = kernel(builder, shapeOf(draw), draw.once(4) ? dtypes : narrow).at(-1)!;
      const axis = draw.int(0, x.shape.length - 1);
      const ofAny = ["reduceSum", "reduceProd"] as const;
      const ofSome = x.shape.includes(0) ? ofAny : ([...ofAny, "reduceMax", "reduceMin"] as const);
      const y = x.dtype === "bool" ? astype(x, draw.pick(["float32", "int32"])) : x;
      const results = [
        ...apply(draw.pick(ofSome), [y], { axes: draw.axes(y.shape.length) }),
        ...apply("cumsum", [y], { axis, reverse: draw.once(2) }),
      ];
      if (!x.shape.includes(0))
        results.push(...apply(draw.pick(["argmax", "argmin"]), [y], { axis }));
      return results;
    });
  });
});

describe("products of matrices of any dtype and size", () => {
  test("give the same bits evaluated, lowered and compiled", () => {
    checkPrograms(150, (builder) => {
      const { draw } = builder;
      const dtype = draw.pick(["float32", "float32", "float64", "int32", "uint32"] as const);
      const [m, k, n] = [draw.int(0, 11), draw.int(0, 9), draw.int(0, 21)] as const;
      const [isLeftTurned, isRightTurned] = [draw.once(2), draw.once(2)];
      const a = builder.operand(dtype, isLeftTurned ? [k, m] : [m, k]);
      const b = builder.operand(dtype, isRightTurned ? [n, k] : [k, n]);
      const contract = [[isLeftTurned ? 0 : 1], [isRightTurned ? 1 : 0]] as const;
      return apply("dotGeneral", [a, b], { contract, batch: [[], []] });
    });
  });
});

describe("products of matrices and vectors of any dtype and size", () => {
  test("give the same bits evaluated, lowered and compiled", () => {
    checkPrograms(200, (builder) => {
      const { draw } = builder;
      const dtype = draw.pick(["float32", "float32", "float64", "int32", "int64"] as const);
      const batch = draw.once(3) ? [draw.int(1, 4)] : [];
      const inner = draw.once(3) ? [draw.int(1, 3), draw.int(0, 12)] : [draw.int(0, 12)];
      const rows = draw.once(3) ? [draw.int(1, 3), draw.int(0, 40)] : [draw.int(0, 40)];
      const isTurned = draw.once(2);
      const matrix = isTurned ? [...batch, ...inner, ...rows] : [...batch, ...rows, ...inner];
      const [a, b] = [builder.operand(dtype, matrix), builder.operand(dtype, [...batch, ...inner])];
      const first = batch.length + (isTurned ? 0 : rows.length);
      const sides = [
        [a, inner.map((_, i) => first + i)],
        [b, inner.map((_, i) => batch.length + i)],
      ] as const;
      const [[x, alongX], [y, alongY]] = draw.once(2) ? sides : ([sides[1], sides[0]] as const);
      const paired = batch.map((_, i) => i);
      return apply("dotGeneral", [x, y], { contract: [alongX, alongY], batch: [paired, paired] });
    });
  });
});

describe("transposed arrays that are brought into order", () => {
  test("give the same bits evaluated, lowered and compiled", () => {
    checkPrograms(100, (builder) => {
      const { draw } = builder;
      const shape = draw.pick([
        [draw.int(1, 13), draw.int(1, 13)],
        [2, draw.int(1, 9), draw.int(1, 9)],
        [draw.int(1, 9), 3, draw.int(1, 9)],
      ]);
      const x = builder.operand(draw.pick(dtypes), shape);
      const permutation =
        shape.length === 2
          ? [1, 0]
          : draw.pick([
              [2, 1, 0],
              [0, 2, 1],
              [1, 2, 0],
            ]);
      const turned = apply("transpose", [x], { permutation })[0]!;
      return apply("reshape", [turned], { shape: [sizeOf(shape)] });
    });
  });
});

describe("rows at indices, of any dtype and length", () => {
  test("give the same bits evaluated, lowered and compiled", () => {
    checkPrograms(100, (builder) => {
      const { draw } = builder;
      const dtype = draw.pick(["float32", "float32", "int32", "uint32"] as const);
      const shape = [draw.int(1, 5), draw.int(0, 40)];
      const x = builder.operand(dtype, shape);
      const indices = builder.input(draw.indices("int32", [draw.int(0, 6)], shape[0]!));
      const updates = builder.operand(dtype, [sizeOf(indices.shape), shape[1]!]);
      return [
        ...apply("gather", [x, indices], { axis: 0 }),
        ...apply("scatterAdd", [x, indices, updates], { axis: 0 }),
      ];
    });
  });
});
