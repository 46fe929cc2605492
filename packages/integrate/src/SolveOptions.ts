import type {
  Adjoint,
  Event,
  ProgressMeter,
  Result,
  Solver,
  StepSizeController,
  TermOf,
  TermsOf,
  TermStructure,
  TracedFunction,
  Tree,
} from "@diffrax-ts/protocol";
import type {
  Field,
  Fixed,
  Part,
  Plain,
  Saved,
  Scalar,
  Static,
  Strided,
  Tensor,
  Traced,
  TypedArray,
} from "@diffrax-ts/pytree";
import type { Fold, SaveMore, SaveTimes, SubSaveAt } from "@diffrax-ts/saveat";
import type { ODETerm, UntypedTerm } from "@diffrax-ts/terms";
import type { Solution } from "./Solution.ts";
import type { Diffusion, DriftAndDiffusion } from "./termsOfRecord.ts";

/** A vector field in ordinary arithmetic: `(t, y, args)` to the time derivative of `y`. */
export type VectorField<Y, Args> = (t: number, y: Plain<Y>, args: Plain<Args>) => Field<Y>;

/** What a solve returns whose state is of type `State`, if it saves it at one list of times, as it does by default. */
export type SolutionOf<State> = SolutionAtTop<
  Tensor<readonly [number]>,
  Saved<Plain<State>>,
  Traced<State>
>;

/** A solution outside of traced functions, for a state `Y` of tensors, whose events are typed by it. */
export type SolutionAtTop<Ts, Ys, Y> = Solution<Ts, Ys, Y, Result, number, Saved<Y>>;

// The vector field is written out: by its name TypeScript would compare `Y` with `Y`, and a literal with `number`.
// As a method it takes functions that were declared apart, for `[number, number]`, `number[]` or `Float64Array`, which TypeScript
// refuses to give readonly arrays: parameters of methods are compared both ways.

/** What `diffeqsolve` can be given to solve, for a solver that wants terms of this structure. */
export type TermsFor<Y, Args, Structure = "term"> = Structure extends "term"
  ? | { field(t: number, y: Plain<Y>, args: Plain<Args>): Field<Y> }["field"]
    | TracedFunction
    | ODETerm<Plain<Y>, Plain<Args>>
    | UntypedTerm
    | Diffusion<Y, Args>
    | DriftAndDiffusion<Y, Args>
  : Structure extends readonly unknown[]
    ? { readonly [I in keyof Structure]: TermForPart<Y, Args, Structure[I], I> }
    : Structure extends { readonly sum: readonly [{ readonly kind: string }, unknown] }
      ? TermsOf<Structure>
      : Structure extends { readonly sum: readonly [unknown, unknown] }
        ? TermsOf<Structure> | DriftAndDiffusion<Y, Args>
        : TermsOf<Structure>;

/** What it can be given for the change of part `I` of the state, if the solver says which part the term sees. */
export type TermForPart<Y, Args, Wanted, I> = Wanted extends { readonly sees: infer Seen }
  ? | {
        field(t: number, y: Plain<PartOf<Y, Seen>>, args: Plain<Args>): Field<PartOf<Y, I>>;
      }["field"]
    | TracedFunction
    | ODETerm<Plain<PartOf<Y, Seen>>, Plain<Args>>
    | UntypedTerm
  : TermOf<Wanted>;

/** A part of a state that is a list of parts. */
type PartOf<Y, I> = Y extends readonly [...infer Parts] ? Parts[I & keyof Parts] : never;

/** Saves the state, or what `fn` makes of it, at one list of times. */
export interface SaveOne<Y, Args, Out> extends SaveTimes, SaveMore {
  /** `(t, y, args)` to what is saved. @defaultValue the state */
  readonly fn?: (t: number, y: Y, args: Args) => Out;
  readonly subs?: never;
}

/** Saves several things, each at times of its own. */
export interface SaveSeveral<Subs> extends SaveMore {
  readonly subs: Subs;
}

/** Several things to save, whose functions get the state and the arguments of the solve: the parameters of one that is written there have types. */
export type SubsFor<Y, Args> =
  | SubFor<Plain<Y>, Plain<Args>>
  | AnyFold
  | readonly SubsFor<Y, Args>[]
  | { readonly [key: string]: SubsFor<Y, Args> };

/** What to save, and when. As a method `fn` takes functions that were declared apart, for other numbers than `y0`'s. */
interface SubFor<Y, Args> extends SaveTimes {
  readonly fn?: { fn(t: number, y: Y, args: Args): unknown }["fn"] | TracedFunction;
}

/** Keeps the solution between the steps, and saves nothing else. */
export interface SaveDense extends SaveMore {
  readonly dense: true;
  readonly t0?: false;
  readonly t1?: false;
  readonly ts?: undefined;
  readonly steps?: false | 0;
  readonly fn?: undefined;
  readonly subs?: undefined;
}

/** Options of `diffeqsolve`. */
export interface SolveOptions<Y, Args, T0 = number | Tensor, T1 = number | Tensor> {
  /** The start, in the units of time: as all times a number, or a tensor of rank 0, which is checked where the type does not tell it. */
  readonly t0: T0;
  /** The end. It may lie before the start. */
  readonly t1: T1;
  /** The first step, negative if `t1 < t0`; `null` to have it chosen. With constant steps: every step. */
  readonly dt0: number | Tensor | null;
  /** The state at `t0`: a tree of numbers, tensors and typed arrays. */
  readonly y0: Y;
  /** What the vector field gets as its third argument. @defaultValue undefined */
  readonly args?: Args;
  /** How long the steps are. @defaultValue ConstantStepSize() */
  readonly stepsizeController?: StepSizeController;
  /** What ends the solve before `t1`: `Event({ condFn })`. Then `t1` may be infinite. @defaultValue nothing does */
  readonly event?: Event | null;
  /** How derivatives are taken through the solve. @defaultValue RecursiveCheckpointAdjoint() */
  readonly adjoint?: Adjoint;
  /** Shows how far the solve has come: `TextProgressMeter()`. @defaultValue nothing is shown */
  readonly progressMeter?: ProgressMeter | null;
  /** The most steps, rejected ones included; `null` for no limit. @defaultValue 4096 */
  readonly maxSteps?: number | null;
  /** Whether a solve that fails throws. If not, `solution.result` says what happened. @defaultValue true */
  readonly throw?: boolean;
  /**
   * What `solution.stats` counts: `"steps"`, or `"full"` for evaluations of the vector field, Jacobians, factorisations and iterations too. Otherwise these are
   * not counted, and take no time. @defaultValue "steps"
   */
  readonly stats?: "steps" | "full";
  /** To go on from: `solution.solverState` of a solve with `saveat.solverState`. */
  readonly solverState?: Tree;
  /** To go on from: `solution.controllerState` of a solve with `saveat.controllerState`. */
  readonly controllerState?: Tree;
  /** To go on from: `solution.madeJump` of a solve with `saveat.madeJump`. */
  readonly madeJump?: boolean | Tensor | null;
}

/** A fold, also one that was written before and whose `at` is any text to TypeScript. */
interface AnyFold extends Omit<Fold, "at"> {
  readonly at: unknown;
}

/** What several things to save are saved as: a fold as its value. */
export type SavedSubs<Subs, Y> = Subs extends AnyFold
  ? Traced<Subs["init"]>
  : Subs extends SubSaveAt
    ? Subs extends { readonly fn: (...args: never) => infer Out }
      ? Saved<Out>
      : Saved<Y>
    : { readonly [Key in keyof Subs]: SavedSubs<Subs[Key], Y> };

/** The times of several things to save: of a fold the time of its last update. */
export type SavedTimes<Subs> = Subs extends AnyFold
  ? Scalar
  : Subs extends SubSaveAt
    ? Tensor<readonly [number]>
    : { readonly [Key in keyof Subs]: SavedTimes<Subs[Key]> };

/**
 * Whether a solve is seen to be traced: a time or a number in `args` is a scalar tensor, as a function that is traced is handed it.
 * What `y0` is does not tell, since tensors that are known are states too.
 */
type IsTracedSolve<Args, T0, T1> = true extends HasScalar<Args> | HasScalar<T0> | HasScalar<T1>
  ? true
  : false;

// What may be a number or a tensor tells nothing, so a union is taken as a whole.
type HasScalar<T> = 0 extends 1 & T
  ? false
  : [T] extends [Scalar]
    ? [T] extends [never]
      ? false
      : true
    : [T] extends [number | Tensor | TypedArray | Strided | Static | Part | Fixed]
      ? false
      : true extends { readonly [Key in keyof T]: HasScalar<T[Key]> }[T extends readonly unknown[]
            ? number & keyof T
            : keyof T]
        ? true
        : false;

/** A solution, by what the options tell of it. */
type SolutionFor<Ts, Ys, Y, Args, T0, T1> =
  IsTracedSolve<Args, T0, T1> extends true
    ? Solution<Ts, Ys, Y, Scalar, Scalar, Saved<Y>>
    : SolutionAtTop<Ts, Ys, Y>;

/** Saves the state itself at one list of times. */
export interface SaveState extends SaveTimes, SaveMore {
  readonly fn?: undefined;
  readonly subs?: never;
}

/**
 * The signatures of `diffeqsolve`.
 *
 * The last one takes what the one before it takes. That is there for the errors: of four signatures TypeScript tells what is wrong with the last, and of
 * three what is wrong with each, in 13 lines of which 9 say it again.
 */
export interface Diffeqsolve {
  /** With several things to save. */
  <
    const Y,
    const Subs,
    const Args = undefined,
    const Structure extends TermStructure = "term",
    const T0 extends number | Tensor = number,
    const T1 extends number | Tensor = number,
  >(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args, T0, T1> & {
      readonly saveat: SaveSeveral<Subs & SubsFor<NoInfer<Y>, NoInfer<Args>>>;
    },
  ): SolutionFor<SavedTimes<Subs>, SavedSubs<Subs, Y>, Traced<Y>, Args, T0, T1>;
  /** With dense output alone. */
  <
    const Y,
    const Args = undefined,
    const Structure extends TermStructure = "term",
    const T0 extends number | Tensor = number,
    const T1 extends number | Tensor = number,
  >(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args, T0, T1> & { readonly saveat: SaveDense },
  ): SolutionFor<null, null, Traced<Y>, Args, T0, T1>;
  /** With the state at one list of times. */
  <
    const Y,
    const Args = undefined,
    const Structure extends TermStructure = "term",
    const T0 extends number | Tensor = number,
    const T1 extends number | Tensor = number,
  >(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args, T0, T1> & { readonly saveat?: SaveState },
  ): SolutionFor<Tensor<readonly [number]>, Saved<Plain<Y>>, Traced<Y>, Args, T0, T1>;
  /** With what `fn` makes of it. */
  <
    const Y,
    const Args = undefined,
    Out = Plain<Y>,
    const Structure extends TermStructure = "term",
    const T0 extends number | Tensor = number,
    const T1 extends number | Tensor = number,
  >(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args, T0, T1> & {
      readonly saveat?: SaveOne<Plain<NoInfer<Y>>, Plain<NoInfer<Args>>, Out>;
    },
  ): SolutionFor<Tensor<readonly [number]>, Saved<NoInfer<Out>>, Traced<Y>, Args, T0, T1>;
}
