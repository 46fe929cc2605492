import { apply, isTraced } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";

/** `x` repeated along a new first axis. */
export function repeat(x: Tensor, size: number): Tensor {
  return apply("broadcast", [x], {
    shape: [size, ...x.shape],
    axes: x.shape.map((_, i) => i + 1),
  })[0]!;
}

/** All operands batched; constants of rank 0 fit as they are. */
export function allBatched(
  inputs: readonly Tensor[],
  batched: readonly boolean[],
  size: number,
): Tensor[] {
  return inputs.map((x, i) =>
    batched[i] || (x.shape.length === 0 && !isTraced(x)) ? x : repeat(x, size),
  );
}
