/** The slope of the straight line nearest to `log₂ error` against the number of halvings. */
export function observedOrder(errors: readonly number[]): number {
  const middle = (errors.length - 1) / 2;
  const logs = errors.map((error) => -Math.log2(error));
  const top = logs.reduce((sum, y, i) => sum + y * (i - middle), 0);
  const bottom = logs.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return top / bottom;
}
