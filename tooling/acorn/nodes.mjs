/** @typedef {{ readonly type: string, readonly start: number, readonly end: number, readonly [key: string]: any }} Node */

/**
 * The nodes in a node, as they stand in the source.
 *
 * @param {Node} node
 * @returns {Node[]}
 */
export function children(node) {
  return Object.values(node)
    .flat()
    .filter((child) => typeof child?.type === "string")
    .sort((a, b) => a.start - b.start);
}
