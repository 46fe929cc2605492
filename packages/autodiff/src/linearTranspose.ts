import { isFloat, isVariable, type Program } from "@diffrax-ts/program";
import { type Callable, type Concrete, type Leaf, unflatten } from "@diffrax-ts/pytree";
import { cachedIn, maskKey, type ProgramCache } from "./cachedIn.ts";
import type { LikeArguments } from "./LikeArguments.ts";
import { likeLeaf } from "./leaves.ts";
import { leavesLike } from "./leavesLike.ts";
import { linearizeProgram } from "./linearizeProgram.ts";
import { runProgram } from "./runProgram.ts";
import { tracesOf } from "./TraceCache.ts";
import { transposeProgram } from "./transpose/transposeProgram.ts";
import { pick } from "./zeros.ts";

let cache: ProgramCache<Program> | undefined;

/**
 * The transpose of a linear function: with `f(x) = A x`, the function `y => Aᵀ y`.
 *
 * @param args - Only their structure, dtypes and shapes count: all of them floats.
 * @returns From a tree like the result of `f` to a list with a tree like each argument.
 * @throws TypeError if `f` is seen not to be linear, or if an argument is no float.
 *
 * @example
 * ```ts
 * import { linearTranspose } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const back = linearTranspose((x: Scalar, y: Scalar) => x.mul(2).add(y.mul(3)), 0, 0);
 * back(10);
 * // → [20, 30]
 * ```
 */
export function linearTranspose<
  Args extends readonly unknown[],
  Result,
  const P extends { readonly [Key in keyof Args]: Concrete<Args[Key]> },
>(f: (...args: Args) => Result, ...args: P): (cotangent: Concrete<Result>) => LikeArguments<P> {
  const name = "linearTranspose";
  const { leaves, traced } = tracesOf(f, name).get(f, args, name);
  const { program, captured, structure, output } = traced;
  if (!traced.types.every(({ dtype }) => isFloat(dtype))) {
    throw new TypeError(
      `${name}: the arguments have to be floats; let f use from outside what is not`,
    );
  }
  const transposed = transposeOf(program, captured.length, f);
  return (cotangent) => {
    const arriving = leavesLike(output, program.outputs, cotangent, `${name}: cotangent`);
    const results = runProgram(transposed, captured, arriving, { name });
    return unflatten(
      structure,
      results.map((x, i): Leaf => likeLeaf(x, leaves[i]!)),
    ) as LikeArguments<P>;
  };
}

/** `(...captured, ...cotangents of the outputs) => (...cotangents of the other inputs)`. */
function transposeOf(program: Program, numCaptured: number, f: Callable): Program {
  const mask = program.inputs.map((_, i) => i >= numCaptured);
  cache ??= new WeakMap();
  return cachedIn(cache, program, maskKey(mask), () => {
    requireLinear(program, mask, f);
    return transposeProgram(program, numCaptured);
  });
}

/** A derivative that depends on where it is taken is not that of a linear function. What loops do is not looked into. */
function requireLinear(
  program: Program,
  mask: readonly boolean[],
  { name }: Callable & { name?: string },
): void {
  const { value, tangent } = linearizeProgram(program, mask);
  const depends = new Set(pick(value.inputs, mask).map(({ id }) => id));
  for (const { inputs, outputs } of value.equations) {
    if (inputs.some((atom) => isVariable(atom) && depends.has(atom.id)))
      for (const { id } of outputs) depends.add(id);
  }
  const kept = value.outputs.slice(program.outputs.length);
  const isMoving = new Set(
    tangent.inputs
      .filter((_, i) => {
        const atom = kept[i];
        return atom !== undefined && isVariable(atom) && depends.has(atom.id);
      })
      .map(({ id }) => id),
  );
  for (const { primitive, inputs } of tangent.equations) {
    if (
      primitive === "derived" ||
      !inputs.some((atom) => isVariable(atom) && isMoving.has(atom.id))
    )
      continue;
    throw new TypeError(
      `linearTranspose: ${name === undefined || name === "" ? "the function" : name} is not linear: its derivative depends on the arguments (${primitive}); use vjp`,
    );
  }
}
