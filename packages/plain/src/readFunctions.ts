import { type Callable, isLeaf, isTracedFunction, kindOf } from "@diffrax-ts/pytree";
import { numberedArgument } from "./numberedArgument.ts";
import { readPlain } from "./readPlain.ts";

/** Trees are not nested more deeply. */
const mostLevels = 1000;

/**
 * A tree in which each plain function is the one that `readPlain` makes of it, where it can.
 *
 * For the args of a plain vector field: a function written in place there is another object each time, and
 * what was traced with the last one would not be found again. Without functions the tree is given back as it is.
 *
 * @param inRun - For a run at top level, which can be handed other functions than the next one: those that cannot be read become inputs.
 */
export function readFunctions<Tree>(tree: Tree, inRun = false): Tree {
  if (typeof tree === "number" || tree === undefined) return tree;
  return visit(tree, inRun, []) as Tree;
}

function visit(tree: unknown, inRun: boolean, parents: readonly unknown[]): unknown {
  if (typeof tree === "function") {
    const f = tree as Callable;
    if (isTracedFunction(f)) return f;
    const { read, error } = readPlain(f);
    return read ?? (inRun ? numberedArgument(f, error) : f);
  }
  if (typeof tree !== "object" || tree === null || isLeaf(tree) || kindOf(tree) !== undefined)
    return tree;
  // Whoever takes the tree apart says that it contains itself, or that it is nested too deeply.
  if (parents.length > mostLevels || parents.includes(tree)) return tree;
  const inside = [...parents, tree];
  const entries = Object.entries(tree);
  const children = entries.map(([, child]) => visit(child, inRun, inside));
  if (children.every((child, i) => child === entries[i]![1])) return tree;
  return Array.isArray(tree)
    ? children
    : Object.fromEntries(entries.map(([key], i) => [key, children[i]]));
}
