import { mul, neg, sub } from "@diffrax-ts/array";
import { callTraced, isNoinline, noinline } from "@diffrax-ts/autodiff";
import {
  type ReadField,
  type Term,
  type TracedFunction,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import {
  type Callable,
  checkOptions,
  derived,
  describeValue,
  type Field,
  part,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/pytree";
import { returnedLike } from "./returnedLike.ts";
import {
  checkLangevinParams,
  diagonals,
  type LangevinDiagonals,
  positionAndVelocity,
  positionOf,
  type UnderdampedLangevinParams,
} from "./underdampedLangevin.ts";

/** Options of `UnderdampedLangevinDriftTerm`. */
export interface UnderdampedLangevinDriftOptions<Gradient> extends UnderdampedLangevinParams {
  /** The gradient of the potential, `(x, args)` to something like `x`. */
  readonly gradF: Gradient;
}

/** The drift of underdamped Langevin dynamics: see the function of this name. */
export interface UnderdampedLangevinDriftTerm extends Term {
  readonly kind: "UnderdampedLangevinDriftTerm";
  /** The gradient of the potential as it was given, or read. */
  readonly gradF: Callable;
  /** The friction and the damping. Numbers in them are dynamic, as in `args`. */
  readonly params: UnderdampedLangevinParams;
  /** The friction and the damping over a position. */
  diagonals(x: Tree): LangevinDiagonals;
  /** `∇f(x)`: the gradient of the potential, with the structure of `x`. */
  gradient(x: Tree, args: unknown): Tree;
}

/**
 * The drift of underdamped Langevin dynamics, for a state `[x, v]` of position and velocity:
 *
 * ```text
 * dx = v dt
 * dv = -γ v dt - u ∇f(x) dt + √(2 γ u) dW
 * ```
 *
 * `UnderdampedLangevinDiffusionTerm` is the noise. Their sum is what `ALIGN`, `ShOULD` and `QUICSORT` take, which read `γ`, `u` and `∇f`
 * of it; solvers for stochastic equations of any kind take it as well, and the drift alone is an ordinary equation.
 *
 * @param options - `gamma` and `u` are at least 0: each a number, a vector for a vector of positions, or a tree like the position. Numbers in
 * them are dynamic: other values never trace again. A bare `gradF` is ordinary arithmetic; `traced(f)` is one that works on tensors.
 * @throws TypeError for an option that is none, or of which the type is wrong; RangeError for a friction or a damping below 0. Where they, or what
 * `gradF` returns, do not fit the position is said when the solve is traced.
 *
 * @example
 * ```ts
 * import { diffeqsolve, Tsit5 } from "@diffrax-ts/core";
 * import { UnderdampedLangevinDriftTerm } from "@diffrax-ts/terms";
 *
 * // Without noise: a damped oscillator, x″ = -0.2 x′ - x
 * const drift = UnderdampedLangevinDriftTerm({ gamma: 0.2, u: 1, gradF: (x: number) => x });
 * const { ys } = diffeqsolve(drift, Tsit5(), { t0: 0, t1: 10, dt0: 0.01, y0: [1, 0] });
 * ys[0].at(0).item();
 * // → -0.33685…
 * ```
 */
export function UnderdampedLangevinDriftTerm<
  X,
  Args = unknown,
  const Result extends Field<X> = Field<X>,
>(
  options: UnderdampedLangevinDriftOptions<(x: X, args: Args) => Result>,
): UnderdampedLangevinDriftTerm;
export function UnderdampedLangevinDriftTerm(
  options: UnderdampedLangevinDriftOptions<TracedFunction>,
): UnderdampedLangevinDriftTerm;
export function UnderdampedLangevinDriftTerm(
  options: UnderdampedLangevinDriftOptions<Callable | TracedFunction>,
): UnderdampedLangevinDriftTerm {
  const { gamma, u, gradF } = checkOptions(kind, options, ["gamma", "u", "gradF"]);
  checkLangevinParams(kind, { gamma, u });
  if (typeof gradF !== "function") {
    throw new TypeError(
      `${kind}: gradF must be a function (x, args) => gradient, got ${describeValue(gradF)}`,
    );
  }
  return makeTerm(gradF, { gamma, u });
}

const kind = "UnderdampedLangevinDriftTerm";

function makeTerm(
  gradF: Callable,
  params: UnderdampedLangevinParams,
): UnderdampedLangevinDriftTerm {
  return part(kind, {
    gradF,
    params,
    diagonals,
    gradient,
    readFields,
    vf,
    contr,
    prod,
    vfProd,
    isVfExpensive,
  });
}

function readFields(
  this: UnderdampedLangevinDriftTerm,
  read: ReadField,
): UnderdampedLangevinDriftTerm {
  const gradF = read(this.gradF, "gradient");
  return gradF === this.gradF ? this : makeTerm(gradF, this.params);
}

function gradient(this: UnderdampedLangevinDriftTerm, x: Tree, args: unknown): Tree {
  return callTraced(fittedGradient(this.gradF), [x, args], "gradF") as Tree;
}

let fittedGradients: WeakMap<Callable, Callable> | undefined;

/** The gradient with its result in the form of the position: always the same function for the same gradient. */
function fittedGradient(gradF: Callable): Callable {
  return derived((fittedGradients ??= new WeakMap()), gradF, fitted);
}

function fitted(gradF: Callable): Callable {
  const call = gradF as (x: Tree, args: unknown) => unknown;
  const fit = (x: Tree, args: unknown): unknown =>
    returnedLike(call(x, args), positionOf(x), `${kind}: gradF: result`);
  return isNoinline(gradF) ? noinline(fit) : fit;
}

function vf(this: UnderdampedLangevinDriftTerm, _t: Scalar, y: Tree, args: unknown): Tree {
  const [x, v] = positionAndVelocity(kind, y);
  const { gamma, u } = this.diagonals(x);
  const f = this.gradient(x, args);
  const dv = treeMap((v, c, d, f) => sub(neg(mul(c, v)), mul(d, f)), v, gamma, u, f); //  -γ v - u ∇f(x)
  return [v, dv];
}

function contr(t0: Scalar, t1: Scalar): Scalar {
  return sub(t1, t0);
}

function prod(field: Tree, control: Tree): Tree {
  return treeMap((f) => mul(f, control as Tensor), field);
}

function vfProd(
  this: UnderdampedLangevinDriftTerm,
  t: Scalar,
  y: Tree,
  args: unknown,
  control: Tree,
): Tree {
  return this.prod(this.vf(t, y, args), control);
}

function isVfExpensive(): boolean {
  return false;
}
