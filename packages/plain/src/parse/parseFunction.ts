import { KeptMap } from "@diffrax-ts/program";
import type { Callable } from "@diffrax-ts/pytree";
import { type Expression, parseExpressionAt } from "acorn";
import { PlainError } from "../PlainError.ts";
import { isStackOverflow } from "../isStackOverflow.ts";
import { checkFunction } from "./checkFunction.ts";
import { isSourceless, keyOf, nameOf, sourceOf } from "./keyOf.ts";
import type { FunctionNode, Unit } from "./Unit.ts";

/** A syntax tree, for each letter of its source. */
const bytesOfLetter = 60;

let units: KeptMap<Unit | PlainError> | undefined;

/**
 * Parses a function from its own source; once for each name and source.
 *
 * @throws PlainError if it has none, or uses what is not supported.
 */
export function parseFunction(f: Callable): Unit {
  units ??= new KeptMap();
  const key = keyOf(f);
  let unit = units.get(key);
  if (unit === undefined)
    units.set(key, (unit = parse(sourceOf(f), nameOf(f))), bytesOfLetter * key.length);
  if (unit instanceof PlainError) throw unit;
  return unit;
}

/** How many arguments a function can see; Infinity if that cannot be known. */
export function parameterCount(f: Callable): number {
  try {
    const { params } = parseFunction(f).node;
    return params.at(-1)?.type === "RestElement" ? Infinity : params.length;
  } catch (error) {
    if (error instanceof PlainError) return Infinity;
    throw error;
  }
}

function parse(source: string, name: string): Unit | PlainError {
  const refuse = (what: string): PlainError =>
    new PlainError(`plain${name === "" ? "" : `(${name})`}: ${what}`);
  if (isSourceless(source))
    return refuse(
      "the function has no source (it is bound, a Proxy, or built in); write it as an arrow function round the call",
    );
  if (/^class\b/.test(source)) return refuse("a class cannot be read; write a function");
  try {
    let node = parsed(source, 0);
    let text = source;
    let shift = 0;
    if (!isWhole(node, source)) {
      // A method: `f(t, y) { … }`.
      text = `({${source}})`;
      shift = 2;
      const object = parsed(text, 0);
      const property = object?.type === "ObjectExpression" ? object.properties[0] : undefined;
      node = property?.type === "Property" ? property.value : undefined;
      if (!isFunction(node))
        return refuse(
          `its source cannot be parsed outside of where it stands: ${source.slice(0, 60)}; pass what only a class can see, such as #k, through args`,
        );
    }
    const unit: Unit = { name, source: text, shift, node, free: [] };
    return { ...unit, free: checkFunction(unit) };
  } catch (error) {
    if (error instanceof PlainError) return error;
    if (isStackOverflow(error))
      return refuse(
        "an expression of its source is nested too deeply, or too long, for the stack of the parser; make it several statements, or a loop",
      );
    throw error;
  }
}

function parsed(source: string, from: number): Expression | undefined {
  try {
    return parseExpressionAt(source, from, { ecmaVersion: "latest" });
  } catch (error) {
    if (error instanceof SyntaxError && !isStackOverflow(error)) return undefined;
    throw error;
  }
}

function isWhole(node: Expression | undefined, source: string): node is FunctionNode & Expression {
  return isFunction(node) && node.end === source.length;
}

function isFunction(node: Expression | undefined): node is FunctionNode & Expression {
  return node?.type === "ArrowFunctionExpression" || node?.type === "FunctionExpression";
}
