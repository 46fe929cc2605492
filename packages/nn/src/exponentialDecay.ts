import { div, floor, lessEqual, maximum, minimum, mul, pow, sub, where } from "@diffrax-ts/array";
import { checkOptions, type Part, part, type Scalar } from "@diffrax-ts/pytree";
import { requireCount, requireNumber } from "./checks.ts";
import { countOf, type Schedule } from "./Schedule.ts";

/** Options of `exponentialDecay`. */
export interface ExponentialDecayOptions {
  readonly initValue: number;
  /** In how many steps it is multiplied by `decayRate`. */
  readonly transitionSteps: number;
  readonly decayRate: number;
  /** After how many steps it starts. @defaultValue 0 */
  readonly transitionBegin?: number;
  /** Whether it changes only every `transitionSteps`. @defaultValue false */
  readonly staircase?: boolean;
  /** Where it stops; `null` for nowhere. @defaultValue null */
  readonly endValue?: number | null;
}

interface ExponentialDecay extends Schedule, Part<"exponentialDecay"> {
  readonly options: Required<ExponentialDecayOptions>;
}

/**
 * `initValue · decayRate^((count - transitionBegin) / transitionSteps)`. What `optax.exponential_decay` gives in float32, in float64.
 *
 * @throws RangeError if a number makes no sense; TypeError if an option does not exist.
 *
 * @example
 * ```ts
 * import { exponentialDecay } from "@diffrax-ts/nn";
 *
 * const rate = exponentialDecay({ initValue: 1, transitionSteps: 10, decayRate: 0.25 });
 * [0, 5, 10].map((count) => rate.value(count).item());
 * // → [1, 0.5, 0.25]
 * ```
 */
export function exponentialDecay(options: ExponentialDecayOptions): Schedule {
  const name = "exponentialDecay";
  const given = checkOptions(name, options, [
    "initValue",
    "transitionSteps",
    "decayRate",
    "transitionBegin",
    "staircase",
    "endValue",
  ]);
  const { initValue, transitionSteps, decayRate, transitionBegin = 0 } = given;
  const { staircase = false, endValue = null } = given;
  requireNumber(name, "initValue", initValue, "a finite number", Number.isFinite);
  requireNumber(name, "decayRate", decayRate, "> 0", (x) => x > 0 && x < Infinity);
  if (endValue !== null)
    requireNumber(name, "endValue", endValue, "a finite number or null", Number.isFinite);
  requireCount(name, "transitionSteps", transitionSteps, 1);
  requireCount(name, "transitionBegin", transitionBegin, 0);
  return part(name, {
    options: { initValue, transitionSteps, decayRate, transitionBegin, staircase, endValue },
    value,
  });
}

function value(this: ExponentialDecay, count: Scalar | number): Scalar {
  const { initValue, transitionSteps, decayRate, transitionBegin, staircase, endValue } =
    this.options;
  const since = sub(countOf(count), transitionBegin);
  const power = div(since, transitionSteps);
  const decayed = mul(pow(decayRate, staircase ? floor(power) : power), initValue);
  const rate = where(lessEqual(since, 0), initValue, decayed);
  if (endValue === null) return rate;
  return decayRate < 1 ? maximum(rate, endValue) : minimum(rate, endValue);
}
