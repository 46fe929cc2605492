import type { ButcherTableau } from "@diffrax-ts/solvers";

/** A rooted tree of which each node stands for one of several tableaus. */
export interface ColouredTree {
  readonly colour: number;
  readonly children: readonly ColouredTree[];
  /** The number of nodes. */
  readonly order: number;
  /** `γ`: the order times the `γ` of the children. */
  readonly density: number;
}

/** All rooted trees with at most so many nodes, of so many colours. */
export function colouredTrees(maxOrder: number, colours: number): ColouredTree[] {
  const trees: ColouredTree[] = [];
  for (let order = 1; order <= maxOrder; order++) {
    const next = forests(trees, order - 1, trees.length);
    for (let colour = 0; colour < colours; colour++) {
      for (const children of next) {
        const density = children.reduce((product, child) => product * child.density, order);
        trees.push({ colour, children, order, density });
      }
    }
  }
  return trees;
}

/** All ways to take trees with so many nodes together from the first `bound` ones, with repetition. */
function forests(trees: readonly ColouredTree[], nodes: number, bound: number): ColouredTree[][] {
  if (nodes === 0) return [[]];
  return trees
    .slice(0, bound)
    .flatMap((tree, i) =>
      tree.order > nodes
        ? []
        : forests(trees, nodes - tree.order, i + 1).map((rest) => [tree].concat(rest)),
    );
}

/** `aᵢ₁ … aᵢᵢ` of every stage. */
export function rows({ aLower, aDiagonal }: ButcherTableau): readonly (readonly number[])[] {
  return [[], ...aLower].map((row: readonly number[], i) => row.concat(aDiagonal?.[i] ?? 0));
}

/** What is left of the order condition of a tree, and a bound on what roundings have done to it. */
export function residual(
  tree: ColouredTree,
  tableaus: readonly ButcherTableau[],
  weightsOf: (tableau: ButcherTableau) => readonly number[],
): { readonly value: number; readonly rounding: number } {
  const b = weightsOf(tableaus[tree.colour]!);
  const { phi, size } = stageWeights(tree, tableaus);
  const sum = b.reduce((total, x, i) => total + x * phi[i]!, 0);
  const bound = b.reduce((total, x, i) => total + Math.abs(x) * size[i]!, 1);
  // Each coefficient is rounded once; products and sums are as many as nodes and stages.
  const operations = (tree.order + 1) * (b.length + 2);
  return { value: sum - 1 / tree.density, rounding: operations * 2 ** -53 * bound };
}

/** `Φᵢ` of a tree for every stage, and the same with all numbers made positive. */
function stageWeights(
  { children }: ColouredTree,
  tableaus: readonly ButcherTableau[],
): { phi: number[]; size: number[] } {
  const stages = tableaus[0]!.bSol.map(() => 1);
  const [phi, size] = [[...stages], [...stages]];
  for (const child of children) {
    const below = stageWeights(child, tableaus);
    for (const [i, row] of rows(tableaus[child.colour]!).entries()) {
      phi[i]! *= row.reduce((sum, a, j) => sum + a * below.phi[j]!, 0);
      size[i]! *= row.reduce((sum, a, j) => sum + Math.abs(a) * below.size[j]!, 0);
    }
  }
  return { phi, size };
}
