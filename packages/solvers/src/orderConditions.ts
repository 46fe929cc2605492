// The order conditions of Runge–Kutta methods: a method is of order p if for every rooted tree with at most p nodes
//
//   Σᵢ bᵢ Φᵢ(tree) = 1 / γ(tree),   Φᵢ([t₁ … tₘ]) = Πₖ Σⱼ aᵢⱼ Φⱼ(tₖ),   γ([t₁ … tₘ]) = (number of nodes) · Πₖ γ(tₖ).
//
// Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, II.2, doi:10.1007/978-3-540-78862-1

/** A rooted tree, as far as its condition goes. */
interface Tree {
  readonly nodes: number;
  /** `γ`. */
  readonly density: number;
  /** `Φᵢ` for each stage, and the same with all coefficients made positive: what roundings are measured by. */
  readonly phi: readonly number[];
  readonly size: readonly number[];
}

/** The stages of a method: row `i` is `aᵢ₁ … aᵢ,ᵢ₋₁`, that of the first stage empty. */
type Rows = readonly (readonly number[])[];

/**
 * The highest order up to which weights fulfil all order conditions, if that is less than `claimed`; `claimed` otherwise. A condition
 * counts as fulfilled if it holds to `1e-8` of the sum of what is added up in it, so that tables with ten digits pass.
 */
export function orderReached(aLower: Rows, b: readonly number[], claimed: number): number {
  const rows = [[], ...aLower];
  const trees: Tree[] = [];
  for (let nodes = 1; nodes <= claimed; nodes++) {
    const next = forests(trees, nodes - 1, trees.length).map((forest) => plant(forest, rows));
    if (!next.every((tree) => holds(tree, b))) return nodes - 1;
    trees.push(...next);
  }
  return claimed;
}

function holds({ phi, size, density }: Tree, b: readonly number[]): boolean {
  const sum = b.reduce((total, x, i) => total + x * phi[i]!, 0);
  const scale = b.reduce((total, x, i) => total + Math.abs(x) * size[i]!, 1 / density);
  return Math.abs(sum - 1 / density) <= 1e-8 * scale;
}

/** The tree with these on its root. */
function plant(children: readonly Tree[], rows: Rows): Tree {
  const phi = rows.map(() => 1);
  const size = rows.map(() => 1);
  let nodes = 1;
  let density = 1;
  for (const child of children) {
    nodes += child.nodes;
    density *= child.density;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      let sum = 0;
      let bound = 0;
      for (let j = 0; j < row.length; j++) {
        sum += row[j]! * child.phi[j]!;
        bound += Math.abs(row[j]!) * child.size[j]!;
      }
      phi[i]! *= sum;
      size[i]! *= bound;
    }
  }
  return { nodes, density: nodes * density, phi, size };
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
