import { loopInLanes } from "@diffrax-ts/compiler";
import {
  apply,
  arrayType,
  type Equation,
  type LoopParams,
  traceProgram,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { typeOf } from "../zeros.ts";
import { type Batched, batchedAlike } from "./BatchRule.ts";

/**
 * An equation for one element of the batch after the other: a loop whose turns are independent. So every element
 * takes its own number of turns and its own branches, and stays in registers.
 */
export function lanes(
  { primitive, params, inputs: atoms }: Equation,
  inputs: readonly Batched[],
  size: number,
): Batched[] {
  const consts = inputs.filter(({ batched, empty }) => !batched && empty === null);
  const rows = inputs.filter(({ batched }) => batched);
  // A buffer that all have in common is copied by each.
  const shared = consts.map(({ value }) =>
    typeOf(value).buffer ? apply("bufferFreeze", [value], {})[0]! : value,
  );
  const types = [
    ...shared.map(typeOf),
    ...rows.map(({ value }) => arrayType(value.dtype, value.shape.slice(1))),
  ];
  const { program } = traceProgram(types, (...given) => {
    const lane = inputs.map((input, i): Tensor => {
      if (input.empty !== null) return apply("bufferNew", [], input.empty)[0]!;
      const value = input.batched
        ? given[consts.length + rows.indexOf(input)]!
        : given[consts.indexOf(input)]!;
      return atoms[i]!.buffer ? thaw(value) : value;
    });
    return apply(primitive, lane, params).map((x) =>
      typeOf(x).buffer ? apply("bufferFreeze", [x], {})[0]! : x,
    );
  });
  const loop: LoopParams = {
    body: program,
    cond: null,
    length: size,
    numConsts: consts.length,
    numCarry: 0,
    reverse: false,
    parallel: true,
    bound: size,
    host: false,
    inLanes: loopInLanes,
  };
  const results = apply("loop", [...shared, ...rows.map(({ value }) => value)], loop);
  return batchedAlike(results, true);
}

/** A buffer with the elements of an array. */
function thaw(x: Tensor): Tensor {
  return apply("bufferNew", [x], { dtype: x.dtype, shape: x.shape, fill: null })[0]!;
}
