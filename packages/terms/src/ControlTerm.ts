import { mul, sub } from "@diffrax-ts/array";
import {
  type Path,
  type Term,
  termRound,
  type TermRound,
  type TracedFunction,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import type { Callable, Scalar, Tensor } from "@diffrax-ts/pytree";
import { slopeOfControl } from "./controlPath.ts";
import { type ControlTermOptions, type StepTerm, stepTerm } from "./stepTerm.ts";

/** The term of a controlled equation: see the function of this name. */
export interface ControlTerm extends StepTerm {
  /** The same equation in time, `f(t, y, args) dx/dt`: for a control that can be differentiated. */
  toOde(): TermRound & { readonly kind: "ODETerm" };
}

/**
 * The term of a controlled differential equation, `f(t, y, args) dx(t)`: the vector field gives a matrix, which is multiplied by the
 * increments of the control `x`.
 *
 * What a plain function returns for a state and a control is listed in the README of this package: a number for each component of a
 * vector of `n`, with a control of `n`, is a diagonal. A `traced` one returns for each leaf of the state a tensor with its axes and
 * then those of the control, or a linear operator such as `DiagonalLinearOperator`.
 *
 * @param vectorField - `(t, y, args)` to matrices.
 * @param control - A path: data (`LinearInterpolation`, `CubicInterpolation`), or one of your own; or a function `(t0, t1)` that
 * gives the increment from `t0` to `t1`. One tensor, or a tree like the state.
 * @param options - `noiseType`, what is known of the noise.
 * @throws TypeError if one of them is neither. What is wrong with a matrix is said when it is traced, with its rows and columns.
 *
 * @example
 * ```ts
 * import { diffeqsolve, Heun } from "@diffrax-ts/core";
 * import { LinearInterpolation } from "@diffrax-ts/interpolation";
 * import { ControlTerm } from "@diffrax-ts/terms";
 *
 * // dy = y dx, with the solution exp(x(t) - x(0))
 * const path = LinearInterpolation([0, 1, 2], [0, 2, 1]);
 * const term = ControlTerm((t: number, y: number) => y, path);
 * const { ys } = diffeqsolve(term, Heun(), { t0: 0, t1: 2, dt0: 0.001, y0: 1 });
 * ys.at(0).item() - Math.E;
 * // → 0.00000…
 * ```
 */
export function ControlTerm<Y, Args = unknown>(
  vectorField: (t: number, y: Y, args: Args) => unknown,
  control: Path<unknown> | ((t0: number, t1: number) => unknown) | TracedFunction,
  options?: ControlTermOptions,
): ControlTerm;
export function ControlTerm(
  vectorField: TracedFunction,
  control: Path<unknown> | ((t0: number, t1: number) => unknown) | TracedFunction,
  options?: ControlTermOptions,
): ControlTerm;
export function ControlTerm(
  vectorField: Callable | TracedFunction,
  control: unknown,
  options: ControlTermOptions = {},
): ControlTerm {
  return { ...stepTerm(vectorField, control, options), toOde };
}

function toOde(this: ControlTerm): ReturnType<ControlTerm["toOde"]> {
  return termRound("ODETerm", this as Term, {
    vf: fieldOfOde,
    contr: (t0: Scalar, t1: Scalar): Scalar => sub(t1, t0),
    prod: timesTime,
  });
}

/** `f(t, y, args) dx/dt` */
function fieldOfOde(this: TermRound<ControlTerm>, t: Scalar, y: Tree, args: unknown): Tree {
  const { term } = this;
  return term.vfProd(t, y, args, slopeOfControl(term.control, t));
}

function timesTime(vf: Tree, dt: Tree): Tree {
  return treeMap((f) => mul(f, dt as Tensor), vf);
}
