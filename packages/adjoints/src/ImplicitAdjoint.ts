import { concatenate, neg, reshape, slice, zerosLike } from "@diffrax-ts/array";
import { customJvp, jacfwd, jvp } from "@diffrax-ts/autodiff";
import { type LinearSolver, linearSolve, LU } from "@diffrax-ts/linear-solvers";
import {
  type Adjoint,
  type AdjointCheck,
  type AdjointProblem,
  isList,
  type SolveInputs,
  type SolveResults,
  type Tree,
  treeLeaves,
} from "@diffrax-ts/protocol";
import {
  checkOptions,
  map,
  part,
  type Scalar,
  structure,
  type Tensor,
  unflatten,
} from "@diffrax-ts/pytree";
import { closedTerm } from "./closedTerm.ts";
import { onlyStates } from "./onlyStates.ts";
import { constantsOf, remake, type UntypedSolve, type Variables } from "./remake.ts";

/** Options of `ImplicitAdjoint`. */
export interface ImplicitAdjointOptions {
  /** Solves the linear system with the matrix `∂f/∂y`. @defaultValue LU() */
  readonly linearSolver?: LinearSolver;
}

/** Differentiates a steady state. */
export interface ImplicitAdjoint extends Adjoint {
  readonly kind: "ImplicitAdjoint";
  readonly linearSolver: LinearSolver;
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
 * Only `saveat: { t1: true }` makes sense with it.
 *
 * @throws TypeError when it is used, for another `saveat`; Error when the derivative runs, if `∂f/∂y` has no inverse.
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
  const { linearSolver = LU() } = checkOptions("ImplicitAdjoint", options, ["linearSolver"]);
  return part("ImplicitAdjoint", { linearSolver, check, loop });
}

function check({ terms, saves, hasSubs, dense }: AdjointCheck): void {
  if (isList(terms)) {
    throw new TypeError(
      "diffeqsolve: adjoint: ImplicitAdjoint() cannot be used with several terms; solve for one, or leave the adjoint out",
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
  // TypeScript does not find an end of what the types of variables may hold.
  const solve = (customJvp as UntypedCustomJvp<Results>)(
    (variables, constants) => remake(problem, variables, constants),
    ([variables, constants, solver], [directions]) => {
      const value = remake(problem, variables, constants);
      const { ts, ys } = value.saves[0]!;
      const t1 = ts.at(0) as Scalar;
      const y1 = unflatten(
        structure(variables.y0),
        ys.map((rows) => rows.at(0)),
      ) as Tree;
      const slope = ({ args, term }: Variables, y: Tree): Tensor =>
        packed(constants.solver.func(term, t1, y, args.params));

      const dSlope = jvp((given: Variables) => slope(given, y1), [variables], [directions]).tangent;
      const matrix = jacfwd((y: Tensor) => slope(variables, unpacked(y, y1)))(packed(y1));
      const dy = linearSolve(matrix, neg(dSlope), { solver }).value;

      const zeros = map((x) => zerosLike(x), value);
      const tangents = treeLeaves(unpacked(dy, y1)).map((x) => reshape(x, [1, ...x.shape]));
      return { value, tangent: { ...zeros, saves: [{ ...zeros.saves[0], ys: tangents }] } };
    },
  );
  const { inputs } = problem;
  const { y0, args } = inputs;
  const variables = { y0, args, term: closedTerm(inputs, "ImplicitAdjoint") };
  const constants = constantsOf(inputs, "ImplicitAdjoint", ["solverState", "controllerState"]);
  return onlyStates(solve(variables, constants, this.linearSolver), "ImplicitAdjoint");
}

/** All elements of a tree in one vector. */
function packed(tree: Tree): Tensor {
  const [first, ...rest] = treeLeaves(tree).map((x) => reshape(x, [x.size]));
  return rest.length === 0 ? first! : concatenate([first!, ...rest]);
}

/** A vector taken apart to a tree like another. */
function unpacked(vector: Tensor, like: Tree): Tree {
  let place = 0;
  const leaves = treeLeaves(like).map(({ shape, size }) => {
    const part = slice(vector, [place, place + size]);
    place += size;
    return reshape(part, shape);
  });
  return unflatten(structure(like), leaves) as Tree;
}

type Solve<Results> = UntypedSolve<LinearSolver, Results>;

type UntypedCustomJvp<Results> = (
  f: Solve<Results>,
  rule: (
    primals: Parameters<Solve<Results>>,
    tangents: Parameters<Solve<Results>>,
  ) => { readonly value: Results; readonly tangent: unknown },
) => Solve<Results>;
