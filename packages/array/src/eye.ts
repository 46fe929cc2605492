import { allocate, roomFor, tensorOf } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { stored } from "./numbers.ts";
import { dtypeOption, type DTypeOptions, requireCount } from "./shapes.ts";

/**
 * The identity matrix of `n` rows.
 *
 * @example
 * ```ts
 * import { eye } from "@diffrax-ts/array";
 *
 * eye(2).toArray();
 * // → [[1, 0], [0, 1]]
 * ```
 */
export function eye(n: number, options: DTypeOptions = {}): Tensor<readonly [number, number]> {
  requireCount("eye", "n", n);
  const dtype = dtypeOption("eye", options) ?? "float64";
  const data = roomFor("eye", () => allocate(dtype, [n, n]));
  for (let i = 0; i < n; i++) data[i * (n + 1)] = stored("eye", 1, dtype);
  return tensorOf({ dtype, shape: [n, n], data }) as Tensor<readonly [number, number]>;
}
