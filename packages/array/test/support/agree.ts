import { jit } from "@diffrax-ts/autodiff";
import { isTensor, type Tensor } from "@diffrax-ts/pytree";
import { expect } from "vitest";

/** What can be compared to the last bit: `toEqual` tells -0 from 0, and takes NaN for NaN. */
function bitsOf({ dtype, shape, data, stride, offset }: Tensor): object {
  const places = (axis: number, place: number): number[] =>
    axis === shape.length
      ? [place]
      : Array.from({ length: shape[axis]! }, (_, i) =>
          places(axis + 1, place + i * stride[axis]!),
        ).flat();
  return { dtype, shape: [...shape], elements: places(0, offset).map((place) => data[place]) };
}

/** Evaluates a function at once and compiled, checks that both give the same bits, and returns what they give. */
export function agree<Result extends Tensor | readonly Tensor[]>(
  f: (...args: Tensor[]) => Result,
  ...args: readonly Tensor[]
): Result {
  const evaluated = f(...args);
  const compiled = jit(f)(...(args as Tensor[]));
  const list = (result: Tensor | readonly Tensor[]): readonly Tensor[] =>
    isTensor(result) ? [result] : result;
  expect(list(compiled).map(bitsOf)).toEqual(list(evaluated).map(bitsOf));
  return evaluated;
}
