import { isOkay, type ProgressMeter, type Result, type RunningMeter } from "@diffrax-ts/protocol";
import { checkOptions, describeValue, part, type Part } from "@diffrax-ts/pytree";

/** Options of `TextProgressMeter`. */
export interface TextProgressMeterOptions {
  /** A line is printed when so much more of the way is done, a fraction. @defaultValue 0.02 */
  readonly minimumIncrease?: number;
  /** Takes a line. @defaultValue console.log */
  readonly print?: (line: string) => void;
}

/** Prints lines. */
export interface TextProgressMeter extends ProgressMeter, Part {
  readonly kind: "TextProgressMeter";
  readonly minimumIncrease: number;
  readonly print: (line: string) => void;
}

/**
 * Prints how far a solve has come, a line for every 2% of the way: `0.00%`, `2.13%`, …, `100.00%`. If the solve fails, the last line is
 * how far it came and why it ended.
 *
 * @throws RangeError for a `minimumIncrease` that is no fraction.
 *
 * @example
 * ```ts
 * import { diffeqsolve, Tsit5 } from "@diffrax-ts/core";
 * import { TextProgressMeter } from "@diffrax-ts/progress-meters";
 *
 * const lines: string[] = [];
 * const progressMeter = TextProgressMeter({ minimumIncrease: 0.3, print: (line) => lines.push(line) });
 * diffeqsolve((t, y) => -y, Tsit5(), { t0: 0, t1: 2, dt0: 0.5, y0: 1, progressMeter });
 * lines;
 * // → ["0.00%", "50.00%", "100.00%"]
 * ```
 */
export function TextProgressMeter(options: TextProgressMeterOptions = {}): TextProgressMeter {
  const { minimumIncrease = 0.02, print = printLine } = checkOptions("TextProgressMeter", options, [
    "minimumIncrease",
    "print",
  ]);
  if (!(minimumIncrease >= 0 && minimumIncrease <= 1)) {
    throw new RangeError(
      `TextProgressMeter: minimumIncrease must be a fraction, from 0 to 1, got ${describeValue(minimumIncrease)}`,
    );
  }
  return part("TextProgressMeter", { minimumIncrease, print, start });
}

function printLine(line: string): void {
  // oxlint-disable-next-line no-console -- to print is what it is for
  console.log(line);
}

function start(this: TextProgressMeter): RunningMeter {
  const { minimumIncrease, print } = this;
  const show = (progress: number): string => `${(100 * progress).toFixed(2)}%`;
  let shown = 0;
  let latest = 0;
  print(show(0));
  return {
    update(progress: number): void {
      latest = progress;
      const isEnd = progress === 1 && shown < 1;
      if (!(progress - shown > minimumIncrease) && !isEnd) return;
      shown = progress;
      print(show(progress));
    },
    close(result: Result | null): void {
      if (result === null || !isOkay(result)) print(`${show(latest)} ${result ?? "error"}`);
      else if (shown < 1) print(show(1));
    },
  };
}
