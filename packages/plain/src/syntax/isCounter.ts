import type { AnyNode } from "acorn";

/** What Istanbul calls the counters of a file: a function, or in older releases a variable. */
const counters = /^cov_[0-9a-z]+$/;

/**
 * Whether an expression does nothing but count that it was reached: `cov_1x2y3z().s[4]++`, which coverage tools write into sources. Its value
 * is never used, and a function is read as if it were not there.
 */
export function isCounter(node: AnyNode): boolean {
  if (node.type !== "UpdateExpression" || node.operator !== "++") return false;
  let from: AnyNode = node.argument;
  if (from.type !== "MemberExpression") return false;
  while (from.type === "MemberExpression") from = from.object;
  if (from.type === "CallExpression" && from.arguments.length === 0) from = from.callee;
  return from.type === "Identifier" && counters.test(from.name);
}
