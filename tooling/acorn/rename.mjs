import { parseAst } from "rolldown/parseAst";
import { children } from "./nodes.mjs";

/** @typedef {import("./nodes.mjs").Node} Node */

/**
 * Gives short names to the methods and the state of the parser, which no minifier may touch: nobody outside reads them. What the
 * nodes of a tree hold, and what JavaScript has itself, keeps its name.
 *
 * @param {string} source
 * @returns {string}
 */
export function rename(source) {
  const tree = /** @type {Node} */ (/** @type {unknown} */ (parseAst(source)));
  /** @type {Node[]} */
  const places = [];
  /** @type {Set<string>} */
  const own = new Set();
  /** @type {Set<string>} */
  const kept = new Set(ofTrees);
  /** @type {(node: Node) => void} */
  const visit = (node) => {
    const { property, key, computed, shorthand, left } = node;
    if (node.type === "MemberExpression" && !computed) places.push(property);
    // `{ name }` is a variable too, and `"name" in x` is text: they cannot be told from others.
    if (node.type === "Property" && !computed && key.type === "Identifier") {
      if (shorthand) kept.add(key.name);
      else places.push(key);
    }
    if (node.type === "Literal") kept.add(String(node["value"]));
    if (node.type === "AssignmentExpression" && left.type === "MemberExpression" && !left.computed)
      if (isOwn(left.object)) own.add(left.property.name);
    for (const child of children(node)) visit(child);
  };
  visit(tree);
  const names = [...own].filter((name) => name.length > 2 && !kept.has(name)).toSorted();
  const short = new Map(names.map((name, i) => [name, `$${i.toString(36)}`]));
  let result = "";
  let at = 0;
  for (const { name, start, end } of places.toSorted((a, b) => a.start - b.start)) {
    result += source.slice(at, start) + (short.get(name) ?? name);
    at = end;
  }
  return result + source.slice(at);
}

/** The names of what nodes hold, from the specification of ESTree. */
const ofTrees =
  "type start end body id params generator async expression expressions init test update consequent alternate argument arguments callee optional object property computed key value kind method shorthand static quasi quasis tag tail cooked raw elements properties declarations source operator prefix left right label block handler finalizer param discriminant cases meta superClass regex pattern flags bigint directive await options attributes delegate name length prototype".split(
    " ",
  );

/**
 * Whether it is `this`, or the prototype of a class of acorn.
 *
 * @param {Node} object
 * @returns {boolean}
 */
function isOwn(object) {
  return (
    object.type === "ThisExpression" ||
    /^(pp(\$\d+)?|acorn)$/.test(object["name"]) ||
    object["property"]?.name === "prototype"
  );
}
