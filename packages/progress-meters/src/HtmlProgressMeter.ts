import { isOkay, type ProgressMeter, type Result, type RunningMeter } from "@diffrax-ts/protocol";
import { checkOptions, describeValue, part, type Part } from "@diffrax-ts/pytree";

/** What is used of a `<progress>` element. */
export interface ProgressElement {
  value: number;
  max: number;
}

/** Options of `HtmlProgressMeter`. */
export interface HtmlProgressMeterOptions {
  /** A `<progress>` of the page. */
  readonly element: ProgressElement;
  /** The steps after which it is told how far the solve has come. @defaultValue 20 */
  readonly refreshSteps?: number;
}

/** Moves a `<progress>` element. */
export interface HtmlProgressMeter extends ProgressMeter, Part {
  readonly kind: "HtmlProgressMeter";
  readonly element: ProgressElement;
  readonly refreshSteps: number;
}

/**
 * Moves a `<progress>` element of a page, a thousandth of the way at least at a time. A page is drawn while JavaScript rests: during a solve that runs in one go it stands still.
 *
 * @throws TypeError for an `element` without `value` and `max`; RangeError for `refreshSteps` below 1.
 *
 * @example
 * ```ts
 * import { diffeqsolve, Tsit5 } from "@diffrax-ts/core";
 * import { HtmlProgressMeter } from "@diffrax-ts/progress-meters";
 *
 * const element = { value: 0, max: 1 }; // document.querySelector("progress")
 * diffeqsolve((t, y) => -y, Tsit5(), {
 *   t0: 0, t1: 1, dt0: 0.1, y0: 1, progressMeter: HtmlProgressMeter({ element }),
 * });
 * element.value;
 * // → 1
 * ```
 */
export function HtmlProgressMeter(options: HtmlProgressMeterOptions): HtmlProgressMeter {
  const { element, refreshSteps = 20 } = checkOptions("HtmlProgressMeter", options, [
    "element",
    "refreshSteps",
  ]);
  const { value, max } = (element ?? {}) as Partial<ProgressElement>;
  if (typeof value !== "number" || typeof max !== "number") {
    throw new TypeError(
      `HtmlProgressMeter: element must be a <progress> element, got ${describeValue(element)}`,
    );
  }
  if (!(Number.isInteger(refreshSteps) && refreshSteps >= 1)) {
    throw new RangeError(
      `HtmlProgressMeter: refreshSteps must be a whole number above 0, got ${describeValue(refreshSteps)}`,
    );
  }
  return part("HtmlProgressMeter", { element, refreshSteps, start });
}

function start(this: HtmlProgressMeter): RunningMeter {
  const { element } = this;
  let shown = 0;
  const show = (progress: number): void => {
    shown = progress;
    element.value = progress;
  };
  element.max = 1;
  show(0);
  return {
    update(progress: number): void {
      // What is no thousandth further moves no bar.
      if (progress - shown >= 1e-3 || progress === 1) show(progress);
    },
    close(result: Result | null): void {
      if (result !== null && isOkay(result)) show(1);
    },
  };
}
