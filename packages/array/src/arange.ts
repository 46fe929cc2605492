import { allocate, roomFor, tensorOf } from "@diffrax-ts/program";
import { describeValue, type Tensor } from "@diffrax-ts/pytree";
import { stored } from "./numbers.ts";
import { dtypeOption, type DTypeOptions } from "./shapes.ts";

/**
 * The numbers from `start` up to, and without, `stop`, by steps: `start + i ((start + step) - start)`, as NumPy
 * rounds it. With a fractional step the last one may be at `stop`; then `linspace` is the better choice.
 *
 * @throws RangeError if a number is not finite, if `step` is 0, or if a number does not fit into the dtype.
 *
 * @example
 * ```ts
 * import { arange } from "@diffrax-ts/array";
 *
 * arange(3).toArray();
 * // → [0, 1, 2]
 * arange(5, 0, -2, { dtype: "int32" }).toArray();
 * // → [5, 3, 1]
 * ```
 */
export function arange(stop: number, options?: DTypeOptions): Tensor<readonly [number]>;
export function arange(
  start: number,
  stop: number,
  step?: number,
  options?: DTypeOptions,
): Tensor<readonly [number]>;
export function arange(
  first: number,
  second?: number | DTypeOptions,
  step = 1,
  options?: DTypeOptions,
): Tensor<readonly [number]> {
  const hasStop = typeof second === "number";
  const [start, stop] = hasStop ? [first, second] : [0, first];
  for (const [name, x] of Object.entries({ start, stop, step })) {
    if (Number.isFinite(x) && !(name === "step" && x === 0)) continue;
    const range = name === "step" ? "finite and not 0" : "finite";
    throw new RangeError(`arange: ${name} must be a number, ${range}, got ${describeValue(x)}`);
  }
  const dtype = dtypeOption("arange", (hasStop ? options : second) ?? {}) ?? "float64";
  const size = Math.max(Math.ceil((stop - start) / step), 0);
  const data = roomFor("arange", () => allocate(dtype, size));
  const delta = start + step - start;
  for (let i = 0; i < data.length; i++) data[i] = stored("arange", start + i * delta, dtype);
  return tensorOf({ dtype, shape: [data.length], data }) as Tensor<readonly [number]>;
}
