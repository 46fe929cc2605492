import { dot, neg, sub, transpose } from "@diffrax-ts/array";
import {
  apply,
  arrayType,
  asTensor,
  type DerivedParams,
  type Program,
  traceProgram,
  type Type,
} from "@diffrax-ts/program";
import { flatten, type Structure, type Tensor, unflatten } from "@diffrax-ts/pytree";
import type { LinearSolver } from "./LinearSolver.ts";

/** A solver, and what it knows of a matrix. */
export interface Prepared {
  readonly solver: LinearSolver;
  readonly state: unknown;
}

/**
 * `solver.init(matrix)` as one equation, which has no derivative: that of the solution does not need one. A batch takes
 * one matrix after the other.
 */
export function prepare(solver: LinearSolver, matrix: Tensor): Prepared {
  const { leaves, structure } = leavesOf(solver);
  const inputs = [matrix, ...leaves];
  let output: Structure | undefined;
  const { program, captured } = traceProgram(inputs.map(typeOf), (a, ...rest) => {
    const state = leavesOf((unflatten(structure, rest) as LinearSolver).init(a));
    output = state.structure;
    return state.leaves;
  });
  const params: DerivedParams = {
    name: `${solver.kind}.init`,
    outputs: program.outputs,
    expand: () => program,
    jvp: () => ({ tangents: [] }),
    hasRule: false,
    transpose: null,
    pair: null,
  };
  return { solver, state: unflatten(output!, apply("derived", [...captured, ...inputs], params)) };
}

/**
 * The solution of `A x = b` as one equation, with the derivative
 *
 * ```text
 * dx = A⁻¹ (db - dA x),
 * ```
 *
 * in which `A⁻¹` is the same equation again. That is linear in `b`, and transposed it solves with `Aᵀ`: what the solver knows of
 * the matrix serves the value, tangents and cotangents.
 */
export function solve(prepared: Prepared, matrix: Tensor, vector: Tensor): Tensor {
  const { leaves, structure } = leavesOf(prepared);
  const inputs = [matrix, vector, ...leaves];
  return apply("derived", inputs, solveEquation(structure, inputs.map(typeOf)))[0]!;
}

/** `(matrix, vector, ...leaves of what is prepared) => solution`. */
function solveEquation(structure: Structure, types: readonly Type[]): DerivedParams {
  const [, { dtype, shape }] = types as readonly [Type, Type];
  const prepared = (leaves: readonly unknown[]): Prepared =>
    unflatten(structure, leaves) as Prepared;
  let program: Program | undefined;
  const params: DerivedParams = {
    name: "linearSolve",
    outputs: [arrayType(dtype, shape)],
    expand: () =>
      (program ??= traceProgram(types, (_, vector, ...leaves) => {
        const { solver, state } = prepared(leaves);
        return [solver.compute(state, vector).value];
      }).program),
    jvp: ([matrix, vector, ...leaves], [dMatrix, dVector]) => {
      const again = (b: Tensor): readonly Tensor[] =>
        apply("derived", [matrix!, b, ...leaves], params);
      const outputs = again(vector!);
      const moved = movedVector(outputs[0]!, dMatrix!, dVector!);
      return { outputs, tangents: moved === null ? [null] : again(moved) };
    },
    hasRule: false,
    transpose: ([matrix, , ...leaves], [cotangent]) => {
      const { solver, state } = prepared(leaves);
      const back = { solver, state: solver.transpose(state) };
      return [null, solve(back, transpose(matrix!), cotangent!), ...leaves.map(() => null)];
    },
    pair: null,
  };
  return params;
}

/** `db - dA x`; `null` is zero. */
function movedVector(x: Tensor, dMatrix: Tensor | null, dVector: Tensor | null): Tensor | null {
  if (dMatrix === null) return dVector;
  const product = dot(dMatrix, x);
  return dVector === null ? neg(product) : sub(dVector, product);
}

function leavesOf(tree: unknown): { leaves: Tensor[]; structure: Structure } {
  const { leaves, structure } = flatten(tree, "linearSolve");
  return { leaves: leaves.map((leaf) => asTensor(leaf, "linearSolve")), structure };
}

function typeOf(x: Tensor): Type {
  return x as unknown as Type;
}
