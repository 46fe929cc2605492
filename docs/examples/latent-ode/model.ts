import {
  diffeqsolve,
  np,
  ODETerm,
  type Scalar,
  scan,
  type Tensor,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { GRUCell, Linear, MLP, softplus, tanh } from "@diffrax-ts/nn";
import { type Key, normal, split, splitList } from "@diffrax-ts/random";
import type { Paths, Times } from "./oscillators.ts";

/** A variational autoencoder of paths: some numbers stand for a path, and an equation makes the path of them. */
export interface LatentODE {
  /** Reads a path from its end to its start. */
  readonly cell: GRUCell;
  readonly hiddenToLatent: Linear;
  readonly latentToHidden: MLP;
  /** The equation is `y' = scale · field(y)`. */
  readonly field: MLP;
  readonly scale: Scalar;
  readonly hiddenToData: Linear;
}

const dataSize = 2;
const hiddenSize = 16;
const latentSize = 16;

/** A model that has not learnt anything. */
export function makeModel(key: Key): LatentODE {
  const [cellKey, encoderKey, decoderKey, fieldKey, readoutKey] = splitList(key, 5);
  const sizes = { outSize: hiddenSize, widthSize: 16, depth: 2 };
  const bounded = { activation: softplus, finalActivation: tanh };
  return {
    cell: GRUCell(1 + dataSize, hiddenSize, { key: cellKey }),
    hiddenToLatent: Linear(hiddenSize, 2 * latentSize, { key: encoderKey }),
    latentToHidden: MLP({ inSize: latentSize, ...sizes, key: decoderKey }),
    field: MLP({ inSize: hiddenSize, ...sizes, ...bounded, key: fieldKey }),
    scale: np.tensor(1),
    hiddenToData: Linear(hiddenSize, dataSize, { key: readoutKey }),
  };
}

/** A normal variable for each number, `[16]` each. */
interface Encoding {
  readonly mean: Tensor;
  readonly logStd: Tensor;
}

/** What the path stands for that is `ys`, `[times, 2]`, at the times `ts`. */
export function encode({ cell, hiddenToLatent }: LatentODE, ts: Times, ys: Tensor): Encoding {
  const rows = np.concatenate([np.expandDims(ts, 1), ys], { axis: 1 });
  const { carry } = scan(
    (hidden, row) => ({ carry: cell.apply(row, hidden), row: null }),
    np.zeros(hiddenSize),
    rows,
    { reverse: true },
  );
  const [mean, logStd] = np.split(hiddenToLatent.apply(carry), 2);
  return { mean, logStd };
}

/** The path that numbers `[16]` stand for, at the times `ts`: `[times, 2]`. */
export function decode(model: LatentODE, ts: Times, latent: Tensor): Tensor {
  const { ys } = diffeqsolve(ODETerm(traced(vectorField), model), Tsit5(), {
    t0: ts.at(0),
    t1: ts.at(-1),
    dt0: 0.4,
    y0: model.latentToHidden.apply(latent),
    saveat: { ts },
  });
  return model.hiddenToData.apply(ys);
}

function vectorField(_t: Scalar, y: Tensor, _args: unknown, { scale, field }: LatentODE): Tensor {
  return np.mul(scale, field.apply(y));
}

/**
 * How far paths are from what is decoded of their encodings, and the encodings from standard normal variables, on average: the
 * negative evidence lower bound, but for a constant.
 */
export function loss(model: LatentODE, { ts, ys }: Paths, key: Key): Tensor {
  const one = (ti: Times, yi: Tensor, ki: Key): Tensor => {
    const { mean, logStd } = encode(model, ti, yi);
    const variance = np.exp(logStd.mul(2));
    const latent = mean.add(np.sqrt(variance).mul(normal(ki, [latentSize])));
    const distance = np.sum(np.square(decode(model, ti, latent).sub(yi)));
    const divergence = np.sum(np.square(mean).add(variance).sub(logStd.mul(2)).sub(1));
    return distance.add(divergence).mul(0.5);
  };
  return np.mean(vmap(one)(ts, ys, split(key, ts.length)));
}
