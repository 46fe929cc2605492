import { np, type Tensor } from "@diffrax-ts/core";

/** For each share, the values that it of all rows lies below, column by column. */
export function quantiles(rows: Tensor, shares: readonly number[]): number[][] {
  const [count = 0, columns = 0] = rows.shape;
  const all = [...np.ravel(rows)];
  const found: number[][] = shares.map(() => []);
  const column = new Float64Array(count);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < count; i++) column[i] = all[i * columns + j]!;
    column.sort();
    for (const [k, share] of shares.entries())
      found[k]!.push(column[Math.floor(share * (count - 1))]!);
  }
  return found;
}
