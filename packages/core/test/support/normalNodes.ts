/** Where a function of independent standard normal numbers is looked at, and with which weight: the mean of a polynomial up to degree 9 is exact. */
export type NormalNode = readonly [xs: readonly number[], weight: number];

/** Gauss–Hermite quadrature with five nodes for each number. */
export function normalNodes(dimension: number): readonly NormalNode[] {
  if (dimension === 0) return [[[], 1]];
  const root = Math.sqrt(10);
  const pairs = [
    [Math.sqrt(5 - root), (7 + 2 * root) / 60],
    [Math.sqrt(5 + root), (7 - 2 * root) / 60],
  ] as const;
  const nodes = [[0, 8 / 15] as const, ...pairs, ...pairs.map(([x, w]) => [-x, w] as const)];
  const rest = normalNodes(dimension - 1);
  return nodes.flatMap(([x, weight]) =>
    rest.map(([xs, w]): NormalNode => [[x, ...xs], weight * w]),
  );
}
