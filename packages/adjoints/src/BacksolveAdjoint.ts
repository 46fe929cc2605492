import { customVjp } from "@diffrax-ts/autodiff";
import {
  type Adjoint,
  type AdjointCheck,
  type AdjointProblem,
  checkAdjoint,
  checkSolver,
  checkStepSizeController,
  isList,
  isStochastic,
  noiseTerms,
  type SolveInputs,
  type SolveResults,
  type Tree,
} from "@diffrax-ts/protocol";
import { checkOptions, part } from "@diffrax-ts/pytree";
import type { BacksolveAdjointOptions } from "./BacksolveAdjointOptions.ts";
import { closedTerm } from "./closedTerm.ts";
import { constantsOf, remake, type UntypedSolve, type Variables } from "./remake.ts";
import { onlyStates } from "./onlyStates.ts";
import { type Residuals, solveBack } from "./solveBack.ts";

/** Solves the adjoint equations backward in time. */
export interface BacksolveAdjoint extends Adjoint {
  readonly kind: "BacksolveAdjoint";
  readonly options: BacksolveAdjointOptions;
}

const optionNames = [
  "dt0",
  "solver",
  "stepsizeController",
  "adjoint",
  "maxSteps",
  "throw",
] as const;

/**
 * Solves the adjoint equations backward in time: "optimise, then discretise".
 *
 * Its memory does not grow with the number of steps, but its gradients are only as good as the tolerances, and can be far off
 * where the equation cannot be solved backward. The default, `RecursiveCheckpointAdjoint`, is nearly always to be preferred.
 *
 * There are gradients with respect to `y0`, to `args`, and to the parameters in the term (`ODETerm(vf, params)`). One with respect
 * to anything else, such as `t0`, or what the vector field takes from outside, is an error that says so.
 *
 * @throws TypeError for an option of another name; when it is used, for what it cannot differentiate: `saveat` with `steps`,
 * `dense`, `fn` or `subs`.
 * @see Chen et al. 2018, Neural Ordinary Differential Equations, https://arxiv.org/abs/1806.07366
 *
 * @example
 * ```ts
 * import { BacksolveAdjoint } from "@diffrax-ts/adjoints";
 *
 * BacksolveAdjoint({ maxSteps: 1000 }).options.maxSteps;
 * // → 1000
 * ```
 */
export function BacksolveAdjoint(options: BacksolveAdjointOptions = {}): BacksolveAdjoint {
  const given = checkOptions("BacksolveAdjoint", options, optionNames);
  const { solver, stepsizeController, adjoint } = given;
  if (solver !== undefined) checkSolver("BacksolveAdjoint: solver", solver);
  if (stepsizeController !== undefined)
    checkStepSizeController("BacksolveAdjoint: stepsizeController", stepsizeController);
  if (adjoint !== undefined) checkAdjoint("BacksolveAdjoint: adjoint", adjoint);
  return part("BacksolveAdjoint", { options: given, check, loop });
}

function check(
  this: BacksolveAdjoint,
  { terms, solver, saves, hasSubs, dense, hasEvent }: AdjointCheck,
): void {
  const refuse = (what: string, way: string): never => {
    throw new TypeError(
      `diffeqsolve: adjoint: BacksolveAdjoint() cannot be used with ${what}; ${way}, or leave the adjoint out`,
    );
  };
  if (hasEvent) refuse("an event", "solve to a t1 that is known");
  if (hasSubs) refuse("saveat.subs", "save the state at one list of times");
  if (dense) refuse("saveat.dense", "save at saveat.ts");
  for (const { steps, fn } of saves) {
    if (steps) refuse("saveat.steps", "save at saveat.ts");
    if (fn) refuse("saveat.fn", "apply the function to solution.ys");
  }
  for (const { path } of noiseTerms(terms))
    if (path.isTakenOnce === true)
      refuse(`${path.kind}, which cannot go back over its steps`, "take VirtualBrownianTree(…)");
  for (const { kind, termStructure, interpretation } of [solver, this.options.solver ?? solver]) {
    if (interpretation === "ito" && isStochastic(terms)) {
      const what = `${kind}() on a stochastic equation, as its solution is that of Itô, and the equations backward are those of Stratonovich`;
      refuse(what, "take a solver such as Heun() or ReversibleHeun()");
    }
    if (termStructure === "term") continue;
    const isOne = !Array.isArray(termStructure) && !("sum" in termStructure);
    const what = isOne ? "a term of a kind" : "several terms";
    refuse(`a solver that takes ${what}`, "take one that takes any single term");
  }
  if (isList(terms)) refuse("several terms", "solve for one");
}

function loop<Inputs extends SolveInputs, Results extends SolveResults>(
  this: BacksolveAdjoint,
  problem: AdjointProblem<Inputs, Results>,
): Results {
  const { inputs } = problem;
  // These are no data: they have to be known when the way back is traced.
  const { maxSteps = inputs.maxSteps, throw: throws = inputs.throws, ...options } = this.options;
  if (options.stepsizeController === undefined && inputs.controller.kind === "StepTo") {
    throw new TypeError(
      "diffeqsolve: adjoint: BacksolveAdjoint() cannot go back by the steps of StepTo; give it another controller: " +
        "BacksolveAdjoint({ stepsizeController })",
    );
  }
  // TypeScript does not find an end of what the types of variables may hold.
  const solve = (customVjp as UntypedCustomVjp<Results>)(
    (variables, constants) => remake(problem, variables, constants),
    {
      forward: (variables, constants, options) => {
        const keeps = { ...inputs.keeps, solverState: true };
        const { solverState, ...made } = remake(problem, variables, constants, keeps);
        const value = { ...made, solverState: inputs.keeps.solverState ? solverState : null };
        const { ts, ys } = value.saves[0]!;
        const residuals = {
          variables,
          constants,
          options,
          ts,
          ys,
          solverState: solverState as Tree,
        };
        return { value: value as unknown as Results, residuals };
      },
      backward: (passed, { saves }) => [
        solveBack(problem, passed, saves[0]!.ys, { maxSteps, throws }),
        null,
        null,
      ],
    },
  );
  const { y0, args } = inputs;
  const variables = { y0, args, term: closedTerm(inputs, "BacksolveAdjoint") };
  const refused = ["t0", "t1", "dt0", "ts", "solverState", "controllerState"] as const;
  // A solution depends on when its vector field jumps, and on nothing else in a controller.
  const jumps = inputs.controller.mayJump ? (["controller"] as const) : [];
  const constants = constantsOf(inputs, "BacksolveAdjoint", [...refused, ...jumps]);
  return onlyStates(solve(variables, constants, options), "BacksolveAdjoint");
}

type Solve<Results> = UntypedSolve<BacksolveAdjointOptions, Results>;

type UntypedCustomVjp<Results> = (
  f: Solve<Results>,
  rule: {
    readonly forward: Solve<{ readonly value: Results; readonly residuals: Residuals }>;
    readonly backward: (
      residuals: Residuals,
      cotangent: Results,
    ) => readonly [Variables, null, null];
  },
) => Solve<Results>;
