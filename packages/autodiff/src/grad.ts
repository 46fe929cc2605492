import { type Program, scalarTensor, spliceProgram, traceProgram } from "@diffrax-ts/program";
import {
  checkOptions,
  type Callable,
  type Concrete,
  type Fixed,
  type Leaf,
  type Part,
  type Scalar,
  type Static,
  type Strided,
  type Tensor,
  type TypedArray,
  unflatten,
} from "@diffrax-ts/pytree";
import { cachedIn, maskKey, type ProgramCache } from "./cachedIn.ts";
import { type Argnums, type Chosen, leafMask, mainSize, requireScalar } from "./differentiated.ts";
import { likeLeaf } from "./leaves.ts";
import type { LikeArguments } from "./LikeArguments.ts";
import { runProgram } from "./runProgram.ts";
import { tracesOf } from "./TraceCache.ts";
import { transformed } from "./transformed.ts";
import type { VjpProgram } from "./transpose/MakeVjp.ts";
import { vjpProgram } from "./transpose/vjpProgram.ts";

/** Options of `grad` and `valueAndGrad`. */
export interface GradOptions<Which extends Argnums = Argnums> {
  /** Which argument to differentiate with respect to, or which ones. @defaultValue 0 */
  readonly argnums?: Which;
  /** Whether the function returns `[loss, aux]`, of which only the loss is differentiated. @defaultValue false */
  readonly hasAux?: boolean;
}

/** The names of those options. */
export const gradOptionNames = ["argnums", "hasAux"] as const;

/** A value and the gradient at the same place. A number, if what is differentiated holds numbers. */
export interface ValueAndGrad<Value, Gradient> {
  readonly value: Value;
  readonly grad: Gradient;
}

/** A gradient, and what the function returned beside its loss. */
export interface GradAndAux<Gradient, Aux> {
  readonly grad: Gradient;
  readonly aux: Aux;
}

/** The kind of number that a value has beside arguments of type `P`: `number`, where they hold numbers. */
export type ValueOf<P> = true extends HasNumber<P> ? number : Scalar;

type HasNumber<P> = P extends number
  ? true
  : P extends Tensor | TypedArray | Strided | Static | Fixed
    ? false
    : P extends Part
      ? P extends { readonly params: infer Params }
        ? HasNumber<Params>
        : false
      : P extends readonly (infer Element)[]
        ? HasNumber<Element>
        : { readonly [Key in keyof P]: HasNumber<P[Key]> }[keyof P];

/** What a function with these parameters is differentiated at. */
type ArgumentsOf<Args extends readonly unknown[]> = {
  readonly [Key in keyof Args]: Concrete<Args[Key]>;
};

// What is returned has two signatures: one for a call, and last, since TypeScript infers from that one when the
// function is passed on to `jit`, `grad` or `vmap`, one for a call with what is traced.

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
export function grad<First, Rest extends readonly unknown[], Aux>(
  f: (first: First, ...rest: Rest) => readonly [loss: Tensor, aux: Aux],
  options: GradOptions<0> & { readonly hasAux: true },
): {
  <const P extends Concrete<First>>(
    first: P,
    ...rest: { [Key in keyof Rest]: Concrete<Rest[Key]> }
  ): GradAndAux<LikeArguments<P>, Aux>;
  (first: First, ...rest: Rest): GradAndAux<First, Aux>;
};
export function grad<First, Rest extends readonly unknown[]>(
  f: (first: First, ...rest: Rest) => Tensor,
  options?: GradOptions<0> & { readonly hasAux?: false },
): {
  <const P extends Concrete<First>>(
    first: P,
    ...rest: { [Key in keyof Rest]: Concrete<Rest[Key]> }
  ): LikeArguments<P>;
  (first: First, ...rest: Rest): First;
};
export function grad<Args extends readonly unknown[], Aux, const Which extends Argnums>(
  f: (...args: Args) => readonly [loss: Tensor, aux: Aux],
  options: GradOptions<Which> & { readonly hasAux: true },
): {
  <const P extends ArgumentsOf<Args>>(...args: P): GradAndAux<LikeArguments<Chosen<P, Which>>, Aux>;
  (...args: Args): GradAndAux<Chosen<Args, Which>, Aux>;
};
export function grad<Args extends readonly unknown[], const Which extends Argnums>(
  f: (...args: Args) => Tensor,
  options: GradOptions<Which> & { readonly hasAux?: false },
): {
  <const P extends ArgumentsOf<Args>>(...args: P): LikeArguments<Chosen<P, Which>>;
  (...args: Args): Chosen<Args, Which>;
};
export function grad(
  f: Callable,
  options: GradOptions = {},
): (...args: readonly unknown[]) => unknown {
  return transformed("grad", f, options, () => {
    const run = differentiate(f, options, "grad");
    if (options.hasAux !== true) return (...args: readonly unknown[]) => run(args).grad;
    return (...args: readonly unknown[]) => {
      const { grad: gradient, aux } = run(args);
      return { grad: gradient, aux };
    };
  });
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
export function valueAndGrad<First, Rest extends readonly unknown[], Aux>(
  f: (first: First, ...rest: Rest) => readonly [loss: Tensor, aux: Aux],
  options: GradOptions<0> & { readonly hasAux: true },
): {
  <const P extends Concrete<First>>(
    first: P,
    ...rest: { [Key in keyof Rest]: Concrete<Rest[Key]> }
  ): ValueAndGrad<ValueOf<P>, LikeArguments<P>> & GradAndAux<LikeArguments<P>, Aux>;
  (first: First, ...rest: Rest): ValueAndGrad<Scalar, First> & GradAndAux<First, Aux>;
};
export function valueAndGrad<First, Rest extends readonly unknown[]>(
  f: (first: First, ...rest: Rest) => Tensor,
  options?: GradOptions<0> & { readonly hasAux?: false },
): {
  <const P extends Concrete<First>>(
    first: P,
    ...rest: { [Key in keyof Rest]: Concrete<Rest[Key]> }
  ): ValueAndGrad<ValueOf<P>, LikeArguments<P>>;
  (first: First, ...rest: Rest): ValueAndGrad<Scalar, First>;
};
export function valueAndGrad<Args extends readonly unknown[], Aux, const Which extends Argnums>(
  f: (...args: Args) => readonly [loss: Tensor, aux: Aux],
  options: GradOptions<Which> & { readonly hasAux: true },
): {
  <const P extends ArgumentsOf<Args>>(
    ...args: P
  ): ValueAndGrad<ValueOf<Chosen<P, Which>>, LikeArguments<Chosen<P, Which>>> &
    GradAndAux<LikeArguments<Chosen<P, Which>>, Aux>;
  (...args: Args): ValueAndGrad<Scalar, Chosen<Args, Which>> & GradAndAux<Chosen<Args, Which>, Aux>;
};
export function valueAndGrad<Args extends readonly unknown[], const Which extends Argnums>(
  f: (...args: Args) => Tensor,
  options: GradOptions<Which> & { readonly hasAux?: false },
): {
  <const P extends ArgumentsOf<Args>>(
    ...args: P
  ): ValueAndGrad<ValueOf<Chosen<P, Which>>, LikeArguments<Chosen<P, Which>>>;
  (...args: Args): ValueAndGrad<Scalar, Chosen<Args, Which>>;
};
export function valueAndGrad(
  f: Callable,
  options: GradOptions = {},
): (...args: readonly unknown[]) => ValueAndGrad<unknown, unknown> {
  return transformed("valueAndGrad", f, options, () => {
    const run = differentiate(f, options, "valueAndGrad");
    return (...args: readonly unknown[]) => run(args);
  });
}

function differentiate(f: Callable, options: GradOptions, name: string) {
  const { argnums = 0, hasAux = false } = checkOptions(name, options, gradOptionNames);
  const cache = tracesOf(f, name);
  return (
    args: readonly unknown[],
  ): ValueAndGrad<unknown, unknown> & { readonly aux?: unknown } => {
    const { leaves, traced } = cache.get(f, args, name);
    const mask = leafMask(traced, argnums, name);
    const numOutputs = traced.program.outputs.length;
    const [type] = traced.program.outputs;
    requireScalar(type, hasAux ? mainSize(traced, name) : numOutputs, name);
    const all = [...traced.captured.map(() => false), ...mask];
    const { program, outMask } = hasAux
      ? vjpWithAux(traced.program, all)
      : vjpProgram(traced.program, all);
    const one: Leaf[] =
      outMask[0] === true ? [type!.dtype === "float64" ? 1 : scalarTensor(type!.dtype, 1)] : [];
    const results = runProgram(program, traced.captured, [...leaves, ...one], { name });

    let next = numOutputs;
    const withGradients = leaves.map((leaf, i) =>
      mask[i] === true ? likeLeaf(results[next++]!, leaf) : leaf,
    );
    const tree = unflatten(traced.structure, withGradients) as readonly unknown[];
    const grads =
      typeof argnums === "number" ? tree[argnums] : argnums.map((argnum) => tree[argnum]);
    const asNumber = leaves.some((leaf, i) => mask[i] === true && typeof leaf === "number");
    const value = asNumber ? likeLeaf(results[0]!, 0) : results[0];
    if (!hasAux) return { value, grad: grads };
    const [, aux] = unflatten(traced.output, results.slice(0, numOutputs)) as readonly unknown[];
    return { value, grad: grads, aux };
  };
}

let programsWithAux: ProgramCache<VjpProgram> | undefined;

/** The derivative of the first output backwards, with the values of all: what is computed for both is computed once. */
function vjpWithAux(program: Program, mask: readonly boolean[]): VjpProgram {
  programsWithAux ??= new WeakMap();
  return cachedIn(programsWithAux, program, maskKey(mask), () => {
    const loss = { ...program, outputs: program.outputs.slice(0, 1) };
    const { program: vjp, outMask } = vjpProgram(loss, mask);
    const both = traceProgram(vjp.inputs, (...inputs) => {
      const values = spliceProgram(program, inputs.slice(0, program.inputs.length));
      return [...values, ...spliceProgram(vjp, inputs).slice(1)];
    });
    return { program: both.program, outMask };
  });
}
