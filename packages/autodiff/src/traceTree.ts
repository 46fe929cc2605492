import {
  asTensor,
  type Closed,
  hasType,
  leafType,
  type Program,
  Trace,
  traceContext,
  type Type,
  withTrace,
} from "@diffrax-ts/program";
import {
  type Callable,
  flatten,
  type Leaf,
  match,
  type Structure,
  type Tensor,
  unflatten,
  unwrapFixed,
} from "@diffrax-ts/pytree";
import { requireFunction } from "./requireFunction.ts";

/** A function of trees as a Program of their leaves. */
export interface TreeProgram {
  /** Of the list of arguments. */
  readonly structure: Structure;
  /** Of the leaves of the arguments. */
  readonly types: readonly Type[];
  readonly program: Program;
  /** Values of surrounding traces that the function uses: the first inputs of the program. */
  readonly captured: readonly Tensor[];
  /** Of the result. */
  readonly output: Structure;
}

/**
 * Traces a function: its tensors and numbers become traced values, and the rest of its arguments stays as it is.
 *
 * @param structure - Of the list of arguments.
 * @param types - Of the leaves of the arguments.
 * @param name - What calls it, for errors.
 */
export function traceTree(
  f: Callable,
  structure: Structure,
  types: readonly Type[],
  name: string,
): TreeProgram {
  let output: Structure | undefined;
  const { program, captured } = traceBody(name, types, (...inputs) => {
    const args = unwrapFixed(unflatten(structure, inputs)) as readonly unknown[];
    const result: unknown = (f as (...args: readonly unknown[]) => unknown)(...args);
    const flat = flattenResult(result, name);
    output = flat.structure;
    return flat.leaves.map((leaf) => asTensor(leaf, name));
  });
  return { structure, types, program, captured, output: output! };
}

/**
 * Traces a function of tensors that somebody wrote.
 *
 * @throws TypeError if it compares traced values and nothing comes of it.
 */
export function traceBody(
  name: string,
  types: readonly Type[],
  f: (...inputs: readonly Tensor[]) => readonly Tensor[],
): Closed {
  const trace = new Trace(traceContext().current);
  const inputs = types.map((type) => trace.input(type));
  return withTrace(trace, () => {
    const outputs = f(...(inputs as readonly unknown[] as readonly Tensor[]));
    const unused = trace.unusedComparison(outputs);
    if (unused === undefined) return trace.finish(inputs, outputs);
    throw new TypeError(
      `${name}: the result of a comparison (${unused}) was not used; a traced value has no truth value yet, ` +
        "so write np.where(condition, a, b) or cond(condition, …) instead of if, &&, || and ?:",
    );
  });
}

/** The leaves of what a function returned. */
export function flattenResult(result: unknown, name: string): ReturnType<typeof flatten> {
  if (result === undefined) {
    throw new TypeError(
      `${name}: the function returned nothing; write its result after return, or without braces`,
    );
  }
  if (result instanceof Promise) {
    throw new TypeError(
      `${name}: the function returned a promise; a traced function cannot be async`,
    );
  }
  return flatten(result, `${name}: result`);
}

/** What is kept of a function for arguments of one structure. */
export interface Kept {
  readonly structure: Structure;
  readonly types: readonly Type[];
  /** Values of surrounding traces that it uses. */
  readonly captured: readonly Tensor[];
}

/** The leaves of the arguments of a call, and what the function was traced to for arguments like these. */
export interface TracedCall<T extends Kept = TreeProgram> {
  readonly leaves: readonly Leaf[];
  readonly traced: T;
}

/** For which arguments a function is traced, and what calls it. */
export type TraceParameters = readonly [structure: Structure, types: readonly Type[], name: string];

/** As many traces of one function are kept. */
const mostTraces = 32;

/**
 * What a function was traced to, or what was made of that, for each structure of arguments: the last used first.
 *
 * A trace that captured values of a surrounding trace belongs to that trace alone, and is not kept.
 */
export class TraceCache<T extends Kept = TreeProgram, F extends Callable = Callable> {
  readonly #trace: (f: F, ...where: TraceParameters) => T;
  readonly #entries: T[] = [];

  /** @param trace - Makes what is kept: it traces the function by `traceTree`, and keeps beside the program what it needs to know. */
  constructor(trace: (f: F, ...where: TraceParameters) => T) {
    this.#trace = trace;
  }

  /** The trace for these arguments, made if there is none yet. */
  get(f: F, args: readonly unknown[], name: string): TracedCall<T> {
    const entries = this.#entries;
    for (let i = 0; i < entries.length; i++) {
      const traced = entries[i]!;
      const leaves: Leaf[] = [];
      if (!match(traced.structure, args, leaves) || !sameTypes(traced.types, leaves, name))
        continue;
      if (i > 0) {
        entries.splice(i, 1);
        entries.unshift(traced);
      }
      return { leaves, traced };
    }
    const { leaves, structure } = flatten(args, name);
    const types = leaves.map((leaf) => leafType(leaf, name));
    const traced = this.#trace(f, structure, types, name);
    if (traced.captured.length === 0) {
      entries.unshift(traced);
      if (entries.length > mostTraces) entries.pop();
    }
    return { leaves, traced };
  }
}

/** A cache of the traces themselves. */
export function traceCache(): TraceCache {
  return new TraceCache(traceTree);
}

let caches: WeakMap<Callable, TraceCache> | undefined;

/**
 * The traces of a function, kept as long as the function is.
 *
 * @throws TypeError if it is none.
 */
export function tracesOf(f: Callable, name: string): TraceCache {
  caches ??= new WeakMap();
  let cache = caches.get(requireFunction(name, f));
  if (cache === undefined) caches.set(f, (cache = traceCache()));
  return cache;
}

function sameTypes(types: readonly Type[], leaves: readonly Leaf[], name: string): boolean {
  for (let i = 0; i < leaves.length; i++) {
    if (!hasType(leaves[i]!, types[i]!, name)) return false;
  }
  return true;
}
