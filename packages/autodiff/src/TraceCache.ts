import {
  cacheBudget,
  hasType,
  type Kept as Counted,
  leafType,
  sameType,
  traceContext,
  type Type,
} from "@diffrax-ts/program";
import {
  type Callable,
  closureOf,
  codeOf,
  ConstantWanted,
  flatten,
  hashStructure,
  hashTree,
  keyPaths,
  type Leaf,
  match,
  type Structure,
  structuresEqual,
  type Tensor,
} from "@diffrax-ts/pytree";
import { checkTrace, isChecking, tracedFor } from "./checkTraces.ts";
import { noteFunction, noteFunctionsIn } from "./madeAnew.ts";
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
  /** What it takes, about. */
  readonly bytes?: number;
}

/** The leaves of the arguments of a call, and what the function was traced to for arguments like these. */
export interface TracedCall<T extends Kept = TreeProgram> {
  readonly leaves: readonly Leaf[];
  readonly traced: T;
}

/** A trace that is kept, in the cache that it is in. */
class Entry<T extends Kept> implements Counted {
  readonly cache: Entries<T>;
  /** What is kept, until it is dropped. */
  value: T | undefined;
  readonly bytes: number;
  readonly hash: number;
  /** What was found after this one the last time: when several are used in turn, the next. */
  next: Entry<T> | undefined;
  used: number = cacheBudget().now();

  constructor(cache: Entries<T>, value: T, hash: number) {
    this.cache = cache;
    this.value = value;
    this.bytes = value.bytes ?? 0;
    this.hash = hash;
  }

  /** Whether it is for these arguments; their leaves are in `leaves` then. */
  fits(args: readonly unknown[], leaves: Leaf[]): boolean {
    const { value } = this;
    return (
      value !== undefined && match(value.structure, args, leaves) && haveTypes(leaves, value.types)
    );
  }

  drop(): void {
    this.value = this.next = undefined;
    const others = this.cache.get(this.hash)?.filter((one) => one !== this) ?? [];
    if (others.length > 0) this.cache.set(this.hash, others);
    else this.cache.delete(this.hash);
  }
}

type Entries<T extends Kept> = Map<number, Entry<T>[]>;

/**
 * What a function was traced to, or what was made of that, for each structure of arguments and the types of their leaves.
 *
 * A trace that captured values of a surrounding trace belongs to that trace alone, and is not kept. How much is kept is a matter of
 * the whole process: see `Budget`.
 */
export class TraceCache<T extends Kept = TreeProgram, F extends Callable = Callable> {
  readonly #trace: (f: F, ...where: TraceParameters) => T;
  readonly #argumentAt: (path: string) => string;
  /** By a hash of structure and shapes. */
  readonly #entries: Entries<T> = new Map();
  /** What was found last. */
  #last: Entry<T> | undefined;
  /** Whether the last call that was foreseen was not like the one before it. */
  #takesTurns = false;

  /**
   * @param trace - Makes what is kept: it traces the function by `traceTree`, and keeps beside the program what it needs to know.
   * @param argumentAt - What errors call that which lies at a path of the list of arguments, such as `[0].k`.
   */
  constructor(
    trace: (f: F, ...where: TraceParameters) => T,
    argumentAt: (path: string) => string = nthArgument,
  ) {
    this.#trace = trace;
    this.#argumentAt = argumentAt;
  }

  /** The trace for these arguments, made if there is none yet. */
  get(f: F, args: readonly unknown[], name: string): TracedCall<T> {
    // What was found last, or where several are used in turn, the next: first what was right the last time.
    const last = this.#last;
    const next = last?.next;
    const [first, second] = this.#takesTurns ? [next, last] : [last, next];
    const leaves: Leaf[] = [];
    if (first?.fits(args, leaves) === true) return { leaves, traced: this.#found(f, first, name) };
    leaves.length = 0;
    if (second?.fits(args, leaves) === true) {
      this.#takesTurns = !this.#takesTurns;
      return { leaves, traced: this.#found(f, second, name) };
    }
    return this.#search(f, args, name);
  }

  #search(f: F, args: readonly unknown[], name: string): TracedCall<T> {
    const hash = hashTree(args);
    for (const entry of this.#entries.get(hash) ?? []) {
      const leaves: Leaf[] = [];
      if (entry.fits(args, leaves)) return { leaves, traced: this.#found(f, entry, name) };
    }
    const { leaves, structure } = flatten(args, (path) => `${name}: ${this.#argumentAt(path)}`);
    const types = this.#typesOf(leaves, structure, name);
    try {
      return { leaves, traced: this.#make(f, hash, structure, types, name) };
    } catch (error) {
      if (!(error instanceof ConstantWanted)) throw error;
      // Where the data of a closure are known, that is done: it now is a constant. Else whoever traces this can do it.
      if (structuresEqual(flatten(args, name).structure, structure)) throw error;
      return this.get(f, args, name);
    }
  }

  #typesOf(leaves: readonly Leaf[], structure: Structure, name: string): readonly Type[] {
    try {
      return leaves.map((leaf) => leafType(leaf, name));
    } catch {
      // The same error again, with the way to the leaf that only an error needs.
      const paths = keyPaths(structure);
      return leaves.map((leaf, i) => leafType(leaf, `${name}: ${this.#argumentAt(paths[i]!)}`));
    }
  }

  /** The trace for arguments of this structure and these types, made if there is none yet. */
  of(f: F, ...where: TraceParameters): T {
    const [structure, types, name] = where;
    const hash = hashStructure(structure, types);
    const entry = this.#entries
      .get(hash)
      ?.find(
        ({ value }) =>
          structuresEqual(value!.structure, structure) &&
          value!.types.every((type, i) => sameType(type, types[i]!)),
      );
    return entry === undefined ? this.#make(f, hash, ...where) : this.#found(f, entry, name);
  }

  #make(f: F, hash: number, ...where: TraceParameters): T {
    const traced = tracedFor(() => this.#trace(f, ...where));
    if (traced.captured.length > 0) return traced;
    if (traceContext().current === null) this.#note(f, traced.structure, where[2]);
    const entry = new Entry(this.#entries, traced, hash);
    const alike = this.#entries.get(hash);
    if (alike === undefined) this.#entries.set(hash, [entry]);
    else alike.push(entry);
    cacheBudget().add(entry);
    this.#follow(entry);
    return traced;
  }

  /** Functions that are made anew at each call are told of. */
  #note(f: F, structure: Structure, name: string): void {
    const before = this.#last?.value;
    if (before === undefined) noteFunction(f, name);
    else noteFunctionsIn(structure, before.structure, name);
  }

  /** The trace was asked for. */
  #found(f: F, entry: Entry<T>, name: string): T {
    if (entry !== this.#last) this.#follow(entry);
    entry.used = cacheBudget().now();
    const traced = entry.value!;
    if (isChecking()) this.#check(f, traced, name);
    return traced;
  }

  #follow(entry: Entry<T>): void {
    if (this.#last !== undefined) this.#last.next = entry;
    this.#last = entry;
  }

  #check(f: F, traced: T, name: string): void {
    checkTrace(f, traced, () => this.#trace(f, traced.structure, traced.types, name), name);
  }
}

function nthArgument(path: string): string {
  return `arguments${path}`;
}

function haveTypes(leaves: readonly Leaf[], types: readonly Type[]): boolean {
  for (let i = 0; i < leaves.length; i++) if (!hasType(leaves[i]!, types[i]!)) return false;
  return true;
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
