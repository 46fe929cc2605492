import type { Solver, TermStructure, Tree } from "@diffrax-ts/protocol";
import type { Plain, Saved, Tensor, Traced } from "@diffrax-ts/pytree";
import type { Integrator, OtherNumbers } from "./Integrator.ts";
import type { AsyncOptions } from "./readAsyncOptions.ts";
import type { SavedIntegrator } from "./savedIntegrator.ts";
import type { SolveStream } from "./SolveStream.ts";
import type {
  SavedSubs,
  SavedTimes,
  SaveDense,
  SaveOne,
  SaveSeveral,
  SaveState,
  SolutionAtTop,
  SolveOptions,
  SubsFor,
  TermsFor,
} from "../SolveOptions.ts";

/** The signatures of `diffeqsolveAsync`: those of `diffeqsolve`, with the options of `AsyncOptions`. */
export interface DiffeqsolveAsync {
  /** With several things to save. */
  <const Y, const Subs, const Args = undefined, const Structure extends TermStructure = "term">(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args> &
      AsyncOptions & { readonly saveat: SaveSeveral<Subs & SubsFor<NoInfer<Y>, NoInfer<Args>>> },
  ): Promise<SolutionAtTop<SavedTimes<Subs>, SavedSubs<Subs, Y>, Traced<Y>>>;
  /** With dense output alone. */
  <const Y, const Args = undefined, const Structure extends TermStructure = "term">(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args> & AsyncOptions & { readonly saveat: SaveDense },
  ): Promise<SolutionAtTop<null, null, Traced<Y>>>;
  /** With the state at one list of times. */
  <const Y, const Args = undefined, const Structure extends TermStructure = "term">(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args> & AsyncOptions & { readonly saveat?: SaveState },
  ): Promise<SolutionAtTop<Tensor<readonly [number]>, Saved<Plain<Y>>, Traced<Y>>>;
  /** With what `fn` makes of it. */
  <const Y, const Args = undefined, Out = Plain<Y>, const Structure extends TermStructure = "term">(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args> &
      AsyncOptions & {
        readonly saveat?: SaveOne<Plain<NoInfer<Y>>, Plain<NoInfer<Args>>, Out>;
      },
  ): Promise<SolutionAtTop<Tensor<readonly [number]>, Saved<NoInfer<Out>>, Traced<Y>>>;
}

/** The signatures of `diffeqsolveStream`. */
export interface DiffeqsolveStream {
  /** With several things to save. */
  <const Y, const Subs, const Args = undefined, const Structure extends TermStructure = "term">(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args> &
      AsyncOptions & {
        readonly saveat: SaveSeveral<Subs & SubsFor<NoInfer<Y>, NoInfer<Args>>> & RowsOnly;
      },
  ): SolveStream<SavedTimes<Subs>, SavedSubs<Subs, Y>, Traced<Y>>;
  /** With one list of times. */
  <const Y, const Args = undefined, Out = Plain<Y>, const Structure extends TermStructure = "term">(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args> &
      AsyncOptions & {
        readonly saveat?: SaveOne<Plain<NoInfer<Y>>, Plain<NoInfer<Args>>, Out> & RowsOnly;
      },
  ): SolveStream<Tensor<readonly [number]>, Saved<NoInfer<Out>>, Traced<Y>>;
}

/** Dense output is no rows. */
interface RowsOnly {
  readonly dense?: false;
}

/** What was done ahead of a solve. */
export interface PreparedAhead {
  /** What tracing and compiling took, in milliseconds: about 0 if the program was known. */
  readonly prepareMs: number;
}

/** The signature of `prepare`. */
export interface Prepare {
  <const Y, const Args = undefined, Out = Plain<Y>, const Structure extends TermStructure = "term">(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args> & {
      readonly saveat?:
        | SaveOne<Plain<NoInfer<Y>>, Plain<NoInfer<Args>>, Out>
        | SaveSeveral<SubsFor<NoInfer<Y>, NoInfer<Args>>>
        | SaveDense;
    },
  ): PreparedAhead;
}

/** The signatures of `integrator`, and of `integrator.fromJSON`, which begins with what `toJSON` gave. */
export interface IntegratorMaker extends MakeIntegrator<[]> {
  /**
   * Goes on with a solve that was saved by `toJSON`: in another process, or in a page that was loaded again. It comes to the same bits.
   *
   * Numbers are taken from what was saved: times, the state, `args` as they were last, and `maxSteps`. Functions, the solver, the
   * controller and what else the program is made of cannot be saved, and are given again: they have to be the same.
   *
   * @param saved - What `toJSON` gave, as an object or as a text.
   * @throws TypeError that says what differs, if it was saved by another program, in another format, or with another structure.
   */
  readonly fromJSON: MakeIntegrator<[saved: SavedIntegrator | string]>;
}

/** The arguments are those of `diffeqsolve`, behind others. */
export interface MakeIntegrator<Before extends readonly unknown[]> {
  /** With several things to save. */
  <const Y, const Subs, const Args = undefined, const Structure extends TermStructure = "term">(
    ...given: [
      ...Before,
      terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
      solver: Solver<Tree, Structure>,
      options: SolveOptions<Y, Args> & {
        readonly saveat: SaveSeveral<Subs & SubsFor<NoInfer<Y>, NoInfer<Args>>>;
      },
    ]
  ): Integrator<Traced<Y>, OtherNumbers<Args>, SavedTimes<Subs>, SavedSubs<Subs, Y>>;
  /** With dense output alone. */
  <const Y, const Args = undefined, const Structure extends TermStructure = "term">(
    ...given: [
      ...Before,
      terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
      solver: Solver<Tree, Structure>,
      options: SolveOptions<Y, Args> & { readonly saveat: SaveDense },
    ]
  ): Integrator<Traced<Y>, OtherNumbers<Args>, null, null>;
  /** With the state at one list of times. */
  <const Y, const Args = undefined, const Structure extends TermStructure = "term">(
    ...given: [
      ...Before,
      terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
      solver: Solver<Tree, Structure>,
      options: SolveOptions<Y, Args> & { readonly saveat?: SaveState },
    ]
  ): Integrator<Traced<Y>, OtherNumbers<Args>, Tensor<readonly [number]>, Saved<Plain<Y>>>;
  /** With what `fn` makes of it. */
  <const Y, const Args = undefined, Out = Plain<Y>, const Structure extends TermStructure = "term">(
    ...given: [
      ...Before,
      terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
      solver: Solver<Tree, Structure>,
      options: SolveOptions<Y, Args> & {
        readonly saveat?: SaveOne<Plain<NoInfer<Y>>, Plain<NoInfer<Args>>, Out>;
      },
    ]
  ): Integrator<Traced<Y>, OtherNumbers<Args>, Tensor<readonly [number]>, Saved<NoInfer<Out>>>;
}
