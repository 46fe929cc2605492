import { broadcastTo, mul, sqrt, zerosLike } from "@diffrax-ts/array";
import {
  type ControlWanted,
  type Path,
  type Term,
  type TermStep,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import { checkOptions, describeValue, isPart, part, type Scalar } from "@diffrax-ts/pytree";
import { incrementOf, initControl, overControl } from "./controlPath.ts";
import { diagonalLike } from "./diagonalLike.ts";
import {
  checkLangevinParams,
  diagonals,
  type LangevinDiagonals,
  positionAndVelocity,
  positionOf,
  type UnderdampedLangevinParams,
} from "./underdampedLangevin.ts";

/** Options of `UnderdampedLangevinDiffusionTerm`. */
export interface UnderdampedLangevinDiffusionOptions extends UnderdampedLangevinParams {
  /** The Brownian motion W, of the shape of the position: `VirtualBrownianTree({ …, levyArea })`, with the Lévy area that the solver needs. */
  readonly bm: Path<unknown>;
}

/** The noise of underdamped Langevin dynamics: see the function of this name. */
export interface UnderdampedLangevinDiffusionTerm extends Term {
  readonly kind: "UnderdampedLangevinDiffusionTerm";
  readonly noiseType: "additive";
  /** The Brownian motion. */
  readonly control: Path<unknown>;
  /** The friction and the damping. Numbers in them are dynamic, as in `args`. */
  readonly params: UnderdampedLangevinParams;
  /** The friction and the damping over a position. */
  diagonals(x: Tree): LangevinDiagonals;
}

/**
 * The noise of underdamped Langevin dynamics, `√(2 γ u) dW` on the velocity of a state `[x, v]`: see `UnderdampedLangevinDriftTerm`.
 *
 * @param options - `gamma` and `u` are those of the drift. `bm` is a Brownian motion of the shape of the position.
 * @throws TypeError for an option that is none, or of which the type is wrong; RangeError for a friction or a damping below 0. Where they, or the
 * motion, do not fit the position is said when the solve is traced.
 *
 * @example
 * ```ts
 * import { VirtualBrownianTree } from "@diffrax-ts/brownian";
 * import { diffeqsolve, Heun, MultiTerm } from "@diffrax-ts/core";
 * import { key } from "@diffrax-ts/random";
 * import { UnderdampedLangevinDiffusionTerm, UnderdampedLangevinDriftTerm } from "@diffrax-ts/terms";
 *
 * const bm = VirtualBrownianTree({ t0: 0, t1: 10, tol: 0.005, shape: [], key: key(0) });
 * const drift = UnderdampedLangevinDriftTerm({ gamma: 1, u: 1, gradF: (x: number) => x });
 * const diffusion = UnderdampedLangevinDiffusionTerm({ gamma: 1, u: 1, bm });
 * const options = { t0: 0, t1: 10, dt0: 0.01, y0: [1, 0] } as const;
 * const { ys } = diffeqsolve(MultiTerm(drift, diffusion), Heun(), options);
 * ys[0].at(0).item();
 * // → 0.54357…
 * ```
 */
export function UnderdampedLangevinDiffusionTerm(
  options: UnderdampedLangevinDiffusionOptions,
): UnderdampedLangevinDiffusionTerm {
  const { gamma, u, bm } = checkOptions(kind, options, ["gamma", "u", "bm"]);
  checkLangevinParams(kind, { gamma, u });
  if (!isPart(bm) || typeof (bm as Partial<Path>).evaluate !== "function") {
    throw new TypeError(
      `${kind}: bm must be a Brownian motion such as VirtualBrownianTree({ t0, t1, tol, shape, key }), got ${describeValue(bm)}`,
    );
  }
  return part(kind, {
    noiseType: "additive",
    control: bm,
    params: { gamma, u },
    diagonals,
    readFields,
    vf,
    contr,
    prod,
    vfProd,
    isVfExpensive,
    init,
    over,
  });
}

const kind = "UnderdampedLangevinDiffusionTerm";

function readFields(this: UnderdampedLangevinDiffusionTerm): UnderdampedLangevinDiffusionTerm {
  return this;
}

/** `√(2 γ u)`, which acts on the velocity. */
function vf(this: UnderdampedLangevinDiffusionTerm, _t: Scalar, y: Tree): Tree {
  const [x] = positionAndVelocity(kind, y);
  const { gamma, u } = this.diagonals(x);
  return treeMap(({ shape }, c, d) => broadcastTo(sqrt(mul(mul(c, 2), d)), shape), x, gamma, u);
}

function contr(
  this: UnderdampedLangevinDiffusionTerm,
  t0: Scalar,
  t1: Scalar,
  wanted?: ControlWanted,
): Tree {
  return incrementOf(this.control, t0, t1, wanted);
}

/** The position does not change by the noise. */
function prod(rho: Tree, dw: Tree): Tree {
  const noise = diagonalLike(dw, positionOf(rho), `${kind}: bm`);
  const dv = treeMap((r, w) => mul(r, w), rho, noise);
  return [treeMap((one) => zerosLike(one), dv), dv];
}

function vfProd(
  this: UnderdampedLangevinDiffusionTerm,
  t: Scalar,
  y: Tree,
  _args: unknown,
  control: Tree,
): Tree {
  return this.prod(this.vf(t, y, null), control);
}

function init(this: UnderdampedLangevinDiffusionTerm, t0: Scalar): Tree {
  return initControl(this, t0);
}

function over(
  this: UnderdampedLangevinDiffusionTerm,
  before: Tree,
  t0: Scalar,
  t1: Scalar,
): TermStep {
  return overControl(this, before, t0, t1);
}

function isVfExpensive(): boolean {
  return false;
}
