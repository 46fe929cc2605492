import type { KindOf, LevyArea, MultiTerm, Tree } from "@diffrax-ts/protocol";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type {
  UnderdampedLangevinDiffusionTerm,
  UnderdampedLangevinDriftTerm,
} from "@diffrax-ts/terms";
import type { CoefficientsAt, LangevinTable } from "./LangevinCoefficient.ts";

/** The terms of underdamped Langevin dynamics. */
export interface LangevinStructure {
  readonly sum: readonly [
    KindOf<UnderdampedLangevinDriftTerm>,
    KindOf<UnderdampedLangevinDiffusionTerm>,
  ];
}

/** The drift and the noise, as a solver receives them. */
export type LangevinTerms = MultiTerm<
  readonly [drift: UnderdampedLangevinDriftTerm, diffusion: UnderdampedLangevinDiffusionTerm]
>;

/** A step of a Langevin method: one leaf of the state at a time, but for the gradient, which sees all of the position. */
export interface LangevinStep<Name extends string, Area extends LevyArea> {
  /** The position at the start. */
  readonly x0: Tree;
  /** `∇f(x₀)`, which the last step has passed on; `null` for a method that passes nothing on. */
  readonly f0: Tree;
  /** `∇f(x)`. */
  readonly gradient: (x: Tree) => Tree;
  /** A formula at every leaf, with what is known there, and with the leaves of further trees. */
  readonly each: <Others extends readonly Tree[]>(
    formula: (
      leaf: LangevinLeaf<Name, Area>,
      ...others: { readonly [I in keyof Others]: Tensor }
    ) => Tensor,
    ...others: Others
  ) => Tree;
}

/** What is known at one leaf of the state. The friction, the damping and the coefficients may be numbers where the position is an array. */
export type LangevinLeaf<Name extends string, Area extends LevyArea> = {
  /** The length of the step; below 0 in a backward solve. */
  readonly h: Scalar;
  /** The position at the start. */
  readonly x: Tensor;
  /** The velocity at the start. */
  readonly v: Tensor;
  /** The friction γ. */
  readonly gamma: Tensor;
  /** The damping u. */
  readonly u: Tensor;
  /** `√(2 γ u)` */
  readonly rho: Tensor;
  /** The coefficients of the method. */
  readonly c: CoefficientsAt<Name>;
  /** The increment of the Brownian motion. */
  readonly W: Tensor;
} & (Area extends "BrownianIncrement"
  ? unknown
  : {
      /** Its space-time Lévy area. */
      readonly H: Tensor;
    }) &
  (Area extends "SpaceTimeTimeLevyArea"
    ? {
        /** Its space-time-time Lévy area. */
        readonly K: Tensor;
      }
    : unknown);

/** What a step gives. */
export interface LangevinStepResult {
  /** The position at the end. */
  readonly x: Tree;
  /** The velocity at the end. */
  readonly v: Tree;
  /** `∇f(x)` there, which the next step begins with; `null` if the method passes nothing on. */
  readonly f: Tree;
  /** An estimate of the error of the velocity; that of the position is taken to be 0. `null` if there is none. */
  readonly vError: Tree;
}

/** A method for underdamped Langevin dynamics: its coefficients, and what it makes of them. */
export interface LangevinMethod<Name extends string = string, Area extends LevyArea = LevyArea> {
  /** Where it is from. */
  readonly source: string;
  /** What it has to know of the Brownian motion. */
  readonly minimalLevyArea: Area;
  readonly coefficients: LangevinTable<Name>;
  /** Whether the gradient at the end of a step is that at the start of the next: "first same as last". */
  readonly isFsal: boolean;
  readonly computeStep: (step: LangevinStep<Name, Area>) => LangevinStepResult;
}
