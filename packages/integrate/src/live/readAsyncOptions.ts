import { describeValue, ownCopy } from "@diffrax-ts/pytree";
import type { RawOptions } from "../readOptions.ts";

/** What an `AbortSignal` is asked. */
export interface SignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

/** How far a solve has come. */
export interface SolveProgress {
  /** The time that it has come to, in the units of the user. */
  readonly t: number;
  readonly numSteps: number;
  /** What tracing and compiling took, in milliseconds, which no budget holds for: about 0 for a program that is known. */
  readonly prepareMs: number;
}

/** Options of a solve that lets the event loop turn. */
export interface AsyncOptions {
  /** Stops the solve: it rejects with the reason of the signal. @defaultValue nothing does */
  readonly signal?: SignalLike | null;
  /**
   * Is told after every burst how far the solve has come: the part of the way between 0 and 1, which never decreases and ends with 1 if it came to its end.
   */
  readonly onProgress?: ((progress: number, more: SolveProgress) => void) | null;
  /** The longest time in milliseconds that the event loop waits, but for a single step that takes longer. @defaultValue 8 */
  readonly budgetMs?: number;
}

/** The options of a solve, and those that say how it runs. */
export interface ReadAsync<Options> {
  readonly signal: SignalLike | null;
  readonly onProgress: NonNullable<AsyncOptions["onProgress"]> | null;
  readonly budgetMs: number;
  readonly options: Options;
}

/**
 * Reads the options that say how a solve runs, each once.
 *
 * @throws TypeError or RangeError that names the option.
 */
export function readAsyncOptions(
  name: string,
  given: RawOptions & AsyncOptions,
): ReadAsync<RawOptions> {
  const isRecord = typeof given === "object" && given !== null;
  const {
    signal = null,
    onProgress = null,
    budgetMs = 8,
    ...options
  } = isRecord ? ownCopy(given) : {};
  checkAsyncOptions(name, { signal, onProgress, budgetMs });
  return { signal, onProgress, budgetMs, options: isRecord ? (options as RawOptions) : given };
}

/** @throws TypeError or RangeError that names the option. */
export function checkAsyncOptions(
  name: string,
  { signal = null, onProgress = null, budgetMs = 8 }: AsyncOptions,
): void {
  if (typeof budgetMs !== "number" || !(budgetMs > 0)) {
    throw new RangeError(
      `${name}: budgetMs must be a number of milliseconds above 0, got ${describeValue(budgetMs)}`,
    );
  }
  if (onProgress !== null && typeof onProgress !== "function") {
    throw new TypeError(
      `${name}: onProgress must be a function (progress, { t, numSteps }) => …, got ${describeValue(onProgress)}`,
    );
  }
  if (signal !== null && typeof (signal as Partial<SignalLike>).aborted !== "boolean") {
    throw new TypeError(
      `${name}: signal must be an AbortSignal, got ${describeValue(signal)}; of an AbortController take its signal`,
    );
  }
}
