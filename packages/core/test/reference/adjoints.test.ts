import { add, cos, less, mul, onesLike, sum, where } from "@diffrax-ts/array";
import {
  BacksolveAdjoint,
  DirectAdjoint,
  ForwardMode,
  ImplicitAdjoint,
  jacfwd,
  jvp,
  ODETerm,
  RecursiveCheckpointAdjoint,
  valueAndGrad,
} from "@diffrax-ts/core";
import {
  type Adjoint,
  resultName,
  type Terms,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import { type Callable, isTensor, map, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { differences } from "./differences.ts";
import {
  type GradientCase,
  type JsonTerms,
  type NamedPart,
  readFigures,
  type Stats,
} from "./figures.ts";
import { type JsonTree, readNumber, readTensor, readTree } from "./jsonTree.ts";
import {
  asField,
  makeController,
  makeEvent,
  makeSaveAt,
  makeSolver,
  makeTerms,
  type Writing,
} from "./parts.ts";
import { problems } from "./problems.ts";
import { camelCase } from "./solveCase.ts";
import { solveParts } from "../support/solveParts.ts";

const { cases } = readFigures<GradientCase>("adjoints");

/** What a case is differentiated with respect to. */
type Variables = Partial<Record<"y0" | "args" | "terms", unknown>>;

/** Of the saved rows of a leaf, and their times; those that were filled up are infinite. */
const losses: Readonly<Record<string, (rows: Tensor, ts: Tensor) => Tensor>> = {
  sumLast: (rows) => sum(rows.at(-1)),
  sumSquares: (rows) => mul(0.5, sum(where(less(rows, Infinity), mul(rows, rows), 0))),
  sumCos: (rows) => sum(cos(rows)),
  eventTime: (_rows, ts) => ts.at(-1),
  eventTimeAndState: (rows, ts) =>
    add(mul(ts.at(-1), ts.at(-1)), sum(mul(rows.at(-1), rows.at(-1)))),
};

const adjoints: Readonly<Record<string, (options: NamedPart["options"]) => Adjoint>> = {
  RecursiveCheckpointAdjoint,
  DirectAdjoint,
  ForwardMode,
  ImplicitAdjoint,
  BacksolveAdjoint: ({ solver, stepsizeController }) =>
    BacksolveAdjoint({
      ...(solver === undefined ? {} : { solver: makeSolver(solver as NamedPart) }),
      ...(stepsizeController === undefined
        ? {}
        : { stepsizeController: makeController(stepsizeController as NamedPart) }),
    }),
};

interface CaseSolution {
  readonly ts: Tensor;
  readonly ys: Tree;
  readonly stats: Readonly<Record<keyof Stats, Tensor>>;
  readonly result: Tensor;
}

/** One term, perhaps with parameters, or a sum of several. */
function termsOf({ problem, terms }: GradientCase, writing: Writing, all: Variables): Terms {
  if (terms?.kind === "MultiTerm") return makeTerms(terms as JsonTerms, writing) as Terms;
  const field = asField(problems[problem.name]!, writing);
  return terms === undefined ? ODETerm(field as never) : ODETerm(field as never, all.terms);
}

function solveCase(figure: GradientCase, writing: Writing, all: Variables): CaseSolution {
  const { t0, dt0, maxSteps, adjoint, event } = figure;
  const t1 = readNumber(figure.t1);
  return solveParts(termsOf(figure, writing, all), makeSolver(figure.solver), {
    t0,
    t1,
    dt0: dt0 ?? 0.01 * Math.sign(t1 - t0),
    y0: all.y0,
    args: all.args,
    saveat: makeSaveAt(figure.saveat, writing),
    stepsizeController: makeController(figure.stepsizeController),
    adjoint: adjoints[adjoint.name]!(adjoint.options ?? {}),
    event: event === undefined ? null : makeEvent(event, writing),
    maxSteps,
    throw: false,
  }) as unknown as CaseSolution;
}

/** Differentiates a case, and says where the result departs from the figures. */
function differentiateCase(figure: GradientCase, writing: Writing): string[] {
  const { y0, problem, terms, gradient, expected, tolerance } = figure;
  const leaf = readTensor("float64");
  const all: Variables = {
    y0: readTree(y0, leaf),
    args: readTree(problem.args, leaf),
    terms: readTree(terms?.params, leaf),
  };
  const variables = Object.fromEntries(gradient.wrt.map((name) => [name, all[name]]));
  const solve = (given: Variables): CaseSolution =>
    solveCase(figure, writing, { ...all, ...given });
  const lossOf = ({ ts, ys }: CaseSolution): Scalar =>
    treeLeaves(ys)
      .map((rows) => losses[gradient.loss]!(rows, ts))
      .reduce((a, b) => a.add(b)) as Scalar;
  const loss = (given: Variables): Scalar => lossOf(solve(given));

  const withStats = (given: Variables) => {
    const solution = solve(given);
    const { stats, result } = solution;
    return [lossOf(solution), { stats, result }] as const;
  };
  const derivatives: Readonly<Record<GradientCase["gradient"]["mode"], () => unknown>> = {
    reverse: () =>
      valueAndGrad(withStats as Callable as never, { hasAux: true })(variables as never),
    jvp: () => {
      const ones = map(onesLike as never, variables);
      const { value, tangent } = jvp(withStats as never, [variables], [ones]);
      const [[total, aux], [slope]] = [value, tangent] as unknown as [[Scalar, object], [Scalar]];
      return { value: total, tangent: slope, aux };
    },
    jacfwd: () => {
      const last = (given: Variables) => {
        const solution = solve(given);
        const { stats, result } = solution;
        return [
          treeMap((rows) => rows.at(-1), solution.ys),
          { value: lossOf(solution), stats, result },
        ] as const;
      };
      const { jacobian, aux } = jacfwd(
        last as never,
        { hasAux: true } as never,
      )(variables as never) as unknown as { jacobian: unknown; aux: { value: Tensor } };
      return { value: aux.value, jacobian, aux };
    },
    hessian: () => {
      const [value, aux] = withStats(variables);
      return {
        value,
        aux,
        hessian: jacfwd(((given: Variables) => jacfwd(loss as never)(given as never)) as never)(
          variables as never,
        ),
      };
    },
  };
  const found = derivatives[gradient.mode]() as Record<string, unknown> & {
    readonly aux: Omit<CaseSolution, "ts" | "ys">;
  };
  const names = {
    reverse: "grad",
    jvp: "tangent",
    jacfwd: "jacobian",
    hessian: "hessian",
  } as const;
  const name = names[gradient.mode];
  const wanted = expected[name === "grad" ? "grads" : name] as JsonTree;
  const { numSteps, numAcceptedSteps, numRejectedSteps } = found.aux.stats;
  const stats = { numSteps, numAcceptedSteps, numRejectedSteps };
  const exactly = { rtol: 0, atol: 0 };
  const wrong = [
    ...differences(found["value"], expected.value, tolerance, "value"),
    ...differences(found[name], wanted, tolerance, name),
    ...differences(stats, expected.stats as unknown as JsonTree, exactly, "stats"),
  ];
  const { result } = found.aux;
  const ended = isTensor(result) ? resultName(result.item()) : result;
  if (ended !== camelCase(expected.result)) wrong.push(`result: ${ended}`);
  return wrong;
}

describe.each(["onTensors", "plain"] as const)(
  "the derivative of a solution is that of the figures, %s:",
  (writing) => {
    test.each(cases)("$id", (figure) => {
      expect(differentiateCase(figure, writing)).toEqual([]);
    });
  },
);
