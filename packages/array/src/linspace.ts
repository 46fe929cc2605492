import {
  add,
  astype,
  broadcastTogether,
  div,
  equal,
  floor,
  isFloat,
  mul,
  sub,
  where,
  roomFor,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { arange } from "./arange.ts";
import { dtypeOption, type DTypeOptions, requireCount } from "./shapes.ts";

/** Options of `linspace`. */
export interface LinspaceOptions extends DTypeOptions {
  /** Whether `stop` is the last number, or the first one left out. @defaultValue true */
  readonly endpoint?: boolean;
}

/**
 * `num` numbers from `start` to `stop` at equal distances: `start + i step` with
 * `step = (stop - start) / (num - 1)`, and `stop` itself at the end. `[num]`
 *
 * Rounded as NumPy rounds it. `start` and `stop` may be traced.
 *
 * @example
 * ```ts
 * import { linspace } from "@diffrax-ts/array";
 *
 * linspace(0, 1, 5).toArray();
 * // → [0, 0.25, 0.5, 0.75, 1]
 * linspace(0, 1, 4, { endpoint: false }).toArray();
 * // → [0, 0.25, 0.5, 0.75]
 * ```
 */
export function linspace(
  start: number | Tensor,
  stop: number | Tensor,
  num = 50,
  options: LinspaceOptions = {},
): Tensor<readonly [number]> {
  requireCount("linspace", "num", num);
  const dtype = dtypeOption("linspace", options, "endpoint");
  const { endpoint = true } = options;
  const [from, to] = broadcastTogether("linspace", start, stop).map((x, i) => {
    if (x.shape.length === 0) return isFloat(x.dtype) ? x : astype(x, "float64");
    throw new TypeError(
      `linspace: ${i === 0 ? "start" : "stop"} must be a scalar, got shape [${x.shape.join()}]`,
    );
  }) as [Tensor, Tensor];
  const gaps = endpoint ? num - 1 : num;
  const i = roomFor("linspace", () => arange(num, { dtype: from.dtype }));
  const delta = sub(to, from);
  const step = div(delta, Math.max(gaps, 1));
  // A step too small for a number is spread over the whole.
  const scaled = where(equal(step, 0), mul(div(i, Math.max(gaps, 1)), delta), mul(i, step));
  const inner = add(scaled, from);
  const y = endpoint && num > 1 ? where(equal(i, num - 1), to, inner) : inner;
  if (dtype === undefined || dtype === y.dtype) return y as Tensor<readonly [number]>;
  return astype(isFloat(dtype) ? y : floor(y), dtype) as Tensor<readonly [number]>;
}
