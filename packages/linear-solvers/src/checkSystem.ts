import { asTensor } from "@diffrax-ts/array";
import { isFloat } from "@diffrax-ts/program";
import {
  checkOptions,
  describeValue,
  isLeaf,
  isPart,
  type Leaf,
  type Tensor,
} from "@diffrax-ts/pytree";
import type { LinearSolveOptions } from "./LinearSolveOptions.ts";

/**
 * Matrix and vector as tensors.
 *
 * @throws TypeError if they are no system of equations.
 */
export function checkSystem(matrix: Leaf, vector: Leaf): readonly [Tensor, Tensor] {
  const a = floats("matrix", matrix);
  const b = floats("vector", vector);
  const n = a.shape[0]!;
  if (a.shape.length !== 2 || a.shape[1] !== n) {
    const advice = a.shape.length > 2 ? "; for several of them use vmap" : "";
    throw new TypeError(
      `linearSolve: matrix must be square, [n, n], got ${describeValue(a)}${advice}`,
    );
  }
  if (b.shape.length !== 1 || b.length !== n) {
    const advice = b.shape.length > 1 ? "; for several of them use vmap" : "";
    throw new TypeError(
      `linearSolve: vector must be [${n}] for a matrix of [${n},${n}], got ${describeValue(b)}${advice}`,
    );
  }
  if (a.dtype === b.dtype) return [a, b];
  throw new TypeError(
    `linearSolve: matrix is ${a.dtype} and vector ${b.dtype}; convert one of them with astype`,
  );
}

function floats(argument: string, x: Leaf): Tensor {
  if (!isLeaf(x)) {
    const advice = Array.isArray(x) ? "; write tensor(…) around it" : "";
    throw new TypeError(
      `linearSolve: ${argument} must be a tensor, got ${describeValue(x)}${advice}`,
    );
  }
  const array = asTensor(x, "linearSolve");
  if (isFloat(array.dtype)) return array;
  throw new TypeError(
    `linearSolve: ${argument} must be of float64 or float32, got ${describeValue(array)}; convert it with astype`,
  );
}

/** @throws TypeError if there is an option of another name, or a solver that is none. */
export function checkSolveOptions(options: LinearSolveOptions): LinearSolveOptions {
  const { solver } = checkOptions("linearSolve", options, ["solver", "throw"]);
  if (solver === undefined || (isPart(solver) && typeof solver.init === "function")) return options;
  if (typeof solver === "function") {
    const { name } = solver as { readonly name: string };
    throw new TypeError(`linearSolve: solver is the function ${name}; call it: ${name}()`);
  }
  throw new TypeError(`linearSolve: solver must be one such as LU(), got ${describeValue(solver)}`);
}
