import { neg, reshape, zerosLike } from "@diffrax-ts/array";
import { customJvp, jvp } from "@diffrax-ts/autodiff";
import {
  AutoLinearSolver,
  JacobianLinearOperator,
  type LinearSolver,
  linearSolve,
  type LinearTag,
  type LinearTags,
  tagList,
} from "@diffrax-ts/linear-solvers";
import {
  type Adjoint,
  type AdjointCheck,
  type AdjointProblem,
  isList,
  type SolveInputs,
  type SolveResults,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import {
  checkOptions,
  describeValue,
  isPart,
  map,
  part,
  type Scalar,
  structure,
  unflatten,
} from "@diffrax-ts/pytree";
import { assertAtRest } from "./assertAtRest.ts";
import { closedTerm } from "./closedTerm.ts";
import { onlyStates } from "./onlyStates.ts";
import { constantsOf, remake, type UntypedSolve, type Variables } from "./remake.ts";

/** Options of `ImplicitAdjoint`. */
export interface ImplicitAdjointOptions {
  /** Solves the linear system with the matrix `∂f/∂y`. @defaultValue AutoLinearSolver() */
  readonly linearSolver?: LinearSolver;
  /** What `∂f/∂y` is declared to be, such as `"symmetric"` or `"tridiagonal"`: it is taken as true. @defaultValue nothing */
  readonly tags?: LinearTags;
}

/** Differentiates a steady state. */
export interface ImplicitAdjoint extends Adjoint {
  readonly kind: "ImplicitAdjoint";
  readonly linearSolver: LinearSolver;
  readonly tags: readonly LinearTag[];
}

/**
 * Differentiates a steady state by the implicit function theorem, without looking at how the solve came there: for a solve that is so
 * long that it ends where `f(t, y, args) = 0`,
 *
 *     dy/dθ = -(∂f/∂y)⁻¹ ∂f/∂θ,
 *
 * with `θ` all that is in `args` and in the parameters of the term. With respect to `y0` the derivative is zero. One linear system is
 * solved, whatever the number of steps.
 *
 * For `n` unknowns the default makes the matrix, `[n, n]`, with `n` forward derivatives. If only some diagonals of it are not zero, declare
 * that by `tags` or with `linearSolver: BandedLU({ lower, upper })`; if it is too large to be made, take an iterative solver (`GMRES`, `BiCGStab`).
 *
 * Only `saveat: { t1: true }` makes sense with it. The steady state has to be the only one near: where a sum of unknowns
 * is conserved, as atoms are in chemistry, write one of these in terms of the others.
 *
 * @throws TypeError for an option that is none, and when it is used with another `saveat` or with several terms; Error when the derivative
 * runs, if `∂f/∂y` has no inverse, or if the solve did not come to rest. With `throw: false` there is none, and the derivative is not a
 * number or that of a place nearby.
 *
 * @example
 * ```ts
 * import { ImplicitAdjoint } from "@diffrax-ts/adjoints";
 * import { diffeqsolve, grad, type Scalar, Tsit5 } from "@diffrax-ts/core";
 *
 * // y' = a - y² comes to rest at √a.
 * const rest = (a: Scalar) =>
 *   diffeqsolve((t, y, a) => a - y * y, Tsit5(), {
 *     t0: 0, t1: 30, dt0: 0.1, y0: 1, args: a, adjoint: ImplicitAdjoint(),
 *   }).ys.at(0);
 * grad(rest)(4);
 * // → 0.25
 * ```
 */
export function ImplicitAdjoint(options: ImplicitAdjointOptions = {}): ImplicitAdjoint {
  const { linearSolver = AutoLinearSolver(), tags = [] } = checkOptions(
    "ImplicitAdjoint",
    options,
    ["linearSolver", "tags"],
  );
  if (!isPart(linearSolver) || typeof linearSolver.compute !== "function") {
    throw new TypeError(
      `ImplicitAdjoint: linearSolver must be a linear solver, such as LU(), got ${describeValue(linearSolver)}`,
    );
  }
  return part("ImplicitAdjoint", {
    linearSolver,
    tags: tagList("ImplicitAdjoint", tags),
    check,
    loop,
  });
}

function check({ terms, saves, hasSubs, dense, recordsEvents }: AdjointCheck): void {
  if (isList(terms)) {
    throw new TypeError(
      "diffeqsolve: adjoint: ImplicitAdjoint() cannot be used with several terms; solve for one, or leave the adjoint out",
    );
  }
  if (recordsEvents) {
    throw new TypeError(
      "diffeqsolve: adjoint: ImplicitAdjoint() differentiates a steady state, whatever the way there, and cannot be used with events that are " +
        "recorded or change the state; leave the adjoint out, or end the solve with Event({ condFn: steadyStateEvent() })",
    );
  }
  const [save] = saves;
  const isEnd =
    saves.length === 1 &&
    save!.t1 &&
    !save!.t0 &&
    !save!.steps &&
    save!.fn === null &&
    save!.ts === null;
  if (isEnd && !hasSubs && !dense) return;
  throw new TypeError(
    "diffeqsolve: adjoint: ImplicitAdjoint() differentiates a steady state at the end of a solve, and needs saveat: { t1: true }; " +
      "leave the adjoint out to differentiate what comes before",
  );
}

function loop<Inputs extends SolveInputs, Results extends SolveResults>(
  this: ImplicitAdjoint,
  problem: AdjointProblem<Inputs, Results>,
): Results {
  const { throws } = problem.inputs;
  // TypeScript does not find an end of what the types of variables may hold.
  const solve = (customJvp as UntypedCustomJvp<Results>)(
    (variables, constants) => remake(problem, variables, constants),
    ([variables, constants, { linearSolver, tags }], [directions]) => {
      const value = remake(problem, variables, constants);
      const { ts, ys } = value.saves[0]!;
      const t1 = ts.at(0) as Scalar;
      const y1 = unflatten(
        structure(variables.y0),
        ys.map((rows) => rows.at(0)),
      ) as Tree;
      const slope = ({ args, term }: Variables, y: Tree): Tree =>
        constants.solver.func(term, t1, y, args.params);
      const jacobian = JacobianLinearOperator((y: Tree) => slope(variables, y), y1, { tags });
      const solver = { solver: linearSolver };
      // What is left to go, by Newton's method; what the linear solver knows of the matrix serves all solves.
      const { value: rest, state } = linearSolve(jacobian, slope(variables, y1) as never, {
        ...solver,
        throw: false,
      });
      const known = { ...solver, state };
      if (throws) assertAtRest({ y0: variables.y0, y1, rest }, jacobian, known);
      const dSlope = jvp((given: Variables) => slope(given, y1), [variables], [directions]).tangent;
      const { value: dy } = linearSolve(jacobian, treeMap(neg, dSlope) as never, {
        ...known,
        throw: throws,
      });

      const zeros = map((x) => zerosLike(x), value);
      const tangents = treeLeaves(dy).map((x) => reshape(x, [1, ...x.shape]));
      return { value, tangent: { ...zeros, saves: [{ ...zeros.saves[0], ys: tangents }] } };
    },
  );
  const { inputs } = problem;
  const { y0, args } = inputs;
  const variables = { y0, args, term: closedTerm(inputs, "ImplicitAdjoint") };
  const constants = constantsOf(inputs, "ImplicitAdjoint", ["solverState", "controllerState"]);
  return onlyStates(solve(variables, constants, this), "ImplicitAdjoint");
}

type Solve<Results> = UntypedSolve<ImplicitAdjoint, Results>;

type UntypedCustomJvp<Results> = (
  f: Solve<Results>,
  rule: (
    primals: Parameters<Solve<Results>>,
    tangents: Parameters<Solve<Results>>,
  ) => { readonly value: Results; readonly tangent: unknown },
) => Solve<Results>;
