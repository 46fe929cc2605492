import { parseAst } from "rolldown/parseAst";
import { children } from "./nodes.mjs";

/** @typedef {import("./nodes.mjs").Node} Node */

/**
 * Leaves out functions, variables and methods that are mentioned nowhere.
 *
 * @param {string} source
 * @returns {string}
 */
export function shake(source) {
  const kept = new Set(["", "parseExpressionAt"]);
  let waiting = /** @type {Node[]} */ (parseAst(source).body);
  /** @type {Node[]} */
  const live = [];
  for (;;) {
    const found = waiting.filter((node) => {
      const { owner, names } = provided(node);
      return kept.has(owner) && (names === undefined || names.some((name) => kept.has(name)));
    });
    if (found.length === 0) break;
    waiting = waiting.filter((node) => !found.includes(node));
    live.push(...found);
    for (const node of found) mention(node, kept);
  }
  const body = live.sort((a, b) => a.start - b.start);
  return `${body.map(({ start, end }) => source.slice(start, end)).join("\n")}\nexport { parseExpressionAt };`;
}

/**
 * The names by which a statement of the module is reached, if it does nothing by itself; for a method, whose it is.
 *
 * @param {Node} node
 * @returns {{ readonly owner: string, readonly names?: readonly string[] }}
 */
function provided(node) {
  switch (node.type) {
    case "ExportNamedDeclaration":
      return { owner: "", names: [] };
    case "FunctionDeclaration":
      return { owner: "", names: [node["id"].name] };
    case "VariableDeclaration":
      return {
        owner: "",
        names: node["declarations"].map((/** @type {Node} */ { id }) => id.name),
      };
    case "ExpressionStatement": {
      const { object, property } = node["expression"].left ?? {};
      if (object?.type === "Identifier" && /^(Parser|pp(\$\d+)?)$/.test(object.name)) {
        return { owner: "Parser", names: [property.name] };
      }
      if (object?.property?.name === "prototype") {
        return { owner: object.object.name, names: [property.name] };
      }
      return object?.object?.name === "prototypeAccessors"
        ? { owner: "prototypeAccessors", names: [object.property.name] }
        : { owner: "" };
    }
    default:
      return { owner: "" };
  }
}

/**
 * Adds all names in a node.
 *
 * @param {Node} node
 * @param {Set<string>} names
 */
function mention(node, names) {
  if (node.type === "Identifier") names.add(node["name"]);
  for (const child of children(node)) mention(child, names);
}
