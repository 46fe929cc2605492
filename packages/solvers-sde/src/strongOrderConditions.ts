// The conditions under which a method for Stratonovich equations has a strong order: its expansion over rooted trees is held against that of the
// solution. A tree is a node of the drift, `f`, or of the noise, `g`, with trees on it; it weighs 1 for each `f` and 1/2 for each `g`. For
// the strong order p trees up to the weight p have to be right as they are, and those of the weight p + 1/2 on average.
//
// Burrage & Burrage (2000), SIAM J. Numer. Anal. 38(5), 1626–1646, doi:10.1137/S0036142999363206
// Milstein & Tretyakov (2004), Stochastic Numerics for Mathematical Physics, 1.1, doi:10.1007/978-3-662-10063-9
import {
  constant,
  isNear,
  mean,
  plus,
  type Polynomial,
  times,
  variable,
} from "./noisePolynomial.ts";
import type {
  AdditiveCoeffs,
  GeneralCoeffs,
  StochasticButcherTableau,
} from "./StochasticButcherTableau.ts";

/** Those of higher orders are not looked at. */
export const highestStrongOrder = 1.5;

interface Tree {
  readonly node: "f" | "g";
  readonly children: readonly Tree[];
}

const f = (...children: readonly Tree[]): Tree => ({ node: "f", children });
const g = (...children: readonly Tree[]): Tree => ({ node: "g", children });

/** What the solution has for a tree over a step of length 1: the iterated integral, or its mean. */
interface Condition {
  readonly tree: Tree;
  readonly exact: Polynomial;
}

interface Conditions {
  readonly order: number;
  readonly exact: readonly Condition[];
  readonly onAverage: readonly (readonly [tree: Tree, mean: number])[];
}

/** With one Brownian motion. More of them have more conditions where the noise is not additive. */
function conditions(): readonly Conditions[] {
  const [W, H] = [variable("W"), variable("H")];
  const power = (n: number): Polynomial => (n === 0 ? constant(1) : times(W, power(n - 1)));
  const of = (tree: Tree, exact: Polynomial): Condition => ({ tree, exact });
  const scaled = (x: number, p: Polynomial): Polynomial => times(constant(x), p);
  return [
    {
      order: 0.5,
      exact: [of(g(), W)],
      onAverage: [
        [f(), 1],
        [g(g()), 1 / 2],
      ],
    },
    {
      order: 1,
      exact: [of(f(), constant(1)), of(g(g()), scaled(1 / 2, power(2)))],
      onAverage: [],
    },
    {
      order: 1.5,
      exact: [
        of(f(g()), plus(scaled(1 / 2, W), H)), //               ∫ W dt
        of(g(f()), plus(scaled(1 / 2, W), scaled(-1, H))), //   ∫ t ∘ dW
        of(g(g(), g()), scaled(1 / 3, power(3))),
        of(g(g(g())), scaled(1 / 6, power(3))),
      ],
      onAverage: [
        [f(f()), 1 / 2],
        [f(g(), g()), 1 / 2],
        [f(g(g())), 1 / 4],
        [g(f(), g()), 1 / 4],
        [g(f(g())), 0],
        [g(g(f())), 1 / 4],
        [g(g(), g(), g()), 3 / 4],
        [g(g(), g(g())), 3 / 8],
        [g(g(g(), g())), 1 / 4],
        [g(g(g(g()))), 1 / 8],
      ],
    },
  ];
}

/**
 * The highest strong order of which a table fulfils the conditions, if that is less than `claimed`; `claimed` otherwise, or 1.5 if it is more.
 */
export function strongOrderReached(tableau: StochasticButcherTableau, claimed: number): number {
  const isNeeded = (tree: Tree): boolean => tableau.noiseType !== "additive" || hasLeavesOnly(tree);
  let reached = 0;
  for (const { order, exact, onAverage } of conditions()) {
    if (order > claimed) break;
    const holds =
      exact.every(
        (one) => !isNeeded(one.tree) || isNear(ofSolution(tableau, one.tree), one.exact),
      ) &&
      onAverage.every(
        ([tree, x]) =>
          !isNeeded(tree) || isNear(constant(mean(ofSolution(tableau, tree))), constant(x)),
      );
    if (!holds) return reached;
    reached = order;
  }
  return Math.max(reached, Math.min(claimed, highestStrongOrder));
}

/** Whether no node of the noise has anything on it: additive noise has no derivatives. */
function hasLeavesOnly({ node, children }: Tree): boolean {
  return (node === "f" || children.length === 0) && children.every(hasLeavesOnly);
}

const areas = [
  ["W", "coeffsW"],
  ["H", "coeffsHh"],
  ["K", "coeffsKk"],
] as const;

/** What a method has for a tree in its solution. */
function ofSolution(tableau: StochasticButcherTableau, tree: Tree): Polynomial {
  return ofWeights(tableau, tree, {
    drift: tableau.bSol,
    noise: (coeffs) => coeffs.bSol,
  });
}

/** … and in stage `i`. */
function ofStage(tableau: StochasticButcherTableau, tree: Tree, i: number): Polynomial {
  return ofWeights(tableau, tree, {
    drift: tableau.a[i - 1] ?? [],
    noise: ({ a }) => (tableau.noiseType === "additive" ? a[i]! : (a[i - 1] ?? [])),
  });
}

interface WeightsOf {
  readonly drift: readonly number[];
  /** For additive noise one number. */
  readonly noise: (coeffs: AdditiveCoeffs | GeneralCoeffs) => number | readonly number[];
}

function ofWeights(
  tableau: StochasticButcherTableau,
  { node, children }: Tree,
  { drift, noise }: WeightsOf,
): Polynomial {
  const sum = (weights: readonly number[]): Polynomial =>
    weights
      .map((weight, j) =>
        children.map((child) => ofStage(tableau, child, j)).reduce(times, constant(weight)),
      )
      .reduce(plus, constant(0));
  if (node === "f") return sum(drift);
  return areas
    .map(([name, field]) => {
      const coeffs = tableau[field];
      if (coeffs === undefined) return constant(0);
      const weights = noise(coeffs);
      return times(variable(name), typeof weights === "number" ? constant(weights) : sum(weights));
    })
    .reduce(plus, constant(0));
}
