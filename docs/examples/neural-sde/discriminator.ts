import {
  diffeqsolve,
  LinearInterpolation,
  np,
  ReversibleHeun,
  type Scalar,
  type Tensor,
  traced,
} from "@diffrax-ts/core";
import { Linear, MLP } from "@diffrax-ts/nn";
import { type Key, splitList } from "@diffrax-ts/random";
import type { Series } from "./data.ts";
import { fieldAt, hiddenSize, makeField, type VectorField } from "./fields.ts";

/** Tells paths apart: a neural controlled differential equation, `dy = drift dt + diffusion dx`, that reads a path `x` and gives it a score. */
export interface Discriminator {
  readonly initial: MLP;
  readonly drift: VectorField;
  readonly diffusion: VectorField;
  readonly readout: Linear;
}

/** A discriminator that has not learnt anything. */
export function makeDiscriminator(key: Key): Discriminator {
  const [initialKey, driftKey, diffusionKey, readoutKey] = splitList(key, 4);
  return {
    initial: MLP({ inSize: 2, outSize: hiddenSize, widthSize: 16, depth: 1, key: initialKey }),
    drift: makeField(hiddenSize, driftKey),
    diffusion: makeField(hiddenSize, diffusionKey),
    readout: Linear(hiddenSize, 1, { key: readoutKey }),
  };
}

function drift(t: Scalar, y: Tensor, discriminator: Discriminator): Tensor {
  return fieldAt(discriminator.drift, t, y);
}

function diffusion(t: Scalar, y: Tensor, discriminator: Discriminator): Tensor {
  return fieldAt(discriminator.diffusion, t, y);
}

/** The score of a path that is `x` at the times `ts`: the higher, the more it is like those of the data. */
export function score(discriminator: Discriminator, ts: Series, x: Series): Scalar {
  const control = LinearInterpolation(ts, x);
  const { ys } = diffeqsolve(
    { drift: traced(drift), diffusion: traced(diffusion), control },
    ReversibleHeun(),
    {
      t0: ts.at(0),
      t1: ts.at(-1),
      dt0: 1,
      y0: discriminator.initial.apply(np.stack([ts.at(0), x.at(0)])),
      args: discriminator,
      // At the start the score is that of the first value alone, at the end that of the whole path.
      saveat: { t0: true, t1: true },
    },
  );
  return np.mean(discriminator.readout.apply(ys));
}

/** The same with bounded weights, so that scores cannot grow without end: they tell a Wasserstein distance then. */
export function clipped({ initial, drift, diffusion, readout }: Discriminator): Discriminator {
  const field = ({ scale, network }: VectorField): VectorField => ({
    scale,
    network: clipMLP(network),
  });
  return {
    initial: clipMLP(initial),
    drift: field(drift),
    diffusion: field(diffusion),
    readout: clipLinear(readout),
  };
}

function clipMLP(mlp: MLP): MLP {
  return { ...mlp, layers: mlp.layers.map(clipLinear) };
}

function clipLinear(layer: Linear): Linear {
  const bound = 1 / layer.weight.shape[0]!;
  return { ...layer, weight: np.clip(layer.weight, -bound, bound) };
}
