import type { Solver, TermStructure, Tree } from "@diffrax-ts/protocol";
import type { Plain, Saved, Tensor, Traced } from "@diffrax-ts/pytree";
import type { PreparedAhead } from "./prepareOnHost.ts";
import type { AsyncOptions } from "./readAsyncOptions.ts";
import type { Solution } from "./Solution.ts";
import type {
  SavedSubs,
  SavedTimes,
  SaveDense,
  SaveOne,
  SaveSeveral,
  SolveOptions,
  TermsFor,
} from "./SolveOptions.ts";

/** The signatures of `diffeqsolveAsync`: those of `diffeqsolve`, with the options of `AsyncOptions`. */
export interface DiffeqsolveAsync {
  /** With several things to save. */
  <const Y, const Subs, const Args = undefined, const Structure extends TermStructure = "term">(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args> & AsyncOptions & { readonly saveat: SaveSeveral<Subs> },
  ): Promise<Solution<SavedTimes<Subs>, SavedSubs<Subs, Y>, Traced<Y>>>;
  /** With dense output alone. */
  <const Y, const Args = undefined, const Structure extends TermStructure = "term">(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args> & AsyncOptions & { readonly saveat: SaveDense },
  ): Promise<Solution<null, null, Traced<Y>>>;
  /** With one list of times. */
  <const Y, const Args = undefined, Out = Plain<Y>, const Structure extends TermStructure = "term">(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args> &
      AsyncOptions & {
        readonly saveat?: SaveOne<Plain<NoInfer<Y>>, Plain<NoInfer<Args>>, Out>;
      },
  ): Promise<Solution<Tensor<readonly [number]>, Saved<NoInfer<Out>>, Traced<Y>>>;
}

/** The signature of `prepare`. */
export interface Prepare {
  <const Y, const Args = undefined, Out = Plain<Y>, const Structure extends TermStructure = "term">(
    terms: TermsFor<NoInfer<Y>, NoInfer<Args>, Structure>,
    solver: Solver<Tree, Structure>,
    options: SolveOptions<Y, Args> & {
      readonly saveat?:
        | SaveOne<Plain<NoInfer<Y>>, Plain<NoInfer<Args>>, Out>
        | SaveSeveral<unknown>
        | SaveDense;
    },
  ): PreparedAhead;
}
