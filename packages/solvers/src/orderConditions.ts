import type { SplittingCoefficients } from "./SplittingCoefficients.ts";

// The order conditions of Runge–Kutta methods: a method is of order p if for every rooted tree with at most p nodes
//
//   Σᵢ bᵢ Φᵢ(tree) = 1 / γ(tree),   Φᵢ([t₁ … tₘ]) = Πₖ Σⱼ aᵢⱼ Φⱼ(tₖ),   γ([t₁ … tₘ]) = (number of nodes) · Πₖ γ(tₖ).
//
// Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, II.2, doi:10.1007/978-3-540-78862-1

//
// In a partitioned method, for y' = f(z) and z' = g(y), the nodes of a tree alternate: aᵢⱼ and Φⱼ are those of the other part.
// Hairer, Lubich & Wanner, Geometric Numerical Integration, III.2.1, doi:10.1007/3-540-30666-8

/** A rooted tree, as far as its conditions go. */
interface Tree {
  readonly nodes: number;
  /** `γ`. */
  readonly density: number;
  /** By the part of the state that the root stands for. */
  readonly at: readonly Weights[];
}

interface Weights {
  /** `Φᵢ` for each stage, and the same with all coefficients made positive: what roundings are measured by. */
  readonly phi: readonly number[];
  readonly size: readonly number[];
}

/** How one part of the state is advanced. */
interface Method {
  /** Where its slope is evaluated: row `i` has the weights of the slopes of the next part, or of its own if it is the only one. */
  readonly rows: readonly (readonly number[])[];
  /** The weights of its own slopes in the solution. */
  readonly b: readonly number[];
}

/**
 * The highest order up to which weights fulfil all order conditions, if that is less than `claimed`; `claimed` otherwise. A condition
 * counts as fulfilled if it holds to `1e-8` of the sum of what is added up in it, so that tables with ten digits pass.
 */
export function orderReached(
  aLower: readonly (readonly number[])[],
  b: readonly number[],
  claimed: number,
): number {
  return highestOrder([{ rows: [[], ...aLower], b }], claimed);
}

/** The same for a splitting method, whose stages are those of two Runge–Kutta methods that take turns. */
export function splittingOrderReached({ c, d }: SplittingCoefficients, claimed: number): number {
  const drifts = { rows: d.map((_, i) => d.slice(0, i)), b: c }; //      Pᵢ = p₀ + dᵢ₋₁ Fᵢ₋₁ + …
  const kicks = { rows: c.map((_, i) => c.slice(0, i + 1)), b: d }; //   Qᵢ = q₀ + cᵢ vᵢ + …
  return highestOrder([drifts, kicks], claimed);
}

function highestOrder(methods: readonly Method[], claimed: number): number {
  const trees: Tree[] = [];
  for (let nodes = 1; nodes <= claimed; nodes++) {
    const next = forests(trees, nodes - 1, trees.length).map((forest) => plant(forest, methods));
    if (!next.every((tree) => holds(tree, methods))) return nodes - 1;
    trees.push(...next);
  }
  return claimed;
}

function holds({ density, at }: Tree, methods: readonly Method[]): boolean {
  return methods.every(({ b }, part) => {
    const { phi, size } = at[part]!;
    const sum = b.reduce((total, x, i) => total + x * phi[i]!, 0);
    const scale = b.reduce((total, x, i) => total + Math.abs(x) * size[i]!, 1 / density);
    return Math.abs(sum - 1 / density) <= 1e-8 * scale;
  });
}

/** The tree with these on its root. */
function plant(children: readonly Tree[], methods: readonly Method[]): Tree {
  const nodes = children.reduce((sum, child) => sum + child.nodes, 1);
  const density = children.reduce((product, child) => product * child.density, nodes);
  const at = methods.map(({ rows }, part) => {
    const below = (part + 1) % methods.length;
    return weightsOf(
      children.map((child) => child.at[below]!),
      rows,
    );
  });
  return { nodes, density, at };
}

function weightsOf(children: readonly Weights[], rows: Method["rows"]): Weights {
  const phi = rows.map(() => 1);
  const size = rows.map(() => 1);
  for (const child of children) {
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
  return { phi, size };
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
