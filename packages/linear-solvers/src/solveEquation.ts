import { add, neg, sub } from "@diffrax-ts/array";
import { assertResult, jvp } from "@diffrax-ts/autodiff";
import {
  apply,
  asTensor,
  type DerivedParams,
  type RunDual,
  spliceProgram,
  traceProgram,
  type Type,
} from "@diffrax-ts/program";
import { flatten, type Structure, type Tensor, unflatten } from "@diffrax-ts/pytree";
import { inSize, mvFlat, outSize } from "./flat.ts";
import type { LinearOperator } from "./LinearOperator.ts";
import type { LinearSolver, LinearSolverInputs } from "./LinearSolver.ts";
import { linearMessages, resultTensor } from "./results.ts";

/** What a vector is solved for with: an operator, a solver, and what that knows of the operator. */
export interface System {
  readonly operator: LinearOperator;
  readonly solver: LinearSolver;
  readonly state: unknown;
  readonly options: LinearSolverInputs;
}

/** What a solve gives. */
export interface Outcome {
  readonly value: Tensor;
  /** The number of its result. */
  readonly code: Tensor;
  readonly stats: Readonly<Record<string, Tensor>>;
}

/**
 * `solver.init(operator)` as one equation, which has no derivative: that of the solution does not need one. A batch takes
 * one operator after the other.
 */
export function prepare(
  solver: LinearSolver,
  operator: LinearOperator,
  options: LinearSolverInputs,
): unknown {
  const { leaves, structure } = leavesOf({ solver, operator, options });
  let output: Structure | undefined;
  const { program, captured } = traceProgram(leaves.map(typeOf), (...inputs) => {
    const given = unflatten(structure, inputs) as Omit<System, "state">;
    const state = leavesOf(given.solver.init(given.operator, given.options));
    output = state.structure;
    return state.leaves;
  });
  const params: DerivedParams = {
    name: `${solver.kind}.init`,
    outputs: program.outputs,
    expand: () => program,
    jvp: (_, tangents) => {
      if (tangents.slice(0, captured.length).some((tangent) => tangent !== null)) refuse(operator);
      return { tangents: program.outputs.map(() => null) };
    },
    hasRule: false,
    transpose: null,
    pair: null,
  };
  return unflatten(output!, apply("derived", [...captured, ...leaves], params));
}

/** What is not among the leaves of an operator would be taken for a constant without a word. */
function refuse({ kind }: LinearOperator): never {
  throw new TypeError(
    `linearSolve: the operator (${kind}) uses a value from outside that would have to be differentiated; ` +
      "let it be one of its fields, or make the operator with FunctionLinearOperator or JacobianLinearOperator, which see to that",
  );
}

/**
 * The solution of `A x = b` as one equation. With pseudoinverses, its derivative is (Golub and Pereyra 1973)
 *
 * ```text
 * dx = A⁺ (db - dA x + A⁺ᵀ dAᵀ (b - A x) - A y) + y,   y = dAᵀ A⁺ᵀ x,
 * ```
 *
 * in which `A⁺` is the same equation again; the third term vanishes if the rows are independent, and `y - A⁺ A y` if the columns are. That
 * is linear in `b`, and transposed it solves with `Aᵀ`: what the solver knows of the operator serves the value, tangents and cotangents.
 *
 * @param throws - Whether solves for derivatives that fail throw. What the value is to do is left to the caller.
 */
export function solve(system: System, vector: Tensor, throws: boolean): Outcome {
  return solveEquation(system, vector, throws ? "derivatives" : "never");
}

/** Which solves throw when they fail. */
type Throws = "never" | "derivatives" | "always";

function solveEquation(system: System, vector: Tensor, throws: Throws): Outcome {
  const { operator, ...rest } = system;
  const [first, second] = [leavesOf(operator), leavesOf(rest)];
  const inputs = [vector, ...first.leaves, ...second.leaves];
  const restored = (leaves: readonly Tensor[]): System => ({
    operator: unflatten(first.structure, leaves.slice(0, first.leaves.length)) as LinearOperator,
    ...(unflatten(second.structure, leaves.slice(first.leaves.length)) as Omit<System, "operator">),
  });
  let stats: Structure | undefined;
  const { program, captured } = traceProgram(inputs.map(typeOf), (b, ...leaves) => {
    const { solver, state, options } = restored(leaves);
    const step = solver.compute(state, b, options);
    const found = leavesOf(step.stats ?? {});
    stats = found.structure;
    if (throws === "always" && step.result !== undefined) assertSuccess(step.result);
    return [step.value, step.result ?? resultTensor("successful"), ...found.leaves];
  });
  const outputs = apply("derived", [...captured, ...inputs], {
    name: "linearSolve",
    outputs: program.outputs,
    expand: () => program,
    jvp: (all, tangents, toTranspose) => {
      const [b, ...leaves] = all.slice(captured.length) as [Tensor, ...Tensor[]];
      const [db, ...moved] = tangents.slice(captured.length) as [Tensor | null, ...null[]];
      const again = restored(leaves);
      const solution = solveEquation(again, b, throws);
      const move = { leaves: moved.slice(0, first.leaves.length), toTranspose };
      return {
        outputs: [solution.value, solution.code, ...leavesOf(solution.stats).leaves],
        tangents: [
          tangentOf(again, solution.value, b, db, move, throws),
          ...program.outputs.slice(1).map(() => null),
        ],
      };
    },
    hasRule: false,
    transpose: (all, [cotangent]) => {
      const leaves = all.slice(captured.length + 1) as Tensor[];
      const back = solveEquation(transposed(restored(leaves)), cotangent!, throws).value;
      return [...captured.map(() => null), back, ...leaves.map(() => null)];
    },
    pair: null,
  } satisfies DerivedParams);
  return {
    value: outputs[0]!,
    code: outputs[1]!,
    stats: unflatten(stats!, outputs.slice(2)) as Outcome["stats"],
  };
}

/** How an operator moves: the tangents of its leaves, and how programs of them are run. */
interface Move {
  readonly leaves: readonly (Tensor | null)[];
  readonly toTranspose: RunDual | null;
}

/** `dx`; `null` is zero. */
function tangentOf(
  system: System,
  x: Tensor,
  b: Tensor,
  db: Tensor | null,
  move: Move,
  throws: Throws,
): Tensor | null {
  const { operator, solver } = system;
  const derivatives = throws === "never" ? "never" : "always";
  const inverse = (a: System, vector: Tensor): Tensor => {
    // A start is close to the solution, and not to what is solved for here.
    const { y0: _, ...options } = a.options;
    return solveEquation({ ...a, options }, vector, derivatives).value;
  };
  if (move.leaves.every((leaf) => leaf === null)) return db && inverse(system, db);
  const dMv = (of: (a: LinearOperator) => Tensor): Tensor | null => tangentIn(operator, move, of);

  const dAx = dMv((a) => mvFlat(a, x));
  const terms: (Tensor | null)[] = [db, dAx && neg(dAx)];
  const [rows, columns] = [outSize(operator), inSize(operator)];
  const isFull = solver.assumeFullRank?.() ?? true;
  let y: Tensor | null = null;
  if (!(isFull && rows <= columns)) {
    const residual = sub(b, mvFlat(operator, x));
    const term = dMv((a) => mvFlat(a.transpose(), residual)); //            dAᵀ (b - A x)
    terms.push(term && inverse(transposed(system), term)); //               A⁺ᵀ …
  }
  if (!(isFull && columns <= rows)) {
    const back = inverse(transposed(system), x); //                         A⁺ᵀ x
    y = dMv((a) => mvFlat(a.transpose(), back)); //                         y = dAᵀ A⁺ᵀ x
    terms.push(y && neg(mvFlat(operator, y)));
  }
  const moved = sum(terms);
  return sum([moved && inverse(system, moved), y]);
}

function sum(terms: readonly (Tensor | null)[]): Tensor | null {
  return terms.reduce((a, b) => (a === null || b === null ? (a ?? b) : add(a, b)), null);
}

/** The tangent of what depends on an operator. */
function tangentIn(
  operator: LinearOperator,
  { leaves: moves, toTranspose }: Move,
  of: (operator: LinearOperator) => Tensor,
): Tensor | null {
  const { leaves, structure } = leavesOf(operator);
  const { program, captured } = traceProgram(leaves.map(typeOf), (...inputs) => [
    of(unflatten(structure, inputs) as LinearOperator),
  ]);
  const inputs = [...captured, ...leaves];
  const tangents = [...captured.map(() => null), ...moves];
  if (toTranspose !== null) return toTranspose(program, inputs, tangents).tangents[0]!;
  const isMoving = tangents.map((tangent) => tangent !== null);
  const f = (...active: readonly Tensor[]): Tensor => {
    let next = 0;
    return spliceProgram(
      program,
      inputs.map((x, i) => (isMoving[i] ? active[next++]! : x)),
    )[0]!;
  };
  const only = <T>(list: readonly T[]): T[] => list.filter((_, i) => isMoving[i]);
  return jvp(f, only(inputs), only(tangents)).tangent;
}

/** The system with the transposed operator. */
function transposed({ operator, solver, state, options }: System): System {
  const { preconditioner } = options;
  return {
    operator: operator.transpose(),
    solver,
    state: solver.transpose(state),
    options: preconditioner === undefined ? {} : { preconditioner: preconditioner.transpose() },
  };
}

/** Inside a traced function a failure cannot be looked at and then thrown: it is an assertion. */
export function assertSuccess(result: Tensor): void {
  assertResult(linearMessages, result, (name) => name !== "successful", "linearSolve: ");
}

function leavesOf(tree: unknown): { leaves: Tensor[]; structure: Structure } {
  const { leaves, structure } = flatten(tree, "linearSolve");
  return { leaves: leaves.map((leaf) => asTensor(leaf, "linearSolve")), structure };
}

function typeOf(x: Tensor): Type {
  return x as unknown as Type;
}
