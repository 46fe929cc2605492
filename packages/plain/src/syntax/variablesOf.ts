import type { AnyNode } from "acorn";
import { namesOf } from "./namesOf.ts";
import { isMissing } from "../isMissing.ts";

/** The names that `var` declares in a function, outside of the functions in it. */
export function variablesOf(node: AnyNode, names: string[] = []): readonly string[] {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- nothing else holds statements
  switch (node.type) {
    case "VariableDeclaration":
      if (node.kind === "var") for (const { id } of node.declarations) names.push(...namesOf(id));
      return names;
    case "BlockStatement":
      return all(node.body, names);
    case "IfStatement":
      return all([node.consequent, node.alternate], names);
    case "ForStatement":
      return all([node.init, node.body], names);
    case "ForOfStatement":
    case "ForInStatement":
      return all([node.left, node.body], names);
    case "WhileStatement":
    case "DoWhileStatement":
    case "LabeledStatement":
      return all([node.body], names);
    case "SwitchStatement":
      return all(
        node.cases.flatMap(({ consequent }) => consequent),
        names,
      );
    default:
      return names;
  }
}

function all(nodes: readonly (AnyNode | null | undefined)[], names: string[]): readonly string[] {
  for (const node of nodes) if (!isMissing(node)) variablesOf(node, names);
  return names;
}
