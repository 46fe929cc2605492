import { add, concatenate, cos, mul, neg, sin, stack, sub, tensor } from "@diffrax-ts/array";
import { jacfwd } from "@diffrax-ts/autodiff";
import { arrayType, printProgram, traceProgram } from "@diffrax-ts/program";
import type { SolverStep, Term, Tree } from "@diffrax-ts/protocol";
import type { Tensor } from "@diffrax-ts/pytree";
import {
  type Pair,
  semiImplicitEulerCoefficients,
  type SplittingCoefficients,
  SemiImplicitEuler,
  StormerVerlet,
  stormerVerletCoefficients,
  type SymplecticSplitting,
  symplecticSplitting,
  Yoshida4,
  yoshida4Coefficients,
} from "@diffrax-ts/solvers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { odeTerm } from "./support/odeTerm.ts";
import { type RootedTree, rootedTrees } from "./support/rootedTrees.ts";

const ruth3: SplittingCoefficients = {
  source: "Ruth (1983), IEEE Trans. Nucl. Sci. 30(4), 2669–2671, doi:10.1109/TNS.1983.4332919",
  order: 3,
  c: [1, -2 / 3, 2 / 3],
  d: [-1 / 24, 3 / 4, 7 / 24],
};

const all = {
  semiImplicitEulerCoefficients,
  stormerVerletCoefficients,
  yoshida4Coefficients,
  ruth3,
};

const trees = rootedTrees(6);

/** `Φᵢ` of a tree whose root stands for this part of the state, for each stage: the nodes below it alternate. */
function stageWeights(
  tree: RootedTree,
  part: 0 | 1,
  coefficients: SplittingCoefficients,
): number[] {
  const { c, d } = coefficients;
  const below = tree.children.map((child) => stageWeights(child, part === 0 ? 1 : 0, coefficients));
  return c.map((_, i) => {
    // Before drift i there were i kicks; before kick i, the drifts up to its own.
    const row = part === 0 ? d.slice(0, i) : c.slice(0, i + 1);
    return below.reduce(
      (product, phi) => product * row.reduce((sum, a, j) => sum + a * phi[j]!, 0),
      1,
    );
  });
}

/** How many conditions of an order do not hold. */
function violated(order: number, coefficients: SplittingCoefficients): number {
  return ([0, 1] as const).flatMap((part) => {
    const b = part === 0 ? coefficients.c : coefficients.d;
    return trees.filter((tree) => {
      if (tree.order !== order) return false;
      const phi = stageWeights(tree, part, coefficients);
      const sum = b.reduce((total, x, i) => total + x * phi[i]!, 0);
      // Fewer than 50 operations on numbers below 10; conditions that do not hold are off by much more.
      return Math.abs(sum - 1 / tree.density) > 1e-13;
    });
  }).length;
}

describe.each(Object.entries(all))("%s", (_, coefficients) => {
  test("fulfils the conditions of its order, for any velocity and force, and not those of the next", () => {
    const { order } = coefficients;
    for (let p = 1; p <= order; p++) expect(violated(p, coefficients)).toBe(0);
    expect(violated(order + 1, coefficients)).toBeGreaterThan(0);
  });

  test("names its source", () => {
    expect(coefficients.source).toMatch(/doi:10\./u);
  });
});

// A pendulum whose clock runs unevenly.
const velocity = odeTerm((t, p) => mul(p as Tensor, add(2, cos(t))));
const force = odeTerm((_t, q) => neg(sin(q as Tensor)));

const at = { args: null, tolerances: null, madeJump: false } as const;

describe("a step, once it runs,", () => {
  const scalar = arrayType("float64", []);

  /** The program of a step from a state that is handed on. */
  function programOf(solver: SymplecticSplitting, keepDense = false): string {
    const state = solver.init([velocity, force], { t0: 0, t1: 1, y0: [1, 2], ...at } as never);
    const inputs = state === null ? 4 : 5;
    const types = Array.from({ length: inputs }, () => scalar);
    const { program } = traceProgram(types, (t0, t1, q, p, kept) => {
      const step = { t0, t1, y0: [q, p], solverState: kept ?? null, ...at };
      const made = solver.step([velocity, force], step as unknown as SolverStep<Tree, Pair>);
      const leaves = [
        ...(made.y1 as Pair),
        made.solverState,
        keepDense ? made.denseInfo["k"]! : null,
      ];
      return leaves.flat(2).filter((x) => x !== null) as Tensor[];
    });
    return printProgram(program);
  }
  const count = (text: string, name: string): number => text.split(` ${name} `).length - 1;

  test.each([
    ["SemiImplicitEuler()", SemiImplicitEuler(), 1],
    ["StormerVerlet()", StormerVerlet(), 1],
    ["Yoshida4()", Yoshida4(), 3],
  ])("has as few forces and velocities as it can: %s", (_, solver, times) => {
    const text = programOf(solver);
    expect([count(text, "sin"), count(text, "cos")]).toEqual([times, times]);
  });

  test("evaluates the velocity twice more for the curve within it, and the force not at all", () => {
    const text = programOf(StormerVerlet(), true);
    expect([count(text, "sin"), count(text, "cos")]).toEqual([1, 3]);
  });
});

// Two parts of two numbers: T(p) = p₀²/2 + p₀² p₁²/2, V(q) = cos q₀ + q₀ q₁²
const curved: readonly [Term, Term] = [
  odeTerm((_t, p) => {
    const [a, b] = [(p as Tensor).at(0), (p as Tensor).at(1)];
    return stack([add(a, mul(a, mul(b, b))), mul(b, mul(a, a))]);
  }),
  odeTerm((_t, q) => {
    const [a, b] = [(q as Tensor).at(0), (q as Tensor).at(1)];
    return stack([sub(sin(a), mul(b, b)), mul(-2, mul(a, b))]);
  }),
];

/** The state of four numbers after one step. */
function moved(solver: SymplecticSplitting, y: Tensor, t0: number, t1: number): Tensor {
  const y0: Pair = [stack([y.at(0), y.at(1)]), stack([y.at(2), y.at(3)])];
  const [from, to] = [tensor(t0), tensor(t1)];
  const solverState = solver.init(curved, { t0: from, t1: to, y0, ...at });
  const { y1 } = solver.step(curved, { t0: from, t1: to, y0, solverState, ...at });
  return concatenate(y1 as readonly Tensor[]);
}

const states = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
  minLength: 4,
  maxLength: 4,
});

describe("a step of a Hamiltonian system", () => {
  const weights = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
    minLength: 3,
    maxLength: 3,
  });
  const withSum1 = (given: readonly number[]): number[] => [
    ...given,
    1 - given.reduce((sum, x) => sum + x, 0),
  ];

  test("is symplectic, whatever the coefficients", () => {
    fc.assert(
      fc.property(states, weights, weights, (y, c, d) => {
        const table = { source: "", order: 1, c: withSum1(c), d: withSum1(d) };
        const solver = symplecticSplitting("test/Any", table);
        const jacobian = jacfwd((y: Tensor) => moved(solver, y, 0, 0.2))(tensor(y));
        const m = jacobian.toArray() as number[][];
        // mᵀ J m = J, with J of the rows (0, 1) and (-1, 0)
        for (let i = 0; i < 4; i++) {
          for (let j = 0; j < 4; j++) {
            const area = [0, 1].reduce(
              (sum, k) => sum + m[k]![i]! * m[k + 2]![j]! - m[k + 2]![i]! * m[k]![j]!,
              0,
            );
            const wanted = j - i === 2 ? 1 : i - j === 2 ? -1 : 0;
            // Eight substeps, whose Jacobians are not far from one.
            expect(Math.abs(area - wanted)).toBeLessThan(1e-12);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ["StormerVerlet()", StormerVerlet()],
    ["Yoshida4()", Yoshida4()],
  ])("and one back come to where they began: %s", (_, solver) => {
    fc.assert(
      fc.property(states, (y) => {
        const there = moved(solver, tensor(y), 0, 0.2);
        const back = moved(solver, there, 0.2, 0).toArray() as number[];
        for (const [i, x] of back.entries()) expect(Math.abs(x - y[i]!)).toBeLessThan(1e-13);
      }),
      { numRuns: 30 },
    );
  });
});

describe("symplecticSplitting(kind, coefficients) refuses", () => {
  const make = (change: object): unknown =>
    symplecticSplitting("test/Method", { ...ruth3, ...change });

  test.each([
    ["no drifts", { c: [] }, "c: expected one drift for each stage, got an array of 0"],
    ["drifts left out", { c: undefined }, "c: expected one drift for each stage, got undefined"],
    ["fewer kicks than drifts", { d: [1 / 2, 1 / 2] }, "d: expected 3 numbers, one for each of 3"],
    ["a drift that is no number", { c: [1, NaN, 0] }, "c[1]: expected a finite number, got NaN"],
    ["drifts of another sum", { c: [1, 1, 1] }, "c: expected the sum of the drifts = 1, got 3"],
    ["kicks of another sum", { d: [0, 1, 1] }, "d: expected the sum of the kicks = 1, got 2"],
    ["no order", { order: undefined }, "order: expected a finite number above 0, got undefined"],
    [
      "an order too high",
      { order: 4 },
      "order: expected at most 3, as the coefficients do not fulfil the conditions of order 4, got 4",
    ],
    [
      "coefficients for kicks before drifts",
      { c: ruth3.c.toReversed(), d: ruth3.d.toReversed() },
      "order: expected at most 1",
    ],
    [
      "other times of the force, if the order is above 1",
      { forceTimes: [0, 0, 0] },
      "forceTimes: expected none, as the order 3 needs the force at c₁, c₁ + c₂, …; leave it out",
    ],
  ])("%s", (_, change, message) => {
    expect(() => make(change)).toThrow(RangeError);
    expect(() => make(change)).toThrow(`symplecticSplitting: test/Method: coefficients.${message}`);
  });

  test("what are no coefficients, and times of the force that are too many", () => {
    expect(() => symplecticSplitting("test/Method", undefined as never)).toThrow(
      "test/Method: coefficients must be SplittingCoefficients, got undefined",
    );
    const euler = { source: "", order: 1, c: [1], d: [1], forceTimes: [0, 0] };
    expect(() => symplecticSplitting("test/Method", euler)).toThrow(
      "coefficients.forceTimes: expected 1 numbers, one for each of 1 stages by c, got an array of 2",
    );
  });
});

test("symplecticSplitting(kind, coefficients) takes all coefficients here, and those of ten digits", () => {
  const rounded = (numbers: readonly number[]): number[] =>
    numbers.map((x) => Number(x.toFixed(10)));
  for (const coefficients of Object.values(all)) {
    expect(symplecticSplitting("test/Method", coefficients).claims.order).toBe(coefficients.order);
    const { c, d } = coefficients;
    const short = { ...coefficients, c: rounded(c), d: rounded(d) };
    expect(symplecticSplitting("test/Method", short).claims.order).toBe(coefficients.order);
  }
});
