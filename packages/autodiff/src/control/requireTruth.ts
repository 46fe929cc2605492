import { describeValue, isTensor, type Tensor } from "@diffrax-ts/pytree";

/** @throws TypeError for anything but a scalar truth value. */
export function requireTruth(name: string, x: Tensor): Tensor {
  if (isTensor(x) && x.dtype === "bool" && x.shape.length === 0) return x;
  throw new TypeError(
    `${name}: expected a scalar truth value, such as np.less(x, 1) of scalars, got ${describeValue(x)}`,
  );
}
