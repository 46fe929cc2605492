import { callTraced, isNoinline, noinline } from "@diffrax-ts/autodiff";
import { mul, sub } from "@diffrax-ts/array";
import {
  type Callable,
  derived,
  type Field,
  part,
  type Scalar,
  type Tensor,
} from "@diffrax-ts/pytree";
import {
  type ReadField,
  type StatePart,
  type Term,
  type TracedFunction,
  type Tree,
  treeMap,
} from "@diffrax-ts/protocol";
import { returnedLike } from "./returnedLike.ts";

declare const fieldTypes: unique symbol;

/** A term that does not say which states it is for. */
export type UntypedTerm = Term & { readonly [fieldTypes]?: never };

/** The right-hand side of `dy/dt = f(t, y, args)`, and parameters of its own. */
export interface ODETerm<Y = never, Args = never> extends Term {
  readonly kind: "ODETerm";
  /** The right-hand side as it was given. */
  readonly vectorField: Callable;
  /** What the vector field gets as its last argument; numbers in it are dynamic, as in `args`. */
  readonly params: unknown;
  /** For the type checker: the state and the arguments that the vector field takes, compared both ways as of a bare function. */
  readonly [fieldTypes]?: { field(y: Y, args: Args): void }["field"];
}

/**
 * The term of an ordinary differential equation `dy/dt = f(t, y, args)`.
 *
 * A bare function is ordinary arithmetic on numbers; `traced(f)` is one that works on tensors. With `params` it is
 * called as `f(t, y, args, params)`: a network as a vector field is differentiated without further ado.
 *
 * @param vf - Returns the time derivative of `y`, with the structure, dtypes and shapes of `y`.
 * @param params - Data of the vector field: a tree of numbers, tensors and typed arrays. Other values never trace again.
 * @throws TypeError if `vf` is not a function. What is wrong with its result is said when it is traced, with the place:
 * `vector field: result.angle: expected a scalar of float64 as in y0, got float64[2]`.
 *
 * @example
 * ```ts
 * import { ODETerm } from "@diffrax-ts/terms";
 *
 * const decay = ODETerm((t: number, y: number, rate: number) => -rate * y);
 * decay.kind;
 * // → "ODETerm"
 * const withData = ODETerm((t: number, y: number, args: unknown, rate: number) => -rate * y, 2);
 * withData.params;
 * // → 2
 * ```
 */
export function ODETerm<Y, Args = unknown, const Result extends Field<Y> = Field<Y>>(
  vf: (t: number, y: Y, args: Args) => Result,
): ODETerm<Y, Args>;
export function ODETerm<Y, Args, Params, const Result extends Field<Y> = Field<Y>>(
  vf: (t: number, y: Y, args: Args, params: Params) => Result,
  params: unknown,
): ODETerm<Y, Args>;
export function ODETerm(vf: TracedFunction, params?: unknown): UntypedTerm;
export function ODETerm(vf: Callable | TracedFunction, params?: unknown): Term {
  if (typeof vf !== "function") {
    throw new TypeError(
      `ODETerm: vf: expected a function (t, y, args) => dy/dt, got ${vf === null ? "null" : typeof vf}`,
    );
  }
  return makeTerm(vf, params);
}

function makeTerm(field: Callable, params: unknown): ODETerm {
  return part("ODETerm", {
    vectorField: field,
    params,
    isElementwise: true,
    readFields,
    vf,
    contr,
    prod,
    vfProd,
    isVfExpensive,
  });
}

function readFields(this: ODETerm, read: ReadField): ODETerm {
  const field = read(this.vectorField);
  return field === this.vectorField ? this : makeTerm(field, this.params);
}

function vf(this: ODETerm, t: Scalar, y: Tree, args: unknown, changes?: StatePart): Tree {
  const params = this.params === undefined ? [] : [this.params];
  const name = changes === undefined ? "vector field" : `vector field of ${changes.name}`;
  const field = fittedField(this.vectorField);
  return callTraced(field, [changes ?? null, t, y, args, ...params], name) as Tree;
}

let fittedFields: WeakMap<Callable, Callable> | undefined;

/** The vector field with its result in the form of what it changes: always the same function for the same field. */
function fittedField(field: Callable): Callable {
  return derived((fittedFields ??= new WeakMap()), field, fitted);
}

function fitted(field: Callable): Callable {
  const call = field as (t: Scalar, y: Tree, ...rest: readonly unknown[]) => unknown;
  const fit = (
    changes: StatePart | null,
    t: Scalar,
    y: Tree,
    ...rest: readonly unknown[]
  ): unknown => {
    const result = call(t, y, ...rest);
    return changes === null
      ? returnedLike(result, { name: "y0", y }, "vector field: result")
      : returnedLike(result, changes, `vector field of ${changes.name}: result`);
  };
  return isNoinline(field) ? noinline(fit) : fit;
}

function contr(t0: Scalar, t1: Scalar): Scalar {
  return sub(t1, t0);
}

function prod(vf: Tree, control: Tree): Tree {
  return treeMap((f) => mul(f, control as Tensor), vf);
}

function vfProd(
  this: ODETerm,
  t: Scalar,
  y: Tree,
  args: unknown,
  control: Tree,
  changes?: StatePart,
): Tree {
  return this.prod(this.vf(t, y, args, changes), control);
}

function isVfExpensive(): boolean {
  return false;
}
