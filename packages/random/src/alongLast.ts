import { reshape, take } from "@diffrax-ts/array";
import { vmap } from "@diffrax-ts/autodiff";
import type { Tensor } from "@diffrax-ts/pytree";

/** Elements along the last axis, by their places. */
export function alongLast(x: Tensor, order: Tensor): Tensor {
  if (x.shape.length === 1) return take(x, order);
  const n = x.shape.at(-1)!;
  const [rows, orders] = [reshape(x, [-1, n]), reshape(order, [-1, n])];
  return reshape(vmap((row: Tensor, by: Tensor) => take(row, by))(rows, orders), x.shape);
}
