import type { Part, Scalar } from "@diffrax-ts/pytree";
import type { NoiseType } from "./NoiseType.ts";
import type { ReadField } from "./ReadField.ts";
import type { TracedResult } from "./results.ts";
import type { Tree } from "./Tree.ts";

/** What a solver wants to know of a control over an interval, beside its increment. */
export interface ControlWanted {
  /**
   * The Lévy areas of a Brownian motion: `contr` then gives a `BrownianIncrement`, `{ dt, W, H, K }` with as many of these as the
   * motion knows. A control that is no Brownian motion, such as time, ignores the question. @defaultValue false
   */
  readonly levy?: boolean;
}

/** A part of the state, with its value at hand. */
export interface StatePart {
  /** What it is called in errors: `"y0[0]"`. */
  readonly name: string;
  readonly y: Tree;
}

/**
 * One summand of a differential equation `dy = Σ f(t, y, args) dx(t)`: a vector field `f` and a control `x`.
 *
 * For an ordinary differential equation the control is the time. `prod` is linear in both of its arguments.
 *
 * In a backward solve the solver still sees time run forward, from `t0` to `t1 > t0`, and **the sign of the direction is on the
 * control**: `contr(t0, t1)` is negative there. So increments are always `f · contr(t0, t1)`, and never `f · (t1 - t0)`.
 */
export interface Term<
  VF extends Tree = Tree,
  Control extends Tree = Tree,
  State extends Tree = Tree,
> extends Part {
  /** What is claimed of the noise, of a term with a Brownian motion. @defaultValue nothing */
  readonly noiseType?: NoiseType | undefined;
  /**
   * Whether `vf` has the structure of the state, and `prod` does the same with every number of it, whichever leaf it stands in: by `treeMap`.
   * Then many scalars are handed to `prod` as one vector. `vf` and `vfProd` see the state as it is, in any case. @defaultValue false
   */
  readonly isElementwise?: boolean | undefined;
  /** The term with the functions that it was given made to work on tensors. */
  readFields(read: ReadField): Term<VF, Control, State>;
  /**
   * `f(t, y, args)`: a value of the vector field; for a time `t` as the control, the structure of `y`.
   *
   * @param changes - The part of the state that the increments are for, where that is not `y`: they then have its structure.
   */
  vf(t: Scalar, y: Tree, args: unknown, changes?: StatePart): VF;
  /** `x(t1) - x(t0)`: the increment of the control, with what else is wanted of it. */
  contr(t0: Scalar, t1: Scalar, wanted?: ControlWanted): Control;
  /** `f · Δx`, with the structure of `y`. */
  prod(vf: VF, control: Control): Tree;
  /** `prod(vf(t, y, args), control)`, perhaps in a cheaper way. */
  vfProd(t: Scalar, y: Tree, args: unknown, control: Control, changes?: StatePart): Tree;
  /** Whether `vfProd` is much cheaper than `vf` and `prod`, so that solvers avoid `vf`. */
  isVfExpensive(t0: Scalar, t1: Scalar, y: Tree, args: unknown): boolean;
  /**
   * The state that the control carries from step to step, for a solve that starts at `t0`. Left out where there is none, as for
   * time; a term that has it has `over` too. Its structure, shapes and dtypes stay the same through the solve.
   */
  init?(t0: Scalar): State;
  /**
   * What the control is over the step from `t0` to `t1`, from the state at `t0`. In a backward solve `t1 < t0`. The vector field
   * does not depend on the state.
   *
   * The step may be rejected: then its state is thrown away with it, and `over` is asked again from the state before.
   */
  over?(state: State, t0: Scalar, t1: Scalar): TermStep<VF, Control, State>;
}

/** A term over one step. */
export interface TermStep<
  VF extends Tree = Tree,
  Control extends Tree = Tree,
  State extends Tree = Tree,
> {
  /** To be asked for increments within the step, by whatever it knows from the state. */
  readonly term: Term<VF, Control, State>;
  /** The state at the end of the step. */
  readonly state: State;
  /** Why the control is not good for the step, which then fails if it is kept. @defaultValue null: it is */
  readonly result?: TracedResult;
}

/**
 * Several terms whose increments are added: `dy = Σ fᵢ(t, y, args) dxᵢ(t)`. `vf` and `contr` give lists, one item for each term,
 * and `prod` their sum.
 */
export interface MultiTerm<Of extends readonly Term[] = readonly Term[]> extends Term<
  readonly Tree[],
  readonly Tree[],
  readonly Tree[]
> {
  readonly kind: "MultiTerm";
  readonly terms: Of;
}
