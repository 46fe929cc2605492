import { parseAst } from "rolldown/parseAst";
import { children } from "./nodes.mjs";

/** @typedef {import("./nodes.mjs").Node} Node */

/** How `parseExpressionAt(source, from, { ecmaVersion: "latest" })` is called: all else as acorn has it. */
const options = /** @type {const} */ ({
  allowAwaitOutsideFunction: null,
  allowHashBang: true,
  allowImportExportEverywhere: false,
  allowReserved: false,
  allowReturnOutsideFunction: false,
  allowSuperOutsideMethod: null,
  checkPrivateFields: true,
  directSourceFile: null,
  ecmaVersion: 1e8,
  locations: false,
  onComment: null,
  onInsertedSemicolon: null,
  onToken: null,
  onTrailingComma: null,
  preserveParens: false,
  program: null,
  ranges: false,
  sourceFile: null,
  sourceType: "script",
  startLocation: null,
  strict: false,
});

/**
 * Puts in the options, takes the branches that follow from them, and drops what describes errors.
 *
 * @param {string} source
 * @returns {string}
 */
export function decide(source) {
  /** @type {(node: Node) => string} */
  const text = (node) => {
    const value = node.type === "Literal" ? undefined : known(node);
    if (value !== undefined) return JSON.stringify(value.is);
    const { left: first, right, test, consequent, alternate } = node;
    const decided = known(node.type === "LogicalExpression" ? first : test);
    if (decided !== undefined) {
      switch (node.type) {
        case "IfStatement":
          return decided.is ? text(consequent) : alternate ? text(alternate) : ";";
        case "ConditionalExpression":
          return `(${text(decided.is ? consequent : alternate)})`;
        case "LogicalExpression":
          return `(${text(right)})`;
        default:
      }
    }
    if (isIdle(node)) return node.type === "BlockStatement" ? "{}" : ";";
    const called = methodOf(node);
    if (called !== undefined && errors.test(called)) return `this.${called}()`;
    const list = node["params"] ?? node["arguments"] ?? node["declarations"] ?? [];
    const left = list.filter((/** @type {Node} */ part) => !isUnread(part));
    if (left.length === 0 && node.type === "VariableDeclaration") return ";";
    let result = "";
    let at = node.start;
    for (const child of children(node)) {
      // In `{ name }`, the key and the value are one; the rest of a list comes with its first.
      if (child.start < at) continue;
      result += source.slice(at, child.start);
      result += child === list[0] ? left.map(text).join(", ") : text(child);
      at = child === list[0] ? list.at(-1).end : child.end;
    }
    return result + source.slice(at, node.end);
  };
  return text(parseAst(source));
}

const errors = /^(raise|raiseRecoverable|unexpected|invalidStringToken)$/;

/** They do nothing but object. */
const checks =
  /^(check(LVal(Simple|Pattern|InnerPattern)|ExpressionErrors|Params|PatternErrors|PropClash|Unreserved|YieldAwaitInDefaultParams)|declareName)$/;

/** What is only noted for checks, and for the lines and columns of nodes. */
const unread =
  /^(.*Loc|loc|(old)?(Yield|Await|AwaitIdent)Pos|curLine|lineStart|undefinedExports|reserved(Strict|Words.*)?)$/i;

/**
 * Whether a statement does nothing but object to what an engine has accepted.
 *
 * @param {Node} node
 * @returns {boolean}
 */
function isIdle(node) {
  switch (node.type) {
    case "BlockStatement":
      return node["body"].length > 0 && node["body"].every(isIdle);
    case "IfStatement":
      return !node["alternate"] && isIdle(node["consequent"]) && isQuestion(node["test"]);
    case "ExpressionStatement": {
      const { expression } = node;
      const method = methodOf(expression) ?? "";
      return (
        checks.test(method) ||
        // Without these, tokens have no end.
        (/^raise(Recoverable)?$/.test(method) &&
          !/^(Unterminated|Unexpected)/.test(expression.arguments[1].value ?? "")) ||
        isUnread(expression.left ?? expression.argument ?? expression)
      );
    }
    default:
      return false;
  }
}

/**
 * Whether a parameter, an argument, a variable, or the target of an assignment is only noted.
 *
 * @param {Node} node
 * @returns {boolean}
 */
function isUnread(node) {
  const { type, id, property, name, left } = node;
  return type === "LogicalExpression"
    ? isUnread(left)
    : unread.test(id?.name ?? property?.name ?? name);
}

/**
 * Whether an expression changes nothing.
 *
 * @param {Node} node
 * @returns {boolean}
 */
function isQuestion(node) {
  if (/^(Assignment|Update)Expression$/.test(node.type)) return false;
  if (node.type === "CallExpression") {
    const { name } = node["callee"].property ?? node["callee"];
    if (
      !/^(test|has[A-Z]|is[A-Z]|check[A-Z]|slice|charCodeAt|fullCharCodeAt|canInsert)/.test(name)
    ) {
      return false;
    }
  }
  return children(node).every(isQuestion);
}

/**
 * The name of the method of a parser that an expression calls.
 *
 * @param {Node | undefined} node
 * @returns {string | undefined}
 */
function methodOf(node) {
  const callee = node?.type === "CallExpression" ? node["callee"] : undefined;
  return callee?.object?.type === "ThisExpression" ? callee.property.name : undefined;
}

/**
 * The value of an expression that depends on the options alone.
 *
 * @param {Node | null | undefined} node
 * @returns {{ readonly is: unknown } | undefined}
 */
function known(node) {
  if (node === null || node === undefined) return undefined;
  const { type, value, object, property, operator, argument, left, right } = node;
  switch (type) {
    case "Literal":
      return { is: value };
    case "MemberExpression": {
      const isOption = (object.property ?? object).name === "options" && property.name in options;
      return isOption
        ? { is: options[/** @type {keyof typeof options} */ (property.name)] }
        : undefined;
    }
    case "UnaryExpression": {
      const x = known(argument);
      return x && operator === "!" ? { is: !x.is } : undefined;
    }
    case "BinaryExpression": {
      const [a, b] = /** @type {{ readonly is: any }[]} */ ([known(left), known(right)]);
      return a && b && operator in comparisons
        ? { is: comparisons[/** @type {keyof typeof comparisons} */ (operator)](a.is, b.is) }
        : undefined;
    }
    case "LogicalExpression": {
      const a = known(left);
      if (a === undefined) return undefined;
      return Boolean(a.is) === (operator === "&&") ? known(right) : a;
    }
    default:
      return undefined;
  }
}

/** @type {{ readonly [operator in "===" | "!==" | "<" | ">" | ">="]: (a: any, b: any) => boolean }} */
const comparisons = {
  "===": (a, b) => a === b,
  "!==": (a, b) => a !== b,
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};
