import { type Identifier, parseExpressionAt } from "acorn";
import type { Unit } from "./Unit.ts";

/**
 * What to say of a name from outside that is called as `e((x) => …, "scale")`: so esbuild keeps the names of functions, with a helper
 * whose own name it shortens. What such a helper does cannot be seen, and so it is not guessed.
 *
 * @returns `undefined` for any other name.
 */
export function keptName(
  { source }: Unit,
  { name, start }: Identifier,
): readonly [what: string, wayOut: string] | undefined {
  const call = parseExpressionAt(source, start, { ecmaVersion: "latest" });
  if (call.type !== "CallExpression" || call.callee.type !== "Identifier") return undefined;
  const [f, text] = call.arguments;
  const isFunction = f?.type === "ArrowFunctionExpression" || f?.type === "FunctionExpression";
  if (!isFunction || text?.type !== "Literal" || typeof text.value !== "string") return undefined;
  return [
    `"${name}" comes from outside the function, where it cannot be seen, and looks like what esbuild writes round functions to keep their names`,
    "build without keepNames, or without shorter names for variables",
  ];
}
