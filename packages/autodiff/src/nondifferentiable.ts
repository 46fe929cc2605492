import { apply, type DerivedParams, isFloat, isTraced, traceProgram } from "@diffrax-ts/program";
import { isTensor, map, type Tensor } from "@diffrax-ts/pytree";
import { typeOf } from "./zeros.ts";

/**
 * A tree as it is, of which no derivative can be taken: instead of a zero there is an error.
 *
 * @param message - What the error says.
 * @throws TypeError when it is differentiated, forwards or backwards.
 *
 * @example
 * ```ts
 * import { grad, nondifferentiable } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const f = (x: Scalar) => x.mul(nondifferentiable(x, "the second factor is no variable"));
 * let message = "";
 * try {
 *   grad(f)(1);
 * } catch (error) {
 *   message = (error as Error).message;
 * }
 * message;
 * // → "the second factor is no variable"
 * ```
 */
export function nondifferentiable<T>(tree: T, message: string): T {
  return withRule(tree, (type) => identity(type, { jvp: () => refuse(message), transpose: null }));
}

/**
 * A tree as it is, which forward mode goes through and reverse mode does not.
 *
 * @param message - What the error says.
 * @throws TypeError when a cotangent arrives.
 *
 * @example
 * ```ts
 * import { jvp, nondifferentiableBackward } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const f = (x: Scalar) => nondifferentiableBackward(x.mul(x), "forward mode only");
 * jvp(f, [3], [1]).tangent.item();
 * // → 6
 * ```
 */
export function nondifferentiableBackward<T>(tree: T, message: string): T {
  const transpose = (): never => refuse(message);
  const rule = (type: Tensor): DerivedParams =>
    identity(type, {
      jvp: (_, tangents) => ({
        tangents: tangents.map((t) => t && apply("derived", [t], rule(t))[0]!),
      }),
      transpose,
    });
  return withRule(tree, rule);
}

function withRule<T>(tree: T, rule: (x: Tensor) => DerivedParams): T {
  return map(
    (leaf) =>
      isTensor(leaf) && isTraced(leaf) && isFloat(leaf.dtype)
        ? apply("derived", [leaf], rule(leaf))[0]!
        : leaf,
    tree,
  ) as T;
}

function identity(
  like: Tensor,
  { jvp, transpose }: Pick<DerivedParams, "jvp" | "transpose">,
): DerivedParams {
  const type = typeOf(like);
  return {
    name: "nondifferentiable",
    outputs: [type],
    expand: () => traceProgram([type], (x) => [x]).program,
    jvp,
    hasRule: false,
    transpose,
    pair: null,
    batch: (inputs) => apply("derived", inputs, identity(inputs[0]!, { jvp, transpose })),
  };
}

function refuse(message: string): never {
  throw new TypeError(message);
}
