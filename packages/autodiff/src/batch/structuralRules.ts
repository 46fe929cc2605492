import {
  add,
  apply,
  dotAxes,
  maximum,
  minimum,
  mul,
  type ParamsOf,
  reshape,
  scalarTensor,
  type StructuralPrimitive,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import type { BatchContext, BatchRules } from "./BatchRule.ts";
import { allBatched, repeat } from "./repeat.ts";

const shift = (axes: readonly number[]): number[] => axes.map((axis) => axis + 1);

/** One operand, whose axes all move back by one. */
function onAxes<P extends "reduceSum" | "reduceProd" | "reduceMax" | "reduceMin" | "reverse">(
  primitive: P,
) {
  return ({ inputs, params }: BatchContext<P>): Tensor =>
    apply(primitive, inputs, { axes: shift(params.axes) })[0]!;
}

function onAxis<P extends "argmax" | "argmin">(primitive: P) {
  return ({ inputs, params }: BatchContext<P>): Tensor =>
    apply(primitive, inputs, { axis: params.axis + 1 })[0]!;
}

/** Moves an axis to the front. */
function toFront(x: Tensor, axis: number): Tensor {
  const rest = [...x.shape.keys()].filter((i) => i !== axis);
  return apply("transpose", [x], { permutation: [axis, ...rest] })[0]!;
}

function dot(context: BatchContext<"dotGeneral">): Tensor {
  const {
    params: { contract, batch },
    inputs: [a, b],
    batched: [inA, inB],
  } = context;
  const isVector = b!.shape.length === 1 + contract[1].length + batch[1].length;
  if (inA !== true && isVector) {
    // Vectors of a batch are the rows of the result then, and what comes after goes through them in their order.
    const params = {
      contract: [contract[1], contract[0]],
      batch: [batch[1], batch[0]],
    } as const;
    return dot({ ...context, params, inputs: [b!, a!], batched: [true, false] });
  }
  const moved = (axes: readonly number[], by: boolean | undefined): readonly number[] =>
    by ? shift(axes) : axes;
  const both = inA === true && inB === true;
  const contracted = [moved(contract[0], inA), moved(contract[1], inB)] as const;
  const paired = [moved(batch[0], inA), moved(batch[1], inB)] as const;
  const params: ParamsOf<"dotGeneral"> = {
    contract: contracted,
    batch: both
      ? [
          [0, ...paired[0]],
          [0, ...paired[1]],
        ]
      : paired,
  };
  const [result] = apply("dotGeneral", [a!, b!], params);
  if (both) return result!;
  // The batch is the first of the free axes of its operand.
  const numFreeA = dotAxes(a!.shape.length, contracted[0], paired[0]).length;
  return toFront(result!, batch[0].length + (inA === true ? 0 : numFreeA));
}

/** One array: rows of a batch stand after one another, and indices are moved to those of their own. */
function flattenRows(
  x: Tensor,
  axis: number,
  indices: Tensor,
): { rows: Tensor; places: Tensor; rest: number[] } {
  const [size, ...shape] = x.shape;
  const n = shape[axis]!;
  const others = shape.map((_, i) => i + 1).filter((i) => i !== axis + 1);
  const order = [0, axis + 1, ...others];
  const front = apply("transpose", [x], { permutation: order })[0]!;
  const rest = front.shape.slice(2);
  const [lane] = apply("iota", [], { dtype: indices.dtype, shape: indices.shape, axis: 0 });
  const places = add(indices, mul(lane!, n));
  return { rows: reshape(front, [size! * n, ...rest]), places, rest };
}

/** Puts the axes of the indices, which follow the batch, where the axis was. */
function unflattenRows(x: Tensor, axis: number, numIndexAxes: number): Tensor {
  const moved = Array.from({ length: numIndexAxes }, (_, i) => i + 1);
  const rest = Array.from(
    { length: x.shape.length - 1 - numIndexAxes },
    (_, i) => i + 1 + numIndexAxes,
  );
  return apply("transpose", [x], {
    permutation: [0, ...rest.slice(0, axis), ...moved, ...rest.slice(axis)],
  })[0]!;
}

function gather({
  params: { axis },
  inputs: [x, indices],
  batched: [inX, inIndices],
}: BatchContext<"gather">): Tensor {
  if (inIndices !== true) return apply("gather", [x!, indices!], { axis: axis + 1 })[0]!;
  if (inX !== true) return toFront(apply("gather", [x!, indices!], { axis })[0]!, axis);
  const n = scalarTensor(indices!.dtype, x!.shape[axis + 1]! - 1);
  const clamped = minimum(maximum(indices!, scalarTensor(indices!.dtype, 0)), n);
  const { rows, places } = flattenRows(x!, axis, clamped);
  const [picked] = apply("gather", [rows, places], { axis: 0 });
  return unflattenRows(picked!, axis, indices!.shape.length - 1);
}

/** Where elements go, one axis further back. */
export function structuralRules(): BatchRules<StructuralPrimitive> {
  return {
    reduceSum: onAxes("reduceSum"),
    reduceProd: onAxes("reduceProd"),
    reduceMax: onAxes("reduceMax"),
    reduceMin: onAxes("reduceMin"),
    reverse: onAxes("reverse"),
    argmax: onAxis("argmax"),
    argmin: onAxis("argmin"),
    cumsum: ({ params: { axis, reverse }, inputs }) =>
      apply("cumsum", inputs, { axis: axis + 1, reverse })[0]!,
    dotGeneral: dot,
    broadcast: ({ params: { shape, axes }, inputs, size }) =>
      apply("broadcast", inputs, { shape: [size, ...shape], axes: [0, ...shift(axes)] })[0]!,
    reshape: ({ params: { shape }, inputs, size }) => reshape(inputs[0]!, [size, ...shape]),
    transpose: ({ params: { permutation }, inputs }) =>
      apply("transpose", inputs, { permutation: [0, ...shift(permutation)] })[0]!,
    concatenate: ({ params: { axis }, inputs, batched, size }) =>
      apply("concatenate", allBatched(inputs, batched, size), { axis: axis + 1 })[0]!,
    pack: (context) => {
      const columns = context.inputs.map((x, i) =>
        context.batched[i] ? x : repeat(x, context.size),
      );
      const { size, params } = context;
      const wide = columns.map((x) => reshape(x, [size, 1]));
      return reshape(apply("concatenate", wide, { axis: 1 })[0]!, [size, ...params.shape]);
    },
    pad: ({ params: { low, high }, inputs }) =>
      apply("pad", inputs, { low: [0, ...low], high: [0, ...high] })[0]!,
    slice: ({ params: { start, limit, step }, inputs, size }) =>
      apply("slice", inputs, {
        start: [0, ...start],
        limit: [size, ...limit],
        step: [1, ...step],
      })[0]!,
    dynamicSlice: ({ params: { sizes }, inputs: [x, ...start], batched: [, ...moving], size }) =>
      moving.some(Boolean)
        ? null
        : apply("dynamicSlice", [x!, scalarTensor("int32", 0), ...start], {
            sizes: [size, ...sizes],
          })[0]!,
    dynamicUpdateSlice: ({
      inputs: [x, update, ...start],
      batched: [inX, inUpdate, ...moving],
      size,
    }) => {
      if (moving.some(Boolean)) return null;
      const operands = [inX ? x! : repeat(x!, size), inUpdate ? update! : repeat(update!, size)];
      return apply("dynamicUpdateSlice", [...operands, scalarTensor("int32", 0), ...start], {})[0]!;
    },
    gather,
    scatterAdd: ({
      params: { axis },
      inputs: [x, indices, updates],
      batched: [inX, inIndices, inUpdates],
      size,
    }) => {
      if (inIndices) return null;
      const operands = [
        inX ? x! : repeat(x!, size),
        indices!,
        inUpdates ? updates! : repeat(updates!, size),
      ];
      return apply("scatterAdd", operands, { axis: axis + 1 })[0]!;
    },
    iota: () => null,
  };
}
