import { mul, sub, zeros } from "@diffrax-ts/array";
import { callTraced, evalShape, type ShapeAndType } from "@diffrax-ts/autodiff";
import {
  type ControlWanted,
  type NoiseType,
  noiseTypes,
  type Path,
  type ReadField,
  type StatePart,
  type Term,
  termRound,
  type TermRound,
  type TermStep,
  type TracedFunction,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import {
  type Callable,
  checkOptions,
  describeValue,
  part,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/pytree";
import {
  type Control,
  incrementOf,
  initControl,
  overControl,
  requireControl,
  slopeOfControl,
} from "./controlPath.ts";
import { contract, couplingOf, type Coupling, increment, matricesOfCoupling } from "./coupling.ts";

/** Options of `ControlTerm`. */
export interface ControlTermOptions {
  /**
   * What is known of the noise, where the control is a Brownian motion. A solver that is made for such noise asks for it, and a claim
   * that does not hold at the start of a solve is warned of. @defaultValue nothing is claimed
   */
  readonly noiseType?: NoiseType;
}

/** The term of a controlled equation: see the function of this name. */
export interface ControlTerm extends Term {
  readonly kind: "ControlTerm";
  /** The vector field as it was given, or read. */
  readonly vectorField: Callable;
  /** Whether it was ordinary arithmetic before it was read. */
  readonly isPlain: boolean;
  readonly control: Control;
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
  if (typeof vectorField !== "function") {
    throw new TypeError(
      `ControlTerm: the vector field must be a function (t, y, args) => matrix, got ${describeValue(vectorField)}`,
    );
  }
  const { noiseType } = checkOptions("ControlTerm", options, ["noiseType"]);
  requireNoiseType(noiseType);
  return makeTerm({ vectorField, isPlain: false, control: requireControl(control), noiseType });
}

function requireNoiseType(noiseType: unknown): void {
  if (noiseType === undefined || noiseTypes.includes(noiseType as NoiseType)) return;
  throw new RangeError(
    `ControlTerm: noiseType must be ${noiseTypes.map((one) => `"${one}"`).join(", ")} or left out, got ${describeValue(noiseType)}`,
  );
}

/** What is given, and whether it has been read. */
type Given = Pick<ControlTerm, "vectorField" | "isPlain" | "control" | "noiseType">;

function makeTerm(given: Given): ControlTerm {
  return part("ControlTerm", {
    ...given,
    readFields,
    vf,
    contr,
    prod: contract,
    vfProd,
    isVfExpensive,
    init,
    over,
    toOde,
  });
}

function readFields(this: ControlTerm, read: ReadField): ControlTerm {
  const field = read(this.vectorField, "any");
  const control = typeof this.control === "function" ? read(this.control, "any") : this.control;
  const isRead = field !== this.vectorField;
  if (!isRead && control === this.control) return this;
  const isPlain = this.isPlain || isRead;
  return makeTerm({ vectorField: field, isPlain, control, noiseType: this.noiseType });
}

function contr(this: ControlTerm, t0: Scalar, t1: Scalar, wanted?: ControlWanted): Tree {
  return incrementOf(this.control, t0, t1, wanted);
}

function vf(this: ControlTerm, t: Scalar, y: Tree, args: unknown, changes?: StatePart): Tree {
  const state = changes ?? { name: "y0", y };
  // TypeScript does not find an end of what a tree may hold.
  const ofControl: (at: Scalar) => unknown = (at) => this.contr(at, at);
  const types = evalShape(ofControl, t);
  const like = zerosOf(types);
  return matricesOfCoupling(coupled(this, [t, y, args], state, like), state.y, like);
}

function vfProd(
  this: ControlTerm,
  t: Scalar,
  y: Tree,
  args: unknown,
  control: Tree,
  changes?: StatePart,
): Tree {
  const state = changes ?? { name: "y0", y };
  return increment(coupled(this, [t, y, args], state, control), state, control);
}

/** The shapes of a control. */
type ShapesOfTree =
  | ShapeAndType
  | readonly ShapesOfTree[]
  | { readonly [key: string]: ShapesOfTree };

/** A control of zeros: only its structure, shapes and dtypes are looked at. */
function zerosOf(shapes: ShapesOfTree): Tree {
  if (Array.isArray(shapes)) return shapes.map(zerosOf);
  const { dtype, shape } = shapes as ShapeAndType;
  if (typeof dtype === "string" && Array.isArray(shape)) return zeros(shape, { dtype });
  return Object.fromEntries(Object.entries(shapes).map(([key, child]) => [key, zerosOf(child)]));
}

/** What the vector field gives here, for a control like this one. */
function coupled(
  { vectorField, isPlain }: ControlTerm,
  at: readonly [t: Scalar, y: Tree, args: unknown],
  state: StatePart,
  control: Tree,
): Coupling {
  return couplingOf(callTraced(vectorField, at, "vector field"), state, control, isPlain);
}

function isVfExpensive(): boolean {
  return false;
}

/** That of its path. */
function init(this: ControlTerm, t0: Scalar): Tree {
  return initControl(this, t0);
}

function over(this: ControlTerm, before: Tree, t0: Scalar, t1: Scalar): TermStep {
  return overControl(this, before, t0, t1);
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
