/** A rooted tree: the subtrees on its root. */
export interface RootedTree {
  readonly children: readonly RootedTree[];
  /** The number of nodes. */
  readonly order: number;
  /** `γ`: the order times the `γ` of the children. */
  readonly density: number;
}

function plant(children: readonly RootedTree[]): RootedTree {
  const order = 1 + children.reduce((sum, child) => sum + child.order, 0);
  return {
    children,
    order,
    density: children.reduce((product, child) => product * child.density, order),
  };
}

/** All rooted trees with at most so many nodes. */
export function rootedTrees(maxOrder: number): RootedTree[] {
  const trees: RootedTree[] = [];
  for (let order = 1; order <= maxOrder; order++) {
    trees.push(...forests(trees, order - 1, trees.length).map((forest) => plant(forest)));
  }
  return trees;
}

/** All ways to take trees with so many nodes together from the first `bound` ones, with repetition. */
function forests(trees: readonly RootedTree[], nodes: number, bound: number): RootedTree[][] {
  if (nodes === 0) return [[]];
  return trees
    .slice(0, bound)
    .flatMap((tree, i) =>
      tree.order > nodes
        ? []
        : forests(trees, nodes - tree.order, i + 1).map((rest) => [tree].concat(rest)),
    );
}

/** A number, and a bound on what roundings have done to it. */
export interface Residual {
  readonly value: number;
  readonly rounding: number;
}

/** The stages of a method: `aᵢⱼ` with all rows, that of the first stage empty. */
export type StageRows = readonly (readonly number[])[];

/** `Φᵢ` of a tree for every stage, and the same with all numbers made positive. */
function stageWeights(tree: RootedTree, a: StageRows): { phi: number[]; size: number[] } {
  const parts = tree.children.map((child) => stageWeights(child, a));
  const product = (row: readonly number[], key: "phi" | "size"): number =>
    parts.reduce(
      (total, part) =>
        total *
        row.reduce((sum, x, j) => sum + (key === "size" ? Math.abs(x) : x) * part[key][j]!, 0),
      1,
    );
  return { phi: a.map((row) => product(row, "phi")), size: a.map((row) => product(row, "size")) };
}

/** `Σᵢ bᵢ Φᵢ - s^order / γ`: what is left of the order condition of a tree after the fraction `s` of a step. */
export function residual(tree: RootedTree, a: StageRows, b: readonly number[], s = 1): Residual {
  const { phi, size } = stageWeights(tree, a);
  const sum = b.reduce((total, x, i) => total + x * phi[i]!, 0);
  const bound = b.reduce((total, x, i) => total + Math.abs(x) * size[i]!, 1);
  // Each coefficient is rounded once; products and sums are as many as nodes and stages.
  const operations = (tree.order + 1) * (a.length + 2);
  return { value: sum - s ** tree.order / tree.density, rounding: operations * 2 ** -53 * bound };
}
