import { isOkay, type ProgressMeter, type Result, type RunningMeter } from "@diffrax-ts/protocol";
import { checkOptions, describeValue, part, type Part } from "@diffrax-ts/pytree";
import type { SingleBar } from "cli-progress";

/** What a bar is drawn on: a writable stream of Node. */
export interface BarStream {
  write(text: string): boolean;
}

/** Options of `TqdmProgressMeter`. */
export interface TqdmProgressMeterOptions {
  /** The steps after which the bar is drawn again. @defaultValue 20 */
  readonly refreshSteps?: number;
  /** Where it is drawn. @defaultValue process.stderr */
  readonly stream?: BarStream;
}

/** Draws a bar in a terminal. */
export interface TqdmProgressMeter extends ProgressMeter, Part {
  readonly kind: "TqdmProgressMeter";
  readonly refreshSteps: number;
  readonly stream: BarStream | null;
}

/**
 * Draws a bar in a terminal, as tqdm does for Diffrax: how much of the way is done, the time that it took, and the time that is left.
 * It needs Node, or what has its modules; in a page take `HtmlProgressMeter`.
 *
 * @throws RangeError for `refreshSteps` below 1. The solve throws where there is no terminal to draw in, as in a page.
 *
 * @example
 * ```ts
 * import { diffeqsolve, Tsit5 } from "@diffrax-ts/core";
 * import { TqdmProgressMeter } from "@diffrax-ts/progress-meters";
 *
 * const { result } = diffeqsolve((t, y) => -y, Tsit5(), {
 *   t0: 0, t1: 1, dt0: 0.01, y0: 1, progressMeter: TqdmProgressMeter({ refreshSteps: 10 }),
 * });
 * result;
 * // → "successful"
 * ```
 */
export function TqdmProgressMeter(options: TqdmProgressMeterOptions = {}): TqdmProgressMeter {
  const { refreshSteps = 20, stream = null } = checkOptions("TqdmProgressMeter", options, [
    "refreshSteps",
    "stream",
  ]);
  if (!(Number.isInteger(refreshSteps) && refreshSteps >= 1)) {
    throw new RangeError(
      `TqdmProgressMeter: refreshSteps must be a whole number above 0, got ${describeValue(refreshSteps)}`,
    );
  }
  return part("TqdmProgressMeter", { refreshSteps, stream, start });
}

function start(this: TqdmProgressMeter): RunningMeter {
  const bar = barOn(this.stream);
  bar.start(100, 0);
  return {
    update(progress: number): void {
      bar.update(Math.round(1e4 * progress) / 100);
    },
    close(result: Result | null): void {
      if (result !== null && isOkay(result)) bar.update(100);
      bar.stop();
    },
  };
}

function barOn(stream: BarStream | null): SingleBar {
  const { SingleBar } = barLibrary();
  return new SingleBar({
    format: "{percentage}%|{bar}| [{duration_formatted}<{eta_formatted}]",
    barCompleteChar: "█",
    barIncompleteChar: " ",
    gracefulExit: false,
    noTTYOutput: true,
    ...(stream === null ? {} : { stream }),
  });
}

/** What is used of the library. */
interface BarLibrary {
  readonly SingleBar: new (options: object) => SingleBar;
}

/** The library is loaded when the first bar is drawn: nobody else waits for it, and bundles for pages do without. */
function barLibrary(): BarLibrary {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> };
  const modules = process?.getBuiltinModule?.("node:module");
  if (modules === undefined) {
    throw new Error(
      "TqdmProgressMeter: there is no terminal to draw a bar in; in a page take HtmlProgressMeter({ element })",
    );
  }
  try {
    return modules.createRequire(import.meta.url)("cli-progress") as BarLibrary;
  } catch (cause) {
    // In a bundle that is a script import.meta is empty, and one that is moved finds no packages.
    throw new Error(
      "TqdmProgressMeter: cli-progress, which draws the bar, was not found; leave @diffrax-ts/progress-meters out of the bundle, or take TextProgressMeter()",
      { cause },
    );
  }
}
