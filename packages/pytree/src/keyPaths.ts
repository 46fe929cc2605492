import type { Structure } from "./Structure.ts";

/**
 * The way to each leaf, as it would be written in JavaScript, in the order of the leaves.
 *
 * @param root - What the tree is called.
 *
 * @example
 * ```ts
 * import { keyPaths, structure } from "@diffrax-ts/pytree";
 *
 * keyPaths(structure({ arm: [1, { angle: 2 }], "wind speed": 3 }), "y0");
 * // → ["y0.arm[0]", "y0.arm[1].angle", 'y0["wind speed"]']
 * ```
 */
export function keyPaths(structure: Structure, root = ""): string[] {
  const paths: string[] = Array.from({ length: structure.size });
  visit(structure, root, 0, paths);
  return paths;
}

function visit(node: Structure, path: string, start: number, paths: string[]): void {
  if (node.tag === "leaf" || node.tag === "arrayLeaf") paths[start] = path;
  for (const [i, child] of node.children.entries()) {
    if (child.size > 0)
      visit(child, path + keyPath(node.keys[i] ?? i), start + node.starts[i]!, paths);
  }
}

/** What a path goes on with, one key further down: `.name`, `[2]` or `["odd name"]`. */
export function keyPath(key: string | number): string {
  return typeof key === "string" && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
    ? `.${key}`
    : `[${JSON.stringify(key)}]`;
}
