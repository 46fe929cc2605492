import type { Result } from "@diffrax-ts/protocol";
import type {
  Concrete,
  Fixed,
  Part,
  Static,
  Strided,
  Tensor,
  TypedArray,
} from "@diffrax-ts/pytree";
import type { AsyncOptions } from "./readAsyncOptions.ts";
import type { SavedIntegrator } from "./savedIntegrator.ts";
import type { SolveStats } from "../Solution.ts";
import type { SolutionAtTop } from "../SolveOptions.ts";

/** How far an integrator goes, and how it lets the event loop turn on the way. */
export interface AdvanceOptions extends AsyncOptions {
  /**
   * The first step that reaches this time is the last. No step is shortened: it is as if the solve had never stopped, to the last bit. It
   * may lie beyond `t1`. @defaultValue the end
   */
  readonly until?: number;
  /**
   * A step ends at this time exactly: it is shortened for that, and what follows has other bits than a solve that does not stop here.
   */
  readonly exactly?: number;
}

/** Arguments of the same structure, with other numbers. */
export type OtherNumbers<Args> = 0 extends 1 & Args
  ? Args
  : Args extends number
    ? number
    : Args extends Tensor | TypedArray | Strided | Static | Part | Fixed
      ? Args
      : { readonly [Key in keyof Args]: OtherNumbers<Args[Key]> };

/**
 * A solve that its owner moves on, looks at, changes and saves.
 *
 * @typeParam Y - The state, with tensors in the place of numbers and arrays.
 */
export interface Integrator<
  Y = unknown,
  Args = unknown,
  Ts = Tensor<readonly [number]>,
  Ys = unknown,
> {
  /** The time that it has come to. */
  readonly t: number;
  /**
   * The state at `t`, like `y0`. It may be set: the state jumps, and the solver begins anew from there.
   */
  get y(): Y;
  set y(y: Concrete<Y>);
  /**
   * The third argument of the vector field. It may be set, with the structure, dtypes and shapes that it has: the vector field jumps, and
   * the solver begins anew from `t`.
   */
  args: Args;
  /** How the solve has ended; `null` as long as it goes on. */
  readonly result: Result | null;
  readonly stats: SolveStats;
  /**
   * One step that is kept; those that are rejected on the way to it are tried again. With `throw: false` a failure is `result`.
   *
   * @returns Whether there is more to do.
   * @throws Error if the solve fails, and while `advance` is under way.
   */
  step(): boolean;
  /**
   * Goes on in bursts of at most `budgetMs`, between which the event loop turns: to `until`, or to the end.
   *
   * @returns Whether there is more to do. The promise rejects if the solve fails, with the reason of `signal`, and while another
   * `advance` is under way. After a signal it can go on.
   */
  advance(options?: AdvanceOptions): Promise<boolean>;
  /**
   * The solution within the last step, by the interpolation of the solver; with `saveat: { dense: true }` anywhere from `t0` to `t`.
   *
   * @throws RangeError for another time.
   */
  at(t: number): Y;
  /** What has been solved so far, as `diffeqsolve` gives it. Its `result` is `interrupted` as long as the solve goes on. */
  solution(): SolutionAtTop<Ts, Ys, Y>;
  /** All that is needed to go on elsewhere: `integrator.fromJSON`. It is what `JSON.stringify` makes a text of. */
  toJSON(): SavedIntegrator;
  /** Gives its memory back at once: otherwise the garbage collector does so, and the end of the solve. What can be read stays. */
  close(): void;
}
