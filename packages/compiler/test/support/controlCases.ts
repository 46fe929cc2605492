// Operands with indices, contractions, loops and buffers.
import {
  apply,
  dotAxes,
  type LoopParams,
  type ParamsOf,
  traceProgram,
  arrayType,
} from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import type { Builder } from "./Builder.ts";

/** Scalar starts, one for each axis, of some type of index. */
export function starts(builder: Builder, shape: readonly number[]): Tensor[] {
  const dtype = builder.draw.pick(["int32", "int32", "uint32", "int64"] as const);
  return shape.map((n) => builder.input(builder.draw.indices(dtype, [], n)));
}

export function indicesFor(builder: Builder, length: number): Tensor {
  const { draw } = builder;
  const dtype = draw.pick(["int32", "int32", "uint32", "int64"] as const);
  return builder.operand(dtype, draw.shape(0, 2), (shape) => draw.indices(dtype, shape, length));
}

/** A contraction with axes in any order. */
export function dotOperands(builder: Builder, dtype: DType): readonly Tensor[] {
  const { draw } = builder;
  const length = (): number => draw.pick([1, 2, 3, 4, 5, 8, 9, draw.once(8) ? 0 : 7]);
  const batch = Array.from({ length: draw.int(0, 1) }, length);
  const contracted = Array.from({ length: draw.int(0, 2) }, length);
  const side = (): {
    readonly shape: number[];
    readonly batch: number[];
    readonly contract: number[];
  } => {
    const free = Array.from({ length: draw.int(0, 2) }, length);
    const dims = [...batch, ...contracted, ...free];
    const order = [...dims.keys()]
      .map((i) => ({ i, key: draw.int(0, 9) }))
      .toSorted((a, b) => a.key - b.key);
    const place = (i: number): number => order.findIndex((one) => one.i === i);
    return {
      shape: order.map(({ i }) => dims[i]!),
      batch: batch.map((_, i) => place(i)),
      contract: contracted.map((_, i) => place(batch.length + i)),
    };
  };
  const [a, b] = [side(), side()];
  const params: ParamsOf<"dotGeneral"> = {
    contract: [a.contract, b.contract],
    batch: [a.batch, b.batch],
  };
  const [result] = apply(
    "dotGeneral",
    [builder.operand(dtype, a.shape), builder.operand(dtype, b.shape)],
    params,
  );
  const rank = (one: typeof a): number => dotAxes(one.shape.length, one.contract, one.batch).length;
  if (result!.shape.length !== batch.length + rank(a) + rank(b))
    throw new Error("dotGeneral: rank");
  return [result!];
}

/** A program of one array, for what runs programs. */
export function someProgram(
  builder: Builder,
  type: Tensor,
  variant = builder.draw.int(0, 3),
): ReturnType<typeof traceProgram>["program"] {
  return traceProgram([arrayType(type.dtype, type.shape)], (x) => {
    if (variant === 0) return [x];
    if (variant === 1) return apply("reverse", [x], { axes: [...x.shape.keys()] });
    if (variant === 2) return apply("neg", [x], {});
    return apply("add", [x, apply("reverse", [x], { axes: [...x.shape.keys()] })[0]!], {});
  }).program;
}

/** A loop that turns an array, adds slices to it, and stacks what it carries. */
export function someLoop(builder: Builder, dtype: DType): readonly Tensor[] {
  const { draw } = builder;
  const shape = draw.shape(0, 2);
  const length = draw.pick([0, 1, 2, 5]);
  const [constant, start] = [builder.operand(dtype, shape), builder.operand(dtype, shape)];
  const rows = builder.operand(dtype, [length, ...shape]);
  const { program: body } = traceProgram(
    [constant, start, constant].map(({ dtype: d, shape: s }) => arrayType(d, s)),
    (c, x, row) => {
      const turned = apply("reverse", [x], { axes: [...x.shape.keys()] })[0]!;
      const next = apply("add", [apply("add", [turned, row], {})[0]!, c], {})[0]!;
      return [next, draw.once(2) ? next : x];
    },
  );
  const params: LoopParams = {
    body,
    cond: null,
    length,
    numConsts: 1,
    numCarry: 1,
    reverse: draw.once(2),
    parallel: false,
    bound: null,
    host: false,
  };
  return apply("loop", [constant, start, rows], params);
}

/** Writes some rows of a buffer, some of them not there, and reads it. */
export function someWrites(builder: Builder, dtype: DType): readonly Tensor[] {
  const { draw } = builder;
  const shape = draw.shape(1);
  let [buffer] = apply("bufferNew", [], { dtype, shape, fill: 0 });
  for (let i = draw.int(0, 3); i > 0; i--) {
    const index = builder.input(draw.indices("int32", [], shape[0]!));
    const row = builder.operand(dtype, shape.slice(1));
    [buffer] = apply("bufferWrite", [buffer!, index, row, builder.operand("bool", [])], {});
  }
  return apply("bufferFreeze", [buffer!], {});
}
