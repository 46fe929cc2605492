import { broadcastShapes, broadcastTo } from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";
import { contract, factors } from "./contract.ts";
import type { Dotted } from "./dot.ts";
import { moveaxis } from "./transpose.ts";

/**
 * The product of matrices, with the rules of NumPy: a vector is a row on the left and a column on the right, whose
 * axis is then left out; axes before the last two are a batch, and broadcast.
 *
 * @throws TypeError if the shapes do not fit, or if an operand is a scalar; `mul` is for these.
 *
 * @example
 * ```ts
 * import { matmul, tensor } from "@diffrax-ts/array";
 *
 * const a = tensor([[1, 2], [3, 4]]);
 * matmul(a, a).toArray();
 * // → [[7, 10], [15, 22]]
 * matmul(a, tensor([1, 1])).toArray();
 * // → [3, 7]
 * ```
 */
export function matmul<A extends Leaf, B extends Leaf>(a: A, b: B): Dotted<A, B> {
  const [x, y] = factors("matmul", a, b);
  const [rankX, rankY] = [x.shape.length, y.shape.length];
  if (rankX === 0 || rankY === 0) {
    throw new TypeError(
      `matmul: shapes [${x.shape.join()}] and [${y.shape.join()}] are not both of vectors or matrices; use mul for scalars`,
    );
  }
  const axes = [[rankX - 1], [Math.max(rankY - 2, 0)]] as const;
  if (rankX > 2 && rankY > 2) {
    const batch = broadcastShapes("matmul", x.shape.slice(0, -2), y.shape.slice(0, -2));
    const n = batch.length;
    const repeated = [x, y].map((one) => broadcastTo(one, [...batch, ...one.shape.slice(-2)]));
    return contract("matmul", repeated as [Tensor, Tensor], [[n + 1], [n]], n);
  }
  const product = contract("matmul", [x, y], axes);
  // The rows of a matrix came out before the batch of the second.
  return rankX === 2 && rankY > 2 ? moveaxis(product, 0, -2) : product;
}
