import { sum } from "@diffrax-ts/array";
import { type Axes, valueAndGrad, vmap } from "@diffrax-ts/autodiff";
import { allocate, tensorOf, valueOf } from "@diffrax-ts/program";
import { type Callable, isTensor, type Tensor } from "@diffrax-ts/pytree";

/** The most examples of a group, and about so many groups are made of a batch. */
const mostInGroup = 128;
const groups = 32;

/**
 * How many examples make a group, whose gradient is computed at once. It depends on the batch alone, and not on the threads that there are: so
 * do the bits of the sum.
 *
 * @throws RangeError for a batch without examples.
 */
export function groupSize(size: number): number {
  if (size === 0) throw new RangeError("Ensemble.grad: the batch is empty, and has no gradient");
  return Math.min(mostInGroup, Math.ceil(size / groups));
}

type Args = readonly [first: unknown, ...rest: readonly unknown[]];

/** The sum of a loss over a group of examples, and its gradient: a list of two. */
export function groupGradient(loss: Callable, inAxes: readonly Axes[], name: string): Callable {
  const each = vmap(loss as (...args: readonly unknown[]) => Tensor, {
    inAxes: inAxes.map(alongFirst),
  });
  const total = (...args: Args): Tensor => {
    const losses: unknown = (each as (...args: readonly unknown[]) => unknown)(...args);
    if (!isTensor(losses) || losses.shape.length !== 1)
      throw new TypeError(`${name}: the function has to return one number, the loss of an example`);
    return sum(losses);
  };
  return (...args: Args) => {
    const { value, grad } = valueAndGrad(total)(...args);
    return [value, grad];
  };
}

/** The examples of a group come along the first axis. */
function alongFirst(axes: Axes): Axes {
  if (axes === null) return null;
  if (typeof axes === "number") return 0;
  return Array.isArray(axes)
    ? (axes as readonly Axes[]).map(alongFirst)
    : Object.fromEntries(Object.entries(axes).map(([key, inner]) => [key, alongFirst(inner)]));
}

/** The sum of all rows of some tensors of floats, one after the other, divided by a number. */
export function sumOfRows(parts: readonly Tensor[], divisor: number): Tensor {
  const { dtype, shape } = parts[0]!;
  const element = shape.slice(1);
  const total = allocate(dtype, element) as Float64Array;
  for (const part of parts) {
    const data = valueOf(part).data as Float64Array;
    for (let i = 0; i < data.length; i += total.length)
      for (let k = 0; k < total.length; k++) total[k]! += data[i + k]!;
  }
  for (let k = 0; k < total.length; k++) total[k]! /= divisor;
  return tensorOf({ dtype, shape: element, data: total });
}
