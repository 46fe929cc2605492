import {
  add,
  alignCaptured,
  apply,
  astype,
  isFloat,
  less,
  lessEqual,
  logicalAnd,
  maximum,
  mul,
  neg,
  scalarTensor,
  sin,
  sizeOf,
  sub,
  tanh,
  traceProgram,
  type Type,
  where,
} from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import type { Builder } from "./Builder.ts";
import { randomOperation } from "./randomOperation.ts";

const dtypes: readonly DType[] = [
  "float64",
  "float64",
  "float32",
  "int32",
  "bool",
  "int64",
  "uint32",
];
/** Both sides of the size up to which arrays are taken apart. */
const shapes: readonly (readonly number[])[] = [
  [],
  [],
  [1],
  [3],
  [2, 2],
  [16],
  [17],
  [4, 5],
  [2, 3, 4],
];

const typeOf = (x: Tensor): Type => x as unknown as Type;

/** Records a random program: arithmetic, views, contractions, and control flow within control flow. */
export function randomProgram(builder: Builder): readonly Tensor[] {
  const { draw } = builder;
  const start = Array.from({ length: draw.int(2, 5) }, () => {
    const dtype = draw.pick(dtypes);
    return builder.input(draw.array(dtype, draw.pick(shapes)));
  });
  const values = someSteps(builder, start, draw.int(3, 10), 2);
  return [...values.slice(-4), draw.pick(values)];
}

/** The values there are, and what some steps make of them. */
function someSteps(
  builder: Builder,
  scope: readonly Tensor[],
  count: number,
  depth: number,
): Tensor[] {
  const values = [...scope];
  for (let i = 0; i < count; i++) values.push(...step(builder, values, depth).filter(isSmall));
  return values;
}

/** Programs would grow beyond all measure. */
function isSmall({ shape }: Tensor): boolean {
  return sizeOf(shape) < 400 && shape.length < 5;
}

function step(builder: Builder, values: readonly Tensor[], depth: number): readonly Tensor[] {
  const { draw } = builder;
  const x = draw.pick(values);
  if (draw.once(2)) {
    const index = (): Tensor =>
      draw.once(2) ? scalarTensor("int32", draw.int(-1, 3)) : scalarOf(builder, values, "int32");
    return [
      randomOperation(x, { draw, values, alike: (type) => alike(builder, values, type), index }),
    ];
  }
  switch (depth > 0 ? draw.int(0, 13) : draw.int(0, 7)) {
    case 0:
    case 1:
      return [binary(builder, x, alike(builder, values, typeOf(x)))];
    case 2:
      return [isFloat(x.dtype) ? draw.pick([sin, tanh, neg])(x) : x.dtype === "bool" ? x : neg(x)];
    case 3:
      return [where(condition(builder, values, x.shape), x, alike(builder, values, typeOf(x)))];
    case 4: {
      const axes = draw.axes(x.shape.length);
      return draw.once(2) && x.dtype !== "bool"
        ? apply("reduceSum", [x], { axes })
        : apply("reverse", [x], { axes });
    }
    case 5:
      return [astype(x, draw.pick(dtypes))];
    case 6: {
      if (x.shape.length === 0)
        return apply("broadcast", [x], { shape: draw.pick(shapes), axes: [] });
      const start = x.shape.map(() =>
        draw.once(2) ? scalarTensor("int32", draw.int(-1, 3)) : scalarOf(builder, values, "int32"),
      );
      return apply("dynamicSlice", [x, ...start], {
        sizes: x.shape.map((n) => draw.int(Math.min(1, n), n)),
      });
    }
    case 7: {
      if (x.dtype === "bool") return [x];
      if (x.shape.length === 0 || !isFloat(x.dtype) || sizeOf(x.shape) > 60) return [add(x, x)];
      const y = alike(builder, values, typeOf(x));
      return apply("dotGeneral", [x, y], { contract: [[0], [0]], batch: [[], []] });
    }
    case 8:
      return someCond(builder, values, depth);
    case 9:
    case 10:
      return someLoop(builder, values, depth);
    case 11:
      return someCall(builder, values, depth);
    case 12:
      return someDerived(builder, values, depth);
    default:
      return someBuffer(builder, values, depth);
  }
}

function binary({ draw }: Builder, x: Tensor, y: Tensor): Tensor {
  return draw.pick(x.dtype === "bool" ? [logicalAnd, maximum] : [add, sub, mul, maximum])(x, y);
}

/** A value of this type, made of one that there is. */
function alike(builder: Builder, values: readonly Tensor[], { dtype, shape }: Type): Tensor {
  const same = values.filter((x) => x.dtype === dtype && x.shape.join() === shape.join());
  if (same.length > 0 && !builder.draw.once(4)) return builder.draw.pick(same);
  const [wide] = apply("broadcast", [scalarOf(builder, values, dtype)], { shape, axes: [] });
  return wide!;
}

function scalarOf({ draw }: Builder, values: readonly Tensor[], dtype: DType): Tensor {
  const some = draw.pick(values);
  const x = some.dtype === "bool" ? astype(some, "int32") : some;
  const [sum] = apply("reduceSum", [x], { axes: [...x.shape.keys()] });
  return astype(sum!, dtype);
}

function condition(builder: Builder, values: readonly Tensor[], shape: readonly number[]): Tensor {
  const { draw } = builder;
  const type = { dtype: draw.pick(dtypes), shape, buffer: false };
  return draw.pick([less, lessEqual])(alike(builder, values, type), alike(builder, values, type));
}

/** A block of its own: it sees the values outside, and gives values of these types. */
function block(
  builder: Builder,
  scope: readonly Tensor[],
  types: readonly Type[],
  depth: number,
): Tensor[] {
  const inner = someSteps(builder, scope, builder.draw.int(1, 4), depth - 1);
  return types.map((type) => alike(builder, inner, type));
}

function someTypes({ draw }: Builder, values: readonly Tensor[]): Type[] {
  return Array.from({ length: draw.int(1, 3) }, () => typeOf(draw.pick(values)));
}

function someCond(builder: Builder, values: readonly Tensor[], depth: number): readonly Tensor[] {
  const types = someTypes(builder, values);
  const sides = Array.from({ length: builder.draw.int(2, 3) }, () =>
    traceProgram([], () => block(builder, values, types, depth)),
  );
  const { programs: branches, captured } = alignCaptured(sides);
  const index =
    branches.length === 2 ? condition(builder, values, []) : scalarOf(builder, values, "int32");
  return apply("cond", [index, ...captured], { branches });
}

/** A loop that counts, with rows in and out, or one that ends when a condition says so. */
function someLoop(builder: Builder, values: readonly Tensor[], depth: number): readonly Tensor[] {
  const { draw } = builder;
  const types = someTypes(builder, values);
  const start = types.map((type) => alike(builder, values, type));
  const isCounted = draw.once(2);
  const counter: Type = { dtype: "int32", shape: [], buffer: false };
  const most = draw.int(0, 5);
  const rows = isCounted ? values.filter(({ shape }) => shape[0] === 3) : [];
  const rowTypes = rows.map(({ dtype, shape }): Type => ({
    dtype,
    shape: shape.slice(1),
    buffer: false,
  }));
  const stateTypes = [...types, counter];
  const stacked = isCounted ? someTypes(builder, values) : [];
  const body = traceProgram([...stateTypes, ...rowTypes], (...all) => {
    const turn = all[types.length]!;
    const results = block(builder, [...values, ...all], [...types, ...stacked], depth);
    return [...results.slice(0, types.length), add(turn, 1), ...results.slice(types.length)];
  });
  const cond = traceProgram(stateTypes, (...all) => [
    logicalAnd(less(all.at(-1)!, most), condition(builder, all, [])),
  ]);
  const length = rows.length > 0 ? 3 : most;
  const isWhile = !isCounted;
  const { programs, captured } = alignCaptured(isWhile ? [body, cond] : [body]);
  return apply("loop", [...captured, ...start, scalarTensor("int32", 0), ...rows], {
    body: programs[0]!,
    cond: isWhile ? programs[1]! : null,
    length: isWhile ? null : length,
    numConsts: captured.length,
    numCarry: stateTypes.length,
    reverse: !isWhile && draw.once(2),
    parallel: false,
    bound: null,
    host: false,
  });
}

/** A function called twice, of which the second gets what the first gave. */
function someCall(builder: Builder, values: readonly Tensor[], depth: number): readonly Tensor[] {
  const types = someTypes(builder, values);
  const { program } = traceProgram(types, (...x) => block(builder, x, types, depth));
  const call = { program, name: "f", inline: builder.draw.once(2) };
  const first = apply(
    "call",
    types.map((type) => alike(builder, values, type)),
    call,
  );
  return apply("call", first, call);
}

function someDerived(
  builder: Builder,
  values: readonly Tensor[],
  depth: number,
): readonly Tensor[] {
  const types = someTypes(builder, values);
  const { program } = traceProgram(types, (...x) => block(builder, x, types, depth));
  const inputs = types.map((type) => alike(builder, values, type));
  return apply("derived", inputs, {
    name: "g",
    outputs: program.outputs,
    expand: () => program,
    jvp: null,
    hasRule: false,
    transpose: null,
    pair: null,
  });
}

/** Rows written to a buffer by a loop, some of them only if a condition holds. */
function someBuffer(builder: Builder, values: readonly Tensor[], depth: number): readonly Tensor[] {
  const [type] = someTypes(builder, values);
  const { dtype } = type!;
  const shape = [4, ...type!.shape];
  const [buffer] = apply("bufferNew", [], { dtype, shape, fill: 0 });
  const state: Type[] = [
    { dtype, shape, buffer: true },
    { dtype: "int32", shape: [], buffer: false },
    type!,
  ];
  const body = traceProgram(state, (rows, turn, x) => {
    const [next] = block(builder, [...values, x, turn], [type!], depth);
    const pred = condition(builder, [x, turn], []);
    return [...apply("bufferWrite", [rows, turn, next!, pred], {}), add(turn, 1), next!];
  });
  const cond = traceProgram(state, (_, turn) => [less(turn, 5)]);
  const { programs, captured } = alignCaptured([body, cond]);
  const results = apply(
    "loop",
    [...captured, buffer!, scalarTensor("int32", 0), alike(builder, values, type!)],
    {
      body: programs[0]!,
      cond: programs[1]!,
      length: null,
      numConsts: captured.length,
      numCarry: 3,
      reverse: false,
      parallel: false,
      bound: null,
      host: false,
    },
  );
  return [...apply("bufferFreeze", [results[0]!], {}), ...results.slice(1)];
}
