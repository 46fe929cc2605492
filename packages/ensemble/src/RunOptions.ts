import { describeValue } from "@diffrax-ts/pytree";

/** What is used of an `AbortSignal`. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** How a batch runs. */
export interface RunOptions {
  /** Stops it: the promise is rejected with the reason of the signal, and threads that compute for it are ended. @defaultValue nothing does */
  readonly signal?: AbortSignalLike | null;
  /** Is told which part of the batch is done, between 0 and 1, whenever a thread has done some of it. @defaultValue nobody is told */
  readonly onProgress?: ((progress: number) => void) | null;
}

/** @throws TypeError that names the option. */
export function checkRunOptions(
  name: string,
  { signal = null, onProgress = null }: RunOptions,
): Required<RunOptions> {
  if (onProgress !== null && typeof onProgress !== "function") {
    throw new TypeError(
      `${name}: onProgress must be a function (progress) => …, got ${describeValue(onProgress)}`,
    );
  }
  if (signal !== null && typeof (signal as Partial<AbortSignalLike>).aborted !== "boolean") {
    throw new TypeError(
      `${name}: signal must be an AbortSignal, got ${describeValue(signal)}; of an AbortController take its signal`,
    );
  }
  return { signal, onProgress };
}
