import { zeros } from "@diffrax-ts/array";
import { callTraced, evalShape, type ShapeAndType } from "@diffrax-ts/autodiff";
import {
  type ControlWanted,
  type NoiseType,
  noiseTypes,
  type ReadField,
  type StatePart,
  type Term,
  type TermStep,
  type Tree,
} from "@diffrax-ts/protocol";
import { type Callable, checkOptions, describeValue, part, type Scalar } from "@diffrax-ts/pytree";
import {
  type Control,
  incrementOf,
  initControl,
  overControl,
  requireControl,
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

/** A `ControlTerm`, but for what has to do with derivatives of its control. */
export interface StepTerm extends Term {
  readonly kind: "ControlTerm";
  /** The vector field as it was given, or read. */
  readonly vectorField: Callable;
  /** Whether it was ordinary arithmetic before it was read. */
  readonly isPlain: boolean;
  readonly control: Control;
}

/**
 * What a solve needs of `ControlTerm(vectorField, control, options)`: it has no `toOde`, and so an application that only solves holds no
 * rules of derivatives. For packages that make terms of what they are given, as `integrate` does.
 *
 * @throws TypeError or RangeError as `ControlTerm` does.
 *
 * @example
 * ```ts
 * import { stepTerm } from "@diffrax-ts/terms";
 *
 * stepTerm((t: number, y: number) => y, (t0: number, t1: number) => t1 - t0).kind;
 * // → "ControlTerm"
 * ```
 */
export function stepTerm(
  vectorField: unknown,
  control: unknown,
  options: ControlTermOptions = {},
): StepTerm {
  if (typeof vectorField !== "function") {
    throw new TypeError(
      `ControlTerm: the vector field must be a function (t, y, args) => matrix, got ${describeValue(vectorField)}`,
    );
  }
  const { noiseType } = checkOptions("ControlTerm", options, ["noiseType"]);
  requireNoiseType(noiseType);
  return part("ControlTerm", {
    vectorField: vectorField as Callable,
    isPlain: false,
    control: requireControl(control),
    noiseType,
    readFields,
    vf,
    contr,
    prod: contract,
    vfProd,
    isVfExpensive,
    init,
    over,
  });
}

function requireNoiseType(noiseType: unknown): void {
  if (noiseType === undefined || noiseTypes.includes(noiseType as NoiseType)) return;
  throw new RangeError(
    `ControlTerm: noiseType must be ${noiseTypes.map((one) => `"${one}"`).join(", ")} or left out, got ${describeValue(noiseType)}`,
  );
}

function readFields(this: StepTerm, read: ReadField): StepTerm {
  const field = read(this.vectorField, "any");
  const control = typeof this.control === "function" ? read(this.control, "any") : this.control;
  const isRead = field !== this.vectorField;
  if (!isRead && control === this.control) return this;
  const isPlain = this.isPlain || isRead;
  return { ...this, vectorField: field, isPlain, control };
}

function contr(this: StepTerm, t0: Scalar, t1: Scalar, wanted?: ControlWanted): Tree {
  return incrementOf(this.control, t0, t1, wanted);
}

function vf(this: StepTerm, t: Scalar, y: Tree, args: unknown, changes?: StatePart): Tree {
  const state = changes ?? { name: "y0", y };
  // TypeScript does not find an end of what a tree may hold.
  const ofControl: (at: Scalar) => unknown = (at) => this.contr(at, at);
  const types = evalShape(ofControl, t);
  const like = zerosOf(types);
  return matricesOfCoupling(coupled(this, [t, y, args], state, like), state.y, like);
}

function vfProd(
  this: StepTerm,
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
  { vectorField, isPlain }: StepTerm,
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
function init(this: StepTerm, t0: Scalar): Tree {
  return initControl(this, t0);
}

function over(this: StepTerm, before: Tree, t0: Scalar, t1: Scalar): TermStep {
  return overControl(this, before, t0, t1);
}
