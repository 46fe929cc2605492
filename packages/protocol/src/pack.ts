import { astype, concatenate, reshape } from "@diffrax-ts/array";
import { asTensor } from "@diffrax-ts/autodiff";
import { describeValue, type DType, isLeaf, type Tensor } from "@diffrax-ts/pytree";

/**
 * Nested arrays of scalars as one tensor; numbers take the dtype.
 *
 * @throws TypeError that says where something else stands, or that rows are not alike.
 */
export function pack(items: readonly unknown[], dtype: DType, path: string): Tensor {
  const rows = items.map((item, i): Tensor => {
    const at = `${path}[${i}]`;
    if (Array.isArray(item)) return pack(item, dtype, at);
    if (typeof item === "number") return astype(item, dtype);
    if (isLeaf(item)) return asTensor(item, at);
    throw new TypeError(`${at}: expected a number, got ${describeValue(item)}`);
  });
  const types = new Set(rows.map(describeValue));
  if (types.size > 1)
    throw new TypeError(`${path}: expected rows of one type, got ${[...types].join(" and ")}`);
  if (types.size === 0) return astype(new Float64Array(0), dtype);
  return concatenate(rows.map((row) => reshape(row, [1, ...row.shape])));
}
