import { linearTranspose } from "@diffrax-ts/autodiff";
import { type Space, zeroVector } from "./vectors.ts";

/** The product of a vector with the transpose of a linear function of trees of one space. */
export function transposedProduct(
  linear: (x: unknown) => unknown,
  from: Space,
  vector: unknown,
): unknown {
  // Of trees of some space the checker does not know that they hold tensors, and so are objects.
  return linearTranspose(linear, zeroVector(from) as object)(vector)[0];
}
