// The order conditions of Runge–Kutta methods: a method is of order p if for every rooted tree with at most p nodes
//
//   Σᵢ bᵢ Φᵢ(tree) = 1 / γ(tree),   Φᵢ([t₁ … tₘ]) = Πₖ Σⱼ aᵢⱼ Φⱼ(tₖ),   γ([t₁ … tₘ]) = (number of nodes) · Πₖ γ(tₖ).
//
// If several methods work together, each node has a colour, which says whose slope it stands for. The weights are those of the root's colour, and the
// coefficients below a node those with which slopes of the child's colour enter its stages.
//
// Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, II.2 and II.15, doi:10.1007/978-3-540-78862-1
// Hairer, Lubich & Wanner, Geometric Numerical Integration, III.2.1, doi:10.1007/3-540-30666-8
// Araújo, Murua & Sanz-Serna (1997), SIAM J. Numer. Anal. 34(5), 1926–1947, doi:10.1137/S0036142995292128
import type { SplittingCoefficients } from "./SplittingCoefficients.ts";

/** A rooted tree, as far as its condition goes. */
interface Tree {
  readonly nodes: number;
  /** Of the root: the place of its method. */
  readonly colour: number;
  /** `γ`. */
  readonly density: number;
  /** `Φᵢ` for each stage, and the same with all coefficients made positive: what roundings are measured by. */
  readonly phi: readonly number[];
  readonly size: readonly number[];
}

/** Row `i` is `aᵢ₁ …`, as far as it is not zero. */
type StageRows = readonly (readonly number[])[];

/** One of the methods that work together. */
interface Method {
  /** With which coefficients the slopes of each of the methods enter the stages of this one; `null` if they do not. */
  readonly rows: readonly (StageRows | null)[];
  /** The weights of its own slopes in the solution. */
  readonly b: readonly number[];
}

/** A Runge–Kutta method: its stages with all rows, and weights for them. */
export interface Weighted {
  readonly rows: StageRows;
  readonly b: readonly number[];
}

/**
 * The highest order up to which methods fulfil all order conditions, if that is less than `claimed`; `claimed` otherwise. A condition
 * counts as fulfilled if it holds to `1e-8` of the sum of what is added up in it, so that tables with ten digits pass.
 *
 * @param methods - One, or for a sum of terms one for each, whose increments are added in every stage.
 */
export function orderReached(methods: readonly Weighted[], claimed: number): number {
  const rows = methods.map((method) => method.rows);
  return highestOrder(
    methods.map(({ b }) => ({ rows, b })),
    claimed,
  );
}

/** The same for a splitting method, whose stages are those of two Runge–Kutta methods that take turns. */
export function splittingOrderReached({ c, d }: SplittingCoefficients, claimed: number): number {
  const drifts = { rows: [null, d.map((_, i) => d.slice(0, i))], b: c }; //      Pᵢ = p₀ + dᵢ₋₁ Fᵢ₋₁ + …
  const kicks = { rows: [c.map((_, i) => c.slice(0, i + 1)), null], b: d }; //   Qᵢ = q₀ + cᵢ vᵢ + …
  return highestOrder([drifts, kicks], claimed);
}

function highestOrder(methods: readonly Method[], claimed: number): number {
  const trees: Tree[] = [];
  for (let nodes = 1; nodes <= claimed; nodes++) {
    const next = forests(trees, nodes - 1, trees.length).flatMap((forest) =>
      methods.flatMap((method, colour) =>
        forest.every((child) => method.rows[child.colour] !== null)
          ? [plant(forest, colour, method)]
          : [],
      ),
    );
    if (!next.every((tree) => holds(tree, methods[tree.colour]!))) return nodes - 1;
    trees.push(...next);
  }
  return claimed;
}

function holds({ phi, size, density }: Tree, { b }: Method): boolean {
  const sum = b.reduce((total, x, i) => total + x * phi[i]!, 0);
  const scale = b.reduce((total, x, i) => total + Math.abs(x) * size[i]!, 1 / density);
  return Math.abs(sum - 1 / density) <= 1e-8 * scale;
}

/** The tree with these on its root. */
function plant(children: readonly Tree[], colour: number, { rows, b }: Method): Tree {
  const phi = b.map(() => 1);
  const size = b.map(() => 1);
  const nodes = children.reduce((sum, child) => sum + child.nodes, 1);
  const density = children.reduce((product, child) => product * child.density, nodes);
  for (const child of children) {
    for (const [i, row] of rows[child.colour]!.entries()) {
      let sum = 0;
      let bound = 0;
      for (const [j, a] of row.entries()) {
        sum += a * child.phi[j]!;
        bound += Math.abs(a) * child.size[j]!;
      }
      phi[i]! *= sum;
      size[i]! *= bound;
    }
  }
  return { nodes, colour, density, phi, size };
}

/** All ways to take trees with so many nodes together from the first `bound` ones, with repetition. */
function forests(trees: readonly Tree[], nodes: number, bound: number): Tree[][] {
  if (nodes === 0) return [[]];
  return trees
    .slice(0, bound)
    .flatMap((tree, i) =>
      tree.nodes > nodes
        ? []
        : forests(trees, nodes - tree.nodes, i + 1).map((rest) => [tree].concat(rest)),
    );
}
