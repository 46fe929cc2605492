import { hasType, leafType, sameType, type Type } from "@diffrax-ts/program";
import {
  type Callable,
  closureOf,
  codeOf,
  ConstantWanted,
  flatten,
  type Leaf,
  match,
  type Structure,
  structuresEqual,
  type Tensor,
} from "@diffrax-ts/pytree";
import { checkTrace, isChecking, tracedFor } from "./checkTraces.ts";
import { withoutNoinline } from "./noinline.ts";
import { requireFunction } from "./requireFunction.ts";
import { type TraceParameters, traceTree } from "./traceTree.ts";
import type { TreeProgram } from "./TreeProgram.ts";

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
      this.#found(f, i, name);
      return { leaves, traced };
    }
    const { leaves, structure } = flatten(args, name);
    const types = leaves.map((leaf) => leafType(leaf, name));
    try {
      return { leaves, traced: this.#make(f, structure, types, name) };
    } catch (error) {
      if (!(error instanceof ConstantWanted)) throw error;
      // Where the data of a closure are known, that is done: it now is a constant. Else whoever traces this can do it.
      if (structuresEqual(flatten(args, name).structure, structure)) throw error;
      return this.get(f, args, name);
    }
  }

  /** The trace for arguments of this structure and these types, made if there is none yet. */
  of(f: F, ...where: TraceParameters): T {
    const [structure, types, name] = where;
    const i = this.#entries.findIndex(
      (one) =>
        structuresEqual(one.structure, structure) &&
        one.types.every((type, j) => sameType(type, types[j]!)),
    );
    if (i < 0) return this.#make(f, ...where);
    const traced = this.#entries[i]!;
    this.#found(f, i, name);
    return traced;
  }

  #make(f: F, ...where: TraceParameters): T {
    const traced = tracedFor(() => this.#trace(f, ...where));
    if (traced.captured.length === 0) {
      this.#entries.unshift(traced);
      if (this.#entries.length > mostTraces) this.#entries.pop();
    }
    return traced;
  }

  /** The trace at this place was asked for. */
  #found(f: F, i: number, name: string): void {
    const entries = this.#entries;
    const traced = entries[i]!;
    if (i > 0) {
      entries.splice(i, 1);
      entries.unshift(traced);
    }
    if (isChecking()) this.#check(f, traced, name);
  }

  #check(f: F, traced: T, name: string): void {
    checkTrace(f, traced, () => this.#trace(f, traced.structure, traced.types, name), name);
  }
}

/** A cache of the traces themselves. */
export function traceCache(): TraceCache {
  return new TraceCache(traceTree);
}

let caches: WeakMap<Callable, TraceCache> | undefined;

/**
 * The traces of a function, kept as long as the function is, and found by all transformations.
 *
 * @throws TypeError if it is none.
 */
export function tracesOf(f: Callable, name: string): TraceCache {
  return cacheOf(withoutNoinline(requireFunction(name, f)));
}

/** The trace of a call; of a closure the one for all of its code, whose data are arguments too. */
export function tracedCall(f: Callable, args: readonly unknown[], name: string): TracedCall {
  if (closureOf(f) === undefined) return tracesOf(f, name).get(f, args, name);
  return cacheOf(codeOf(f)).get(applied, [f, ...args], name);
}

function applied(f: Callable, ...args: readonly unknown[]): unknown {
  return (f as unknown as (...args: readonly unknown[]) => unknown)(...args);
}

function cacheOf(traced: Callable): TraceCache {
  caches ??= new WeakMap();
  let cache = caches.get(traced);
  if (cache === undefined) caches.set(traced, (cache = traceCache()));
  return cache;
}

function sameTypes(types: readonly Type[], leaves: readonly Leaf[], name: string): boolean {
  for (let i = 0; i < leaves.length; i++) {
    if (!hasType(leaves[i]!, types[i]!, name)) return false;
  }
  return true;
}
