import {
  diffeqsolve,
  np,
  ODETerm,
  PIDController,
  type Scalar,
  type Tensor,
  traced,
  Tsit5,
} from "@diffrax-ts/core";
import { MLP, softplus, tanh } from "@diffrax-ts/nn";
import type { Key } from "@diffrax-ts/random";

/** A vector field in the plane that can be learnt: a network whose results are bounded, times a number. */
export interface Model {
  readonly scale: Scalar;
  readonly network: MLP;
}

/** A model that has not learnt anything. */
export function makeModel(key: Key): Model {
  const sizes = { inSize: 2, outSize: 2, widthSize: 64, depth: 2 };
  const network = MLP({ ...sizes, activation: softplus, finalActivation: tanh, key });
  return { scale: np.tensor(1), network };
}

/** The slopes at places `y`, `[..., 2]`. */
export function slopes({ scale, network }: Model, y: Tensor): Tensor {
  return np.mul(scale, network.apply(y));
}

function vectorField(_t: Scalar, y: Tensor, _args: unknown, model: Model): Tensor {
  return slopes(model, y);
}

/**
 * The paths of the model, `[times, paths, 2]`, from the places `y0`, `[paths, 2]`.
 *
 * All paths are one state and take the same steps: the layers are products of matrices then, which is faster than the product of a matrix and a
 * vector for each path, which `vmap` of a solve would take.
 */
export function solve(model: Model, ts: Tensor, y0: Tensor): Tensor {
  const [t0, t1] = [ts.at(0), ts.at(-1)] as [Scalar, Scalar];
  return diffeqsolve(ODETerm(traced(vectorField), model), Tsit5(), {
    t0,
    t1,
    dt0: ts.at(1).sub(t0) as Scalar,
    y0,
    saveat: { ts },
    stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-6 }),
  }).ys;
}

/** How far the paths of the model are from those seen, `[times, paths, 2]`, as a mean square. */
export function loss(model: Model, ts: Tensor, ys: Tensor): Tensor {
  return np.mean(np.square(solve(model, ts, ys.at(0)).sub(ys)));
}
