import { np, type Scalar, type Tensor } from "@diffrax-ts/core";
import { MLP, silu, tanh } from "@diffrax-ts/nn";
import { type Key, splitList, uniform } from "@diffrax-ts/random";

export const hiddenSize = 16;

/** `scale · network(t, y)`: bounded, and as steep as its weights. */
export interface VectorField {
  /** A number for each result. */
  readonly scale: Tensor;
  readonly network: MLP;
}

/** `silu` with slopes of 1 at most: Lipschitz constants of layers are those of their weights. */
function lipswish(x: Tensor): Tensor {
  return np.mul(silu(x), 0.909);
}

/** A vector field that has not learnt anything. */
export function makeField(outSize: number, key: Key): VectorField {
  const [scaleKey, networkKey] = splitList(key);
  const sizes = { inSize: 1 + hiddenSize, outSize, widthSize: 16, depth: 1 };
  const activations = { activation: lipswish, finalActivation: tanh };
  return {
    scale: uniform(scaleKey, [outSize], { minval: 0.9, maxval: 1.1 }),
    network: MLP({ ...sizes, ...activations, key: networkKey }),
  };
}

export function fieldAt({ scale, network }: VectorField, t: Scalar, y: Tensor): Tensor {
  return np.mul(scale, network.apply(np.concatenate([np.expandDims(t, 0), y])));
}
