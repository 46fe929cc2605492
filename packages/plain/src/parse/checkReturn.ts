import type { AnyNode, ExpressionStatement, Node } from "acorn";
import { errorAt } from "../errorAt.ts";
import type { Unit } from "./Unit.ts";

/** What a function has to do that writes its result into an array. */
export const returnsIt =
  "a field returns its derivative and does not write it into an argument: return [ … ]";

/**
 * Looks for fields in the style of other libraries, `(t, y, dydt) => { dydt[0] = … }`.
 *
 * @throws PlainError if a function writes elements, and returns and throws nothing.
 */
export function checkReturn(unit: Unit): void {
  if (unit.node.body.type !== "BlockStatement") return;
  let written: Node | undefined;
  let isDone = false;
  const visit = (node: AnyNode): void => {
    if (node.type === "ThrowStatement" || (node.type === "ReturnStatement" && node.argument))
      isDone = true;
    if (node.type === "ExpressionStatement" && writesElement(node)) written ??= node;
    if (isDone || isFunction(node)) return;
    for (const child of Object.values(node).flat() as unknown[])
      if (typeof child === "object" && child !== null && "type" in child) visit(child as AnyNode);
  };
  visit(unit.node.body);
  if (written !== undefined && !isDone)
    throw errorAt(unit, written, "the function returns nothing", returnsIt, true);
}

function writesElement({ expression }: ExpressionStatement): boolean {
  return expression.type === "AssignmentExpression" && expression.left.type === "MemberExpression";
}

function isFunction({ type }: AnyNode): boolean {
  return /Function/.test(type);
}
