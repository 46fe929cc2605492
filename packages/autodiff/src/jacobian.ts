import { isTraced, type Program, spliceProgram, traceProgram } from "@diffrax-ts/program";
import {
  checkOptions,
  type Callable,
  type Concrete,
  type Fixed,
  type Part,
  type Static,
  type Strided,
  type Tensor,
  type TypedArray,
  unflatten,
} from "@diffrax-ts/pytree";
import { cachedIn, maskKey, type ProgramCache } from "./cachedIn.ts";
import {
  type Argnums,
  type Chosen,
  leafMask,
  mainSize,
  requireFloatResults,
  requireScalar,
} from "./differentiated.ts";
import { gradOptionNames, type GradOptions } from "./grad.ts";
import { forwardJacobian, type MakeJacobian, reverseJacobian } from "./jacobianPrograms.ts";
import { runProgram } from "./runProgram.ts";
import { tracesOf } from "./TraceCache.ts";
import { transformed } from "./transformed.ts";

type LeafKind = number | Tensor | TypedArray | Strided;
type NoLeaf = Static | Part | Fixed;

/** A tree like `P` with a tensor for each leaf. */
export type TensorTree<P> = 0 extends 1 & P
  ? P
  : P extends LeafKind
    ? Tensor
    : P extends NoLeaf
      ? P
      : { readonly [Key in keyof P]: TensorTree<P[Key]> };

/** For each leaf of a result a tree like the argument: the derivatives, with the axes of the result first. */
export type Jacobian<Result, P> = 0 extends 1 & Result
  ? Result
  : Result extends LeafKind
    ? TensorTree<P>
    : Result extends NoLeaf
      ? Result
      : { readonly [Key in keyof Result]: Jacobian<Result[Key], P> };

/** For each leaf of an argument a tree like it: second derivatives; a number for two numbers. */
export type Hessian<P, Q = P> = 0 extends 1 & P
  ? P
  : P extends LeafKind
    ? HessianRow<P, Q>
    : P extends NoLeaf
      ? P
      : { readonly [Key in keyof P]: Hessian<P[Key], Q> };

/** The part of a Hessian that belongs to one leaf `P` of the argument `Q`. */
export type HessianRow<P, Q> = Q extends LeafKind
  ? P extends number
    ? Q extends number
      ? number
      : Tensor
    : Tensor
  : Q extends NoLeaf
    ? Q
    : { readonly [Key in keyof Q]: HessianRow<P, Q[Key]> };

/** A Jacobian, and what the function returned beside its result. */
export interface JacobianAndAux<J, Aux> {
  readonly jacobian: J;
  readonly aux: Aux;
}

/** A Hessian, and what the function returned beside its loss. */
export interface HessianAndAux<H, Aux> {
  readonly hessian: H;
  readonly aux: Aux;
}

/** Options of the first argument alone. */
type First = GradOptions<0>;
type Rest<Args extends readonly unknown[]> = { readonly [Key in keyof Args]: Concrete<Args[Key]> };

/** What `jacfwd` and `jacrev` are: what is returned has a last signature for what is traced, as that of `grad` has. */
export interface TakeJacobian {
  <P0, R extends readonly unknown[], Result, Aux>(
    f: (first: P0, ...rest: R) => readonly [result: Result, aux: Aux],
    options: First & { readonly hasAux: true },
  ): {
    <const P extends Concrete<P0>>(
      first: P,
      ...rest: Rest<R>
    ): JacobianAndAux<Jacobian<Result, P>, Aux>;
    (first: P0, ...rest: R): JacobianAndAux<Jacobian<Result, P0>, Aux>;
  };
  <P0, R extends readonly unknown[], Result>(
    f: (first: P0, ...rest: R) => Result,
    options?: First & { readonly hasAux?: false },
  ): {
    <const P extends Concrete<P0>>(first: P, ...rest: Rest<R>): Jacobian<Result, P>;
    (first: P0, ...rest: R): Jacobian<Result, P0>;
  };
  <Args extends readonly unknown[], Result, Aux, const Which extends Argnums>(
    f: (...args: Args) => readonly [result: Result, aux: Aux],
    options: GradOptions<Which> & { readonly hasAux: true },
  ): {
    <const P extends Rest<Args>>(
      ...args: P
    ): JacobianAndAux<Jacobian<Result, Chosen<P, Which>>, Aux>;
    (...args: Args): JacobianAndAux<Jacobian<Result, Chosen<Args, Which>>, Aux>;
  };
  <Args extends readonly unknown[], Result, const Which extends Argnums>(
    f: (...args: Args) => Result,
    options: GradOptions<Which> & { readonly hasAux?: false },
  ): {
    <const P extends Rest<Args>>(...args: P): Jacobian<Result, Chosen<P, Which>>;
    (...args: Args): Jacobian<Result, Chosen<Args, Which>>;
  };
}

/**
 * All derivatives of a function with respect to its first argument, in forward mode: the choice for few inputs.
 *
 * For each leaf of the result a tree like the argument, of tensors with the axes of the result before those of the
 * argument: of a function from `[n]` to `[m]` the matrix `[m, n]`.
 *
 * @throws TypeError if the argument holds anything but floats, or the result does.
 *
 * @example
 * ```ts
 * import { jacfwd } from "@diffrax-ts/autodiff";
 * import { mul } from "@diffrax-ts/program";
 * import type { Tensor } from "@diffrax-ts/pytree";
 *
 * jacfwd((x: Tensor) => mul(x, x))(Float64Array.of(1, 2)).toArray();
 * // → [[2, 0], [0, 4]]
 * ```
 */
export const jacfwd: TakeJacobian = (f: Callable, options?: GradOptions) =>
  jacobian(f, options ?? {}, { name: "jacfwd", key: "jacobian", make: forwardJacobian }) as never;

/**
 * All derivatives of a function with respect to its first argument, in reverse mode: the choice for few outputs.
 *
 * What it returns is what `jacfwd` returns.
 *
 * @throws TypeError if the argument holds anything but floats, or the result does.
 *
 * @example
 * ```ts
 * import { jacrev } from "@diffrax-ts/autodiff";
 * import { mul } from "@diffrax-ts/program";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * const f = ({ a, b }: { a: Scalar; b: Scalar }) => ({ product: mul(a, b) });
 * jacrev(f)({ a: 2, b: 3 }).product.a.item();
 * // → 3
 * ```
 */
export const jacrev: TakeJacobian = (f: Callable, options?: GradOptions) =>
  jacobian(f, options ?? {}, { name: "jacrev", key: "jacobian", make: reverseJacobian }) as never;

/**
 * The second derivatives of a function that returns a scalar, with respect to its first argument: forward over reverse.
 *
 * For each leaf of the argument a tree like it: a number for two numbers, and else a tensor with the axes of both.
 *
 * @throws TypeError if the function does not return a float scalar, or if the argument holds anything but floats.
 *
 * @example
 * ```ts
 * import { hessian } from "@diffrax-ts/autodiff";
 * import { mul } from "@diffrax-ts/program";
 * import type { Scalar } from "@diffrax-ts/pytree";
 *
 * hessian(({ a, b }: { a: Scalar; b: Scalar }) => mul(mul(a, a), b))({ a: 2, b: 3 });
 * // → { a: { a: 6, b: 4 }, b: { a: 4, b: 0 } }
 * ```
 */
export function hessian<P0, R extends readonly unknown[], Aux>(
  f: (first: P0, ...rest: R) => readonly [loss: Tensor, aux: Aux],
  options: First & { readonly hasAux: true },
): {
  <const P extends Concrete<P0>>(first: P, ...rest: Rest<R>): HessianAndAux<Hessian<P>, Aux>;
  (first: P0, ...rest: R): HessianAndAux<Hessian<P0>, Aux>;
};
export function hessian<P0, R extends readonly unknown[]>(
  f: (first: P0, ...rest: R) => Tensor,
  options?: First & { readonly hasAux?: false },
): {
  <const P extends Concrete<P0>>(first: P, ...rest: Rest<R>): Hessian<P>;
  (first: P0, ...rest: R): Hessian<P0>;
};
export function hessian<Args extends readonly unknown[], Aux, const Which extends Argnums>(
  f: (...args: Args) => readonly [loss: Tensor, aux: Aux],
  options: GradOptions<Which> & { readonly hasAux: true },
): {
  <const P extends Rest<Args>>(...args: P): HessianAndAux<Hessian<Chosen<P, Which>>, Aux>;
  (...args: Args): HessianAndAux<Hessian<Chosen<Args, Which>>, Aux>;
};
export function hessian<Args extends readonly unknown[], const Which extends Argnums>(
  f: (...args: Args) => Tensor,
  options: GradOptions<Which> & { readonly hasAux?: false },
): {
  <const P extends Rest<Args>>(...args: P): Hessian<Chosen<P, Which>>;
  (...args: Args): Hessian<Chosen<Args, Which>>;
};
export function hessian(
  f: Callable,
  options: GradOptions = {},
): (...args: readonly unknown[]) => unknown {
  return jacobian(f, options, { name: "hessian", key: "hessian", make: secondDerivatives });
}

function secondDerivatives(program: Program, mask: readonly boolean[]): Program {
  return forwardJacobian(reverseJacobian(program, mask), mask);
}

interface Kind {
  readonly name: "jacfwd" | "jacrev" | "hessian";
  /** What it is called beside `aux`. */
  readonly key: string;
  readonly make: MakeJacobian;
}

let caches: Partial<Record<Kind["name"], ProgramCache<Program>>> | undefined;

/** A program that gives the blocks, and after them what is not differentiated. */
function jacobianProgram(
  program: Program,
  mask: readonly boolean[],
  numMain: number,
  { name, make }: Kind,
): Program {
  caches ??= {};
  const cache = (caches[name] ??= new WeakMap());
  return cachedIn(cache, program, `${maskKey(mask)} ${numMain}`, () => {
    const blocks = make({ ...program, outputs: program.outputs.slice(0, numMain) }, mask);
    if (numMain === program.outputs.length) return blocks;
    return traceProgram(program.inputs, (...inputs) => [
      ...spliceProgram(blocks, inputs),
      ...spliceProgram(program, inputs).slice(numMain),
    ]).program;
  });
}

function jacobian(f: Callable, options: GradOptions, kind: Kind) {
  return transformed(kind.name, f, options, () => makeJacobian(f, options, kind));
}

function makeJacobian(f: Callable, options: GradOptions, kind: Kind) {
  const { name } = kind;
  const { argnums = 0, hasAux = false } = checkOptions(name, options, gradOptionNames);
  const cache = tracesOf(f, name);
  return (...args: readonly unknown[]): unknown => {
    const { leaves, traced } = cache.get(f, args, name);
    const { structure, program, captured, output } = traced;
    const mask = leafMask(traced, argnums, name);
    const numMain = hasAux ? mainSize(traced, name) : program.outputs.length;
    const main = hasAux ? output.children[0]! : output;
    const outputs = program.outputs.slice(0, numMain);
    if (name === "hessian") requireScalar(outputs[0], numMain, name);
    else requireFloatResults(main, outputs, name);
    const all = [...captured.map(() => false), ...mask];
    const made = jacobianProgram(program, all, numMain, kind);
    const results = runProgram(made, captured, leaves, { name });

    const count = mask.filter(Boolean).length;
    const chosen = leaves.filter((_, i) => mask[i]);
    /** A tree like the arguments that are differentiated, with these leaves. */
    const like = (values: readonly unknown[]): unknown => {
      let next = 0;
      const tree = unflatten(
        structure,
        leaves.map((leaf, i) => (mask[i] === true ? values[next++] : leaf)),
      ) as readonly unknown[];
      return typeof argnums === "number" ? tree[argnums] : argnums.map((n) => tree[n]);
    };
    const isNumber = (i: number): boolean => typeof chosen[i] === "number";
    const numRows = name === "hessian" ? count : numMain;
    const blocks = Array.from({ length: numRows }, (_, i) =>
      like(
        results
          .slice(i * count, (i + 1) * count)
          .map((x, j) =>
            name === "hessian" && isNumber(i) && isNumber(j) && !isTraced(x) ? x.item() : x,
          ),
      ),
    );
    const tree = name === "hessian" ? like(blocks) : unflatten(main, blocks);
    if (!hasAux) return tree;
    const values = [...outputs.map(() => null), ...results.slice(numRows * count)];
    const [, aux] = unflatten(output, values) as readonly unknown[];
    return { [kind.key]: tree, aux };
  };
}
