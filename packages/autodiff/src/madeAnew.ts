import { type Callable, type Structure, writtenOf } from "@diffrax-ts/pytree";

/** After so many functions with one source there is a warning. */
const tooMany = 20;
/** So many sources are remembered. */
const mostSources = 256;

interface Seen {
  /** Which functions had the source: the same one may be compiled for many shapes. */
  readonly functions: WeakSet<Callable>;
  count: number;
}

let sources: Map<string, Seen> | undefined;

/**
 * Notes that a function was traced at top level for the first time. Functions that are made anew, in a loop or in a component that is
 * drawn again, are traced and compiled anew, which nobody sees but by the time that it takes: after some of one source it is said,
 * once.
 *
 * @param name - What traces it.
 */
export function noteFunction(f: Callable, name: string): void {
  const written = writtenOf(f);
  const source = Function.prototype.toString.call(written);
  sources ??= new Map();
  const seen = sources.get(source) ?? { functions: new WeakSet(), count: 0 };
  sources.delete(source);
  sources.set(source, seen);
  if (sources.size > mostSources) sources.delete(sources.keys().next().value!);
  if (seen.functions.has(written)) return;
  seen.functions.add(written);
  if (++seen.count !== tooMany) return;
  console.warn(
    `${name}: ${tooMany} functions with one source were compiled, each for itself: \`${shortened(source)}\`. A function that is made anew ` +
      "at each call is traced and compiled at each call: make it once, outside of the loop or the component, and pass what changes as an argument",
  );
}

/** Notes functions that stand in the arguments where others with the same source stood before. */
export function noteFunctionsIn(structure: Structure, before: Structure, name: string): void {
  const [a, b] = [structure.value, before.value];
  if (structure.tag === "static" && typeof a === "function" && typeof b === "function") {
    if (a === b) return;
    noteFunction(b as Callable, name);
    noteFunction(a as Callable, name);
  } else if (structure.children.length === before.children.length) {
    for (const [i, child] of structure.children.entries())
      noteFunctionsIn(child, before.children[i]!, name);
  }
}

function shortened(source: string): string {
  const text = source.replace(/\s+/g, " ");
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
