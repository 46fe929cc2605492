import {
  ControlTerm,
  type CubicCoefficients,
  CubicInterpolation,
  diffeqsolve,
  np,
  PIDController,
  type Scalar,
  type Tensor,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { Linear, MLP, softplus, tanh } from "@diffrax-ts/nn";
import { type Key, split } from "@diffrax-ts/random";
import type { Spirals } from "./spirals.ts";

/** A classifier of paths: `y(0)` of their first point, `dy = field(y) dx` along the path `x`, and what `y` says of it at the end. */
export interface NeuralCDE {
  readonly initial: MLP;
  readonly field: MLP;
  readonly readout: Linear;
}

const dataSize = 3; // t, x and y
const hiddenSize = 8;

/** A model that has not learnt anything. */
export function makeModel(key: Key): NeuralCDE {
  const keys = split(key, 3);
  const hidden = { widthSize: 128, depth: 1 };
  return {
    initial: MLP({ inSize: dataSize, outSize: hiddenSize, ...hidden, key: keys.at(0) }),
    field: MLP({
      inSize: hiddenSize,
      outSize: hiddenSize * dataSize,
      ...hidden,
      activation: softplus,
      finalActivation: tanh, // bounds how fast the state changes, as the gates of recurrent networks do
      key: keys.at(1),
    }),
    readout: Linear(hiddenSize, 1, { key: keys.at(2) }),
  };
}

function vectorField(_t: Scalar, y: Tensor, model: NeuralCDE): Tensor {
  return np.reshape(model.field.apply(y), [hiddenSize, dataSize]);
}

/** The log-odds, after each of the times, that the path turns to the left: `[times]`, or `[1]` if only the last of them is wanted. */
export function logOdds(
  model: NeuralCDE,
  ts: Tensor,
  coeffs: CubicCoefficients<Tensor>,
  saveat: { readonly t1: true } | { readonly ts: Tensor } = { t1: true },
): Tensor {
  const path = CubicInterpolation(ts, coeffs);
  const { ys } = diffeqsolve(ControlTerm(traced(vectorField), path).toOde(), Tsit5(), {
    t0: path.t0,
    t1: path.t1,
    dt0: null,
    y0: model.initial.apply(path.evaluate(path.t0)),
    args: model,
    saveat,
    stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-6 }),
  });
  return np.squeeze(model.readout.apply(ys), { axis: 1 });
}

/** How well many spirals are told apart: their binary cross-entropy as the loss, and the share of those that are right. */
export function assess(
  model: NeuralCDE,
  ts: Tensor,
  { coeffs, labels }: Spirals,
): readonly [loss: Tensor, accuracy: Tensor] {
  const odds = vmap((one: typeof coeffs) => logOdds(model, ts, one).at(0))(coeffs);
  const right = odds.mul(labels.mul(2).sub(1)); // the log-odds of the class that is right
  const loss = np.mean(softplus(right.neg()));
  return [loss, np.mean(np.astype(np.greater(right, 0), "float64"))];
}
