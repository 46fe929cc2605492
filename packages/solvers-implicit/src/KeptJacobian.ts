import {
  astype,
  div,
  greaterEqual,
  lessEqual,
  logicalAnd,
  logicalNot,
  zeros,
} from "@diffrax-ts/array";
import { cond, evalShape, stopGradient } from "@diffrax-ts/autodiff";
import type { StepCounts, Tree } from "@diffrax-ts/protocol";
import {
  isTensor,
  leaves,
  type Scalar,
  type Structure,
  structure,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";
import type { Linearisation } from "@diffrax-ts/root-finders";
import type { KeptJacobian, StageStart } from "./Stages.ts";

/** The Jacobian that the stages of a step share. */
export interface SharedJacobian {
  readonly known: Linearisation;
  /** The increment of the control over the step that it was made for. */
  readonly control: Tree;
  /** How often one was made for this step: 0 or 1. */
  readonly numMade: number | Tensor;
}

/** Between these ratios of increments, `I - aᵢᵢ Δx ∂f/∂y` of the one serves for the other. */
const [least, most] = [0.8, 1.25];

/**
 * Whether one Jacobian serves from step to step: of a method with one number along the diagonal, with a root finder that says when it is outdated, and a
 * control that is one number. An iterative linear solver holds functions, which loops do not carry.
 */
export function keepsJacobian({
  summands,
  implicit,
  calculateJacobian,
  solver: { rootFinder },
}: StageStart): boolean {
  const { control } = summands[implicit]!;
  return (
    calculateJacobian !== "everyStage" &&
    rootFinder.sharesJacobian === true &&
    rootFinder.isOutdated !== undefined &&
    rootFinder.linearSolver?.isIterative?.() !== true &&
    isTensor(control) &&
    control.shape.length === 0
  );
}

/** None yet: tensors like those of one that is made, of which nothing is true. */
export function noJacobian(make: () => Linearisation, control: Tensor): KeptJacobian {
  const shapes = evalShape(() => {
    const { factors, rate } = make();
    return [rate, ...(leaves(factors) as readonly Tensor[])];
  });
  const [rate, ...factors] = shapes.map(({ shape, dtype }) => zeros(shape, { dtype }));
  const none = zeros<[]>([], { dtype: control.dtype });
  return { factors, rate: rate as Scalar, assumedRate: rate as Scalar, control: none };
}

/** The one that was kept; or a new one, where that is outdated, the increment of the control is another, or the vector field has jumped. */
export function jacobianFor(
  { summands, implicit, kept, madeJump, solver: { rootFinder } }: StageStart,
  make: () => Linearisation,
): SharedJacobian {
  const { control } = summands[implicit]!;
  if (kept === null) return { known: make(), control, numMade: 1 };
  const ratio = div(control as Tensor, kept.control);
  const isNear = logicalAnd(greaterEqual(ratio, least), lessEqual(ratio, most));
  const serves = logicalAnd(isNear, logicalNot(rootFinder.isOutdated!(kept)));
  let like: Structure | null = null; // of the factors, as they are when they are made
  const anew = (): KeptJacobian => {
    const known = make();
    like = structure(known.factors);
    return keep({ known, control });
  };
  const isOutdated = logicalNot(
    madeJump === false ? serves : logicalAnd(serves, logicalNot(madeJump)),
  );
  const { factors, rate, assumedRate, control: madeFor } = cond(isOutdated, anew, () => kept);
  const known = { factors: unflatten(like!, factors), rate, assumedRate };
  return { known, control: madeFor, numMade: astype(isOutdated, "int32") };
}

/** That one was made, if so. */
export function countsOf(shared: SharedJacobian | null): StepCounts {
  const made = shared?.numMade ?? 0;
  return { numJacobians: made, numFactorisations: made };
}

/** What is passed on. Roots do not depend on how they were found, so nothing in it has a derivative. */
export function keep({ known, control }: Omit<SharedJacobian, "numMade">): KeptJacobian {
  const { factors, rate, assumedRate } = stopGradient(known);
  const tensors = leaves(factors) as readonly Tensor[];
  return { factors: tensors, rate, assumedRate, control: stopGradient(control as Scalar) };
}
