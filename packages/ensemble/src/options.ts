import type { Axes } from "@diffrax-ts/autodiff";
import type { RunOptions } from "./RunOptions.ts";

/** Where a script is: a text or a `URL`. */
export type ScriptUrl = string | { readonly href: string };

/** Options of `Ensemble`. */
export interface EnsembleOptions {
  /**
   * How many threads. With 0 there are none: the same work is done in this thread, between turns of the event loop.
   *
   * @defaultValue as many as run at the same time here
   */
  readonly workers?: number;
  /**
   * The script of the workers, `dist/worker.js` of this package, for pages whose bundler does not find it by `new URL("./worker.js", import.meta.url)`.
   *
   * @defaultValue beside the script of this package
   */
  readonly workerUrl?: ScriptUrl | null;
  /**
   * Whether threads read and write the batch in shared memory. Else they are sent copies of their part of it.
   *
   * @defaultValue whether this is possible: in Node, and in pages that are isolated from other origins
   */
  readonly sharedMemory?: boolean;
}

/** Options of `vmap` and `map`. */
export interface MapOptions extends RunOptions {
  /** The axis of the batch in the arguments: one for all, or one (or a tree) for each argument. @defaultValue 0 */
  readonly inAxes?: Axes;
}

/** Options of `grad` and `valueAndGrad`. */
export interface GradientOptions extends RunOptions {
  /** The axis of the batch in the arguments, `null` for the first. @defaultValue `[null, 0, 0, …]` */
  readonly inAxes?: readonly Axes[];
  /** What is made of the losses of the examples. @defaultValue "mean" */
  readonly reduction?: "mean" | "sum";
}
