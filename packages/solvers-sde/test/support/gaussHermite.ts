/** A quadrature for the mean of a function of a standard normal number: exact for polynomials up to degree 13. */
const nodes: readonly (readonly [x: number, weight: number])[] = [
  [0, 16 / 35],
  [1.154405394739968, 0.2401231786050126],
  [2.366759410734541, 0.03075712396758649],
  [3.750439717725742, 0.0005482688559722178],
].flatMap(([x, weight]) =>
  x === 0
    ? [[x, weight!]]
    : [
        [x!, weight!],
        [-x!, weight!],
      ],
) as never;

/** The same for several independent numbers: a grid of the nodes. */
export function normalNodes(
  dimension: number,
): readonly (readonly [x: readonly number[], weight: number])[] {
  if (dimension === 0) return [[[], 1]];
  const rest = normalNodes(dimension - 1);
  return nodes.flatMap(([x, weight]) =>
    rest.map(([xs, w]): readonly [readonly number[], number] => [[x, ...xs], weight * w]),
  );
}
