import {
  add,
  type Known,
  constantOf,
  equal,
  type Equation,
  isFloat,
  less,
  logicalAnd,
  logicalOr,
  notEqual,
  type ReducePrimitive,
  scalarTensor,
  Trace,
  where,
} from "@diffrax-ts/program";
import type { DType } from "@diffrax-ts/pytree";
import { Lowering } from "../lower/lowerProgram.ts";
import { combinations, scalarOperation } from "../lower/lowerSmall.ts";
import type { BlockEmitter } from "./BlockEmitter.ts";
import { inMemory } from "./cluster.ts";
import { emitFold, type Fold } from "./fold.ts";
import { type MemoryPlace, type Place, reversed } from "./Place.ts";

/** Where the results of a fold go that has some; a single one stays in a local. */
function target(block: BlockEmitter, { outputs }: Equation): MemoryPlace | null {
  return outputs[0]!.shape.length === 0 ? null : block.scratch(outputs[0]!);
}

function combine(primitive: ReducePrimitive): Fold["next"] {
  return (pair) => [
    scalarOperation(new Lowering(), new Trace(), combinations[primitive], pair, {}),
  ];
}

/** A reduction along axes: one element after the other, from the first to the last. */
export function emitReduce(block: BlockEmitter, equation: Equation<ReducePrimitive>): Place {
  const { primitive, params, inputs, outputs } = equation;
  const { axes } = params;
  const { dtype } = outputs[0]!;
  const isEmpty = axes.some((axis) => inputs[0]!.shape[axis] === 0);
  const start =
    isEmpty && primitive !== "reduceProd" ? constantOf(dtype, 0) : identity(primitive, dtype);
  return emitFold(block, inMemory(block, inputs[0]!), target(block, equation), {
    axes,
    start: [start],
    next: combine(primitive),
    result: 0,
    isRunning: false,
  });
}

/** The least and the greatest number of a dtype. */
const limits: Readonly<Record<DType, readonly [number | bigint, number | bigint]>> = {
  float64: [-Infinity, Infinity],
  float32: [-Infinity, Infinity],
  int32: [-0x80000000, 0x7fffffff],
  uint32: [0, 0xffffffff],
  int64: [-0x8000000000000000n, 0x7fffffffffffffffn],
  bool: [0, 1],
};

/** What a reduction starts from: it changes nothing. */
function identity(primitive: ReducePrimitive, dtype: DType): Known {
  if (primitive === "reduceSum") return constantOf(dtype, isFloat(dtype) ? -0 : 0);
  if (primitive === "reduceProd") return constantOf(dtype, 1);
  const x = limits[dtype][primitive === "reduceMax" ? 0 : 1];
  return scalarTensor(dtype, x) as unknown as Known;
}

/** The place of the largest or smallest element along an axis; the first of several, a NaN before all. */
export function emitArgReduce(block: BlockEmitter, equation: Equation<"argmax" | "argmin">): Place {
  const { primitive, params, inputs } = equation;
  return emitFold(block, inMemory(block, inputs[0]!), target(block, equation), {
    axes: [params.axis],
    start: [constantOf("int32", 0), constantOf("int32", 0), constantOf(inputs[0]!.dtype, 0)],
    next: ([place, turn, best, x]) => {
      const isBetter = primitive === "argmax" ? less(best!, x!) : less(x!, best!);
      const isFirstNaN = logicalAnd(equal(best!, best!), notEqual(x!, x!));
      const wins = logicalOr(equal(turn!, 0), logicalOr(isFirstNaN, isBetter));
      return [where(wins, turn!, place!), add(turn!, 1), where(wins, x!, best!)];
    },
    result: 0,
    isRunning: false,
  });
}

/** Running sums along an axis. */
export function emitCumsum(
  block: BlockEmitter,
  { params: { axis, reverse }, inputs, outputs }: Equation<"cumsum">,
): Place {
  const from = inMemory(block, inputs[0]!);
  const to = block.scratch(outputs[0]!);
  const turn = (place: MemoryPlace): MemoryPlace => (reverse ? reversed(place, [axis]) : place);
  emitFold(block, turn(from), turn(to), {
    axes: [axis],
    start: [identity("reduceSum", to.dtype)],
    next: combine("reduceSum"),
    result: 0,
    isRunning: true,
  });
  return to;
}
