import type { Tensor } from "@diffrax-ts/pytree";
import { type ArrayValue, valueOf } from "./ArrayValue.ts";
import { asTensor, isOwn } from "./asTensor.ts";
import { eagerly } from "./eager.ts";
import { evaluateTyped } from "./evaluate/evaluatePrimitive.ts";
import { firstTraced } from "./isTraced.ts";
import type { ControlPrimitive, ParamsOf, Primitive } from "./primitives.ts";
import { LeakError } from "./refusals.ts";
import { roomFor } from "./roomFor.ts";
import { isControl } from "./shapes/control.ts";
import { shapePrimitive } from "./shapes/shapePrimitive.ts";
import { filledTensor, tensorOf } from "./tensorOf.ts";
import { type ConcreteTensor, FilledTensor, mostFilled } from "./tensors.ts";
import { traceContext } from "./traceContext.ts";
import { sizeOf, type Type } from "./Type.ts";

/**
 * Applies a primitive: recorded if a trace is in progress and an operand is traced (or there is none),
 * computed at once otherwise. Control flow is recorded in any case.
 *
 * @throws TypeError if the operands do not fit, if one of them was traced by a function that has returned, or if
 * there is control flow and no trace.
 */
export function apply<P extends Primitive>(
  primitive: P,
  operands: readonly Tensor[],
  params: ParamsOf<P>,
): Tensor[] {
  let areOwn = true;
  for (let i = 0; i < operands.length; i++) areOwn &&= isOwn(operands[i]!);
  return applyOwn(primitive, areOwn ? operands : operands.map(anyTensor), params);
}

function anyTensor(x: Tensor): Tensor {
  return asTensor(x);
}

/** The same where all operands are tensors as they were made. */
export function applyOwn<P extends Primitive>(
  primitive: P,
  inputs: readonly Tensor[],
  params: ParamsOf<P>,
): Tensor[] {
  const { current } = traceContext();
  const traced = firstTraced(inputs);
  // What else there is to do is in a function of its own: one that makes closures makes an object for them at each call.
  return traced !== undefined && current !== null
    ? current.record(primitive, inputs, params)
    : applyUntraced(primitive, inputs, params, traced);
}

/** @param traced - An operand of a trace that is not in progress. */
function applyUntraced<P extends Primitive>(
  primitive: P,
  inputs: readonly Tensor[],
  params: ParamsOf<P>,
  traced: Tensor | undefined,
): Tensor[] {
  const { current } = traceContext();
  const types = inputs as readonly object[] as readonly Type[];
  const x = inputs[0] as Tensor | FilledTensor;
  // What is seen of an array of one number is one as well.
  if (x instanceof FilledTensor && traced === undefined && isView[primitive] === true) {
    const [type] = shapePrimitive(primitive, types, params);
    return [filledTensor(type!.dtype, type!.shape, x.scalar)];
  }
  const recorded =
    traced !== undefined ||
    isControl(primitive) ||
    (current !== null && inputs.some((x) => x instanceof FilledTensor));
  if (current !== null && (recorded || inputs.length === 0)) {
    return current.record(primitive, inputs, params);
  }
  if (recorded) {
    if (traced !== undefined) throw new LeakError(traced);
    throw new TypeError(
      `${primitive}: control flow has to be inside of a traced function; call it in jit(…)`,
    );
  }
  if (current !== null && primitive === "broadcast" && inputs[0]!.shape.length === 0) {
    const { shape } = params as ParamsOf<"broadcast">;
    const { dtype, scalar } = inputs[0] as Tensor & ConcreteTensor;
    if (sizeOf(shape) >= mostFilled)
      return [new FilledTensor(dtype, shape, scalar) as object as Tensor];
  }
  const [type] = shapePrimitive(primitive, types, params);
  const known = primitive as Exclude<P, ControlPrimitive>;
  const evaluate = (): ArrayValue =>
    evaluateTyped(known, inputs.map(valueOf), params as never, type!);
  return [eagerly()?.(known, inputs, params, type!) ?? tensorOf(roomFor(primitive, evaluate))];
}

const isView: Partial<Record<Primitive, boolean>> = {
  broadcast: true,
  dynamicSlice: true,
  reshape: true,
  reverse: true,
  slice: true,
  transpose: true,
};
