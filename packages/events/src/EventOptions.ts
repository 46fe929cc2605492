import type { RootFinder } from "@diffrax-ts/root-finders";
import type { ChangesWithTimes, ChangeTree } from "./changes.ts";
import type { ConditionTree } from "./conditions.ts";
import type { DirectionTree } from "./directions.ts";
import type { TimeList } from "./KnownTimes.ts";

/** Options of `Event`. */
export interface EventOptions {
  /**
   * `(t, y, args, info)` to a truth value, which has an event when it is true at the end of a step, or to a number, which has one when
   * it changes its sign. Several conditions stand in arrays and records. @defaultValue none, if there is `at`
   */
  readonly condFn?: ConditionTree;
  /**
   * Finds the time at which a number is zero. Its tolerances are in the units of `t`; those that it does not have are those of the step size controller.
   * @defaultValue null, by which an event ends the solve at the end of its step
   */
  readonly rootFinder?: RootFinder | null;
  /** Which crossings count: `true` upwards, `false` downwards, `null` both; one for all conditions, or a tree like `condFn`. @defaultValue null */
  readonly direction?: DirectionTree;
  /**
   * Which event wins if several lie in one step. `"time"`: the earliest, and of several at one time the first in the tree; without a
   * root finder all of them are at the end of the step. `"tree"`: the first in the tree, as in Diffrax.
   * @defaultValue "time"
   */
  readonly precedence?: "time" | "tree";
  /** `condFn` returns a vector of so many conditions, and `direction` may be an array of as many. @defaultValue null, by which each is a scalar */
  readonly count?: number | null;
  /**
   * `true`: the first event ends the solve. `false`: none does, and a number: the event of that number does; then no step is shortened by
   * the others, and all of them are in `solution.events`. @defaultValue true, and false with `change`
   */
  readonly terminal?: boolean | number;
  /**
   * How many events there is room for in `solution.events`; more are an error. @defaultValue `terminal`, if that is a number; otherwise as
   * many as there are, and inside of traced functions (`jit`, `vmap`, `grad`) it has to be given
   */
  readonly maxEvents?: number | null;
  /**
   * Times at which the state is changed, `[n]`, in the order in which the solve comes to them and in the units of `t`. Steps end at them
   * exactly. They may be traced, and are differentiated with respect to. It is copied. @defaultValue none
   */
  readonly at?: TimeList | null;
  /**
   * `(t, y, args, index)` to the state that the solve goes on from, like `y`: as a ball bounces, a neuron is reset, or a dose is given. One
   * function for all conditions, which is told the place of the one that has its event, or a tree like `condFn`, `null` where nothing is
   * changed. With `at`, `index` is the number of the time; with `at` and `condFn` it is `{ at, condFn }`. @defaultValue nothing is changed
   */
  readonly change?: ChangeTree | ChangesWithTimes;
}
