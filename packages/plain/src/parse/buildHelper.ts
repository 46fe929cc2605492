import { type Expression, type Identifier, parseExpressionAt, type SpreadElement } from "acorn";
import type { Unit } from "./Unit.ts";

/** Minifiers give names that are no longer. */
const mostLetters = 3;

/**
 * What to say of a name from outside that is called as builds call their helpers, whose own names minifiers shorten. What such a helper
 * does cannot be seen, and so it is not guessed.
 *
 * @returns `undefined` for any other name.
 */
export function buildHelper(
  { source }: Unit,
  { name, start }: Identifier,
): readonly [what: string, wayOut: string] | undefined {
  const call = parseExpressionAt(source, start, { ecmaVersion: "latest" });
  if (call.type !== "CallExpression" || call.callee.type !== "Identifier") return undefined;
  const looksLike = (what: string): string =>
    `"${name}" comes from outside the function, where it cannot be seen, and looks like what ${what}`;
  if (keepsName(call.arguments))
    return [
      looksLike("esbuild writes round functions to keep their names"),
      "build without keepNames, or without shorter names for variables",
    ];
  if (name.length <= mostLetters && isForOldTarget(call.arguments))
    return [
      looksLike("a build for engines older than ES2018 writes for ... in objects"),
      'raise the target of the build, such as build.target: "es2022", or write the function without ... in objects',
    ];
  return undefined;
}

type Arguments = readonly (Expression | SpreadElement)[];

/** `e((x) => …, "scale")` */
function keepsName([f, text]: Arguments): boolean {
  const isFunction = f?.type === "ArrowFunctionExpression" || f?.type === "FunctionExpression";
  return isFunction && text !== undefined && isText(text);
}

/** `e(x, ["a"])` for `{ a, ...rest }`, `e({ a: 1 }, x)` and `e(…, { a: 1 })` for `{ a: 1, ...x }` and `{ ...x, a: 1 }` */
function isForOldTarget(given: Arguments): boolean {
  const [first, second] = given;
  if (given.length !== 2 || first === undefined || second === undefined) return false;
  if (second.type === "ArrayExpression")
    return second.elements.every((element) => element !== null && isText(element));
  const isObject = [first, second].map(({ type }) => type === "ObjectExpression");
  return isObject[0] === true || (isObject[1] === true && first.type === "CallExpression");
}

function isText(x: Expression | SpreadElement): boolean {
  return x.type === "Literal" && typeof x.value === "string";
}
