import {
  DirectBrownianPath,
  diffeqsolve,
  np,
  ReversibleHeun,
  type Scalar,
  type Tensor,
  traced,
} from "@diffrax-ts/core";
import { Linear, MLP } from "@diffrax-ts/nn";
import { type Key, normal, splitList } from "@diffrax-ts/random";
import type { Series } from "./data.ts";
import { fieldAt, hiddenSize, makeField, type VectorField } from "./fields.ts";

/** Makes paths: a neural stochastic differential equation, whose state is seen through a linear layer. */
export interface NeuralSDE {
  readonly initial: MLP;
  readonly drift: VectorField;
  readonly diffusion: VectorField;
  readonly readout: Linear;
}

const initialNoise = 5;
const noiseSize = 3;

/** A generator that has not learnt anything. */
export function makeGenerator(key: Key): NeuralSDE {
  const [initialKey, driftKey, diffusionKey, readoutKey] = splitList(key, 4);
  const sizes = { inSize: initialNoise, outSize: hiddenSize, widthSize: 16, depth: 1 };
  return {
    initial: MLP({ ...sizes, key: initialKey }),
    drift: makeField(hiddenSize, driftKey),
    diffusion: makeField(hiddenSize * noiseSize, diffusionKey),
    readout: Linear(hiddenSize, 1, { key: readoutKey }),
  };
}

function drift(t: Scalar, y: Tensor, generator: NeuralSDE): Tensor {
  return fieldAt(generator.drift, t, y);
}

function diffusion(t: Scalar, y: Tensor, generator: NeuralSDE): Tensor {
  return np.reshape(fieldAt(generator.diffusion, t, y), [hiddenSize, noiseSize]);
}

/** A path at times `ts`. */
export function generate(generator: NeuralSDE, ts: Series, key: Key): Series {
  const [initialKey, noiseKey] = splitList(key);
  const control = DirectBrownianPath({ shape: [noiseSize], key: noiseKey });
  const { ys } = diffeqsolve(
    { drift: traced(drift), diffusion: traced(diffusion), control },
    ReversibleHeun(),
    {
      t0: ts.at(0),
      t1: ts.at(-1),
      dt0: 1, // as long as the times are apart: what is learnt is this discretisation
      y0: generator.initial.apply(normal(initialKey, [initialNoise])),
      args: generator,
      saveat: { ts },
    },
  );
  return np.squeeze(generator.readout.apply(ys), { axis: 1 }) as Series;
}
