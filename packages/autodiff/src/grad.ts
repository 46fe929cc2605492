import { scalarTensor } from "@diffrax-ts/program";
import { type Callable, type Concrete, type Leaf, type Scalar, type Tensor, unflatten } from "@diffrax-ts/pytree";
import { type Argnums, leafMask, requireScalar } from "./differentiated.ts";
import { likeLeaf } from "./leaves.ts";
import { runProgram } from "./runProgram.ts";
import { TraceCache } from "./traceTree.ts";
import { vjpProgram } from "./transpose/vjpProgram.ts";

/** Options of `grad` and `valueAndGrad`. */
export interface GradOptions {
  /** Which argument to differentiate with respect to, or which ones. @defaultValue 0 */
  readonly argnums?: Argnums;
}

/** A value and the gradient at the same place. A number, if what is differentiated holds numbers. */
export interface ValueAndGrad<Value, Gradient> {
  readonly value: Value;
  readonly grad: Gradient;
}

/** The kind of number that a value has beside arguments of type `P`: `number`, where they hold numbers. */
export type ValueOf<P> = HasNumber<P> extends true ? number : Scalar;

type HasNumber<P> = P extends number
  ? true
  : P extends Tensor | ((...args: never) => unknown) | string | boolean | null | undefined
    ? false
    : true extends { readonly [Key in keyof P]: HasNumber<P[Key]> }[keyof P]
      ? true
      : false;

/**
 * The gradient of a function that returns a scalar, with respect to its first argument.
 *
 * The gradient is a tree like the argument, with numbers for numbers and tensors for tensors. It is exact:
 * reverse-mode automatic differentiation, compiled on the first call with arguments of one structure.
 *
 * @throws TypeError if the function does not return a float scalar, or if the argument holds anything but floats.
 *
 * @example
 * ```ts
 * import { grad } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const square = (x: Scalar) => x.mul(x);
 * grad(square)(3);
 * // → 6
 * ```
 */
export function grad<First, Rest extends readonly unknown[]>(
  f: (first: First, ...rest: Rest) => Tensor,
  options?: GradOptions & { readonly argnums?: 0 },
): <const P extends Concrete<First>>(first: P, ...rest: { [Key in keyof Rest]: Concrete<Rest[Key]> }) => P;
export function grad<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
  options: GradOptions,
): (...args: { [Key in keyof Args]: Concrete<Args[Key]> }) => unknown;
export function grad(f: Callable, options: GradOptions = {}): (...args: readonly unknown[]) => unknown {
  const run = differentiate(f, options, "grad");
  return (...args) => run(args).grad;
}

/**
 * The value of a function that returns a scalar, and its gradient with respect to its first argument.
 *
 * @throws TypeError if the function does not return a float scalar, or if the argument holds anything but floats.
 *
 * @example
 * ```ts
 * import { valueAndGrad } from "@diffrax-ts/autodiff";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const square = (x: Scalar) => x.mul(x);
 * valueAndGrad(square)(3);
 * // → { value: 9, grad: 6 }
 * ```
 */
export function valueAndGrad<First, Rest extends readonly unknown[]>(
  f: (first: First, ...rest: Rest) => Tensor,
  options?: GradOptions & { readonly argnums?: 0 },
): <const P extends Concrete<First>>(
  first: P,
  ...rest: { [Key in keyof Rest]: Concrete<Rest[Key]> }
) => ValueAndGrad<ValueOf<P>, P>;
export function valueAndGrad<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
  options: GradOptions,
): (...args: { [Key in keyof Args]: Concrete<Args[Key]> }) => ValueAndGrad<unknown, unknown>;
export function valueAndGrad(
  f: Callable,
  options: GradOptions = {},
): (...args: readonly unknown[]) => ValueAndGrad<unknown, unknown> {
  const run = differentiate(f, options, "valueAndGrad");
  return (...args) => run(args);
}

function differentiate(f: Callable, { argnums = 0 }: GradOptions, name: string) {
  const cache = new TraceCache();
  return (args: readonly unknown[]): ValueAndGrad<unknown, unknown> => {
    const { leaves, traced } = cache.get(f, args, name);
    const mask = leafMask(traced, argnums, name);
    const [type] = traced.program.outputs;
    requireScalar(type, traced.program.outputs.length, name);
    const all = [...traced.captured.map(() => false), ...mask];
    const { program, outMask } = vjpProgram(traced.program, all);
    const one: Leaf[] = outMask[0] === true ? [type!.dtype === "float64" ? 1 : scalarTensor(type!.dtype, 1)] : [];
    const [value, ...gradients] = runProgram(program, traced.captured, [...leaves, ...one], { name });

    let next = 0;
    const withGradients = leaves.map((leaf, i) => (mask[i] === true ? likeLeaf(gradients[next++]!, leaf) : leaf));
    const tree = unflatten(traced.structure, withGradients) as readonly unknown[];
    const grads = typeof argnums === "number" ? tree[argnums] : argnums.map((argnum) => tree[argnum]);
    const asNumber = leaves.some((leaf, i) => mask[i] === true && typeof leaf === "number");
    return { value: asNumber ? likeLeaf(value!, 0) : value, grad: grads };
  };
}
