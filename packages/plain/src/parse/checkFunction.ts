import type { AnyNode, Identifier, Node } from "acorn";
import { errorAt } from "../PlainError.ts";
import { isKnownName } from "../values/knownNames.ts";
import type { Unit } from "./Unit.ts";

/** What is read, and under which names the fields of a node hold names that are no variables. */
const readable: Readonly<Record<string, true>> = {
  ArrayExpression: true, ArrayPattern: true, ArrowFunctionExpression: true, AssignmentExpression: true,
  AssignmentPattern: true, BinaryExpression: true, BlockStatement: true, BreakStatement: true, CallExpression: true,
  ChainExpression: true, ConditionalExpression: true, ContinueStatement: true, DoWhileStatement: true,
  EmptyStatement: true, ExpressionStatement: true, ForInStatement: true, ForOfStatement: true, ForStatement: true,
  FunctionDeclaration: true, FunctionExpression: true, Identifier: true, IfStatement: true, LabeledStatement: true,
  Literal: true, LogicalExpression: true, MemberExpression: true, NewExpression: true, ObjectExpression: true,
  ObjectPattern: true, Property: true, RestElement: true, ReturnStatement: true, SequenceExpression: true,
  SpreadElement: true, SwitchCase: true, SwitchStatement: true, TemplateElement: true, TemplateLiteral: true,
  ThrowStatement: true, UnaryExpression: true, UpdateExpression: true, VariableDeclaration: true,
  VariableDeclarator: true, WhileStatement: true,
};

/** What is not, in words, and what to write instead. */
const refused: Readonly<Record<string, readonly [what: string, wayOut: string]>> = {
  ThisExpression: ["`this` has no value here", "pass what it holds through args"],
  Super: ["`super` has no value here", "pass the function through args"],
  MetaProperty: ["`new.target` and `import.meta` have no value here", "pass the value through args"],
  AwaitExpression: ["a vector field cannot wait", "compute the value before, and pass it through args"],
  YieldExpression: ["generators are not read", "return an array"],
  TryStatement: ["try and catch are not read", "test the condition instead"],
  ImportExpression: ["import() is not read", "import it before, and pass it through args"],
  ClassDeclaration: ["classes are not read", "use functions and object literals"],
  ClassExpression: ["classes are not read", "use functions and object literals"],
  TaggedTemplateExpression: ["tagged templates are not read", "call the function"],
  WithStatement: ["with is not read", "use destructuring"],
  DebuggerStatement: ["debugger is not read", "remove it"],
};

const asArrays = "write it with array operations in a traced(…) function";

/**
 * Looks a function over before it is read for the first time.
 *
 * @returns The first use of each name that is neither declared in the function nor known.
 * @throws PlainError at what is not supported.
 */
export function checkFunction(unit: Unit): readonly Identifier[] {
  const declared = new Set<string>();
  const used = new Map<string, Identifier>();
  const refuse = (node: Node, what: string, wayOut: string = asArrays): never => {
    throw errorAt(unit, node, what, wayOut);
  };
  const declare = (pattern: AnyNode | null | undefined): void => {
    if (pattern == null) return;
    if (pattern.type === "Identifier") declared.add(pattern.name);
    else if (pattern.type === "AssignmentPattern") declare(pattern.left);
    else if (pattern.type === "RestElement") declare(pattern.argument);
    else if (pattern.type === "ArrayPattern") pattern.elements.forEach(declare);
    else if (pattern.type === "ObjectPattern") {
      for (const property of pattern.properties) declare(property.type === "Property" ? property.value : property);
    }
  };
  const visit = (node: AnyNode): void => {
    if (!(node.type in readable)) {
      const [what, wayOut] = refused[node.type] ?? [`${node.type} is not read`, asArrays];
      refuse(node, what, wayOut);
    }
    switch (node.type) {
      case "Identifier":
        if (node.name === "arguments") refuse(node, "`arguments` is not read", "write a rest parameter: (...values)");
        if (!used.has(node.name)) used.set(node.name, node);
        return;
      case "Literal":
        if (node.regex != null) refuse(node, "regular expressions are not read");
        if (node.bigint != null) refuse(node, "a bigint is not a number", "write it without n");
        return;
      case "ArrowFunctionExpression":
      case "FunctionExpression":
      case "FunctionDeclaration":
        if (node.async) refuse(node, "an async function is not read", "a vector field returns its value at once");
        if (node.generator) refuse(node, "generators are not read", "return an array");
        declare(node.id);
        node.params.forEach(declare);
        if (node.id != null) return [...node.params, node.body].forEach(visit);
        break;
      case "VariableDeclaration":
        if (node.kind === "using" || node.kind === "await using") refuse(node, `${node.kind} is not read`, "use const");
        break;
      case "VariableDeclarator":
        declare(node.id);
        break;
      case "ForOfStatement":
        if (node.await) refuse(node, "for await is not read", "a vector field cannot wait");
        break;
      case "Property":
        if (node.kind === "get" || node.kind === "set") refuse(node, "getters and setters are not read", "use a function");
        if (node.computed) visit(node.key);
        return visit(node.value);
      case "MemberExpression":
        visit(node.object);
        if (node.property.type === "PrivateIdentifier") refuse(node, "private fields are not read");
        if (node.computed) visit(node.property);
        return;
      case "BinaryExpression":
        if (node.operator === "instanceof") refuse(node, "instanceof is not read", "compare numbers");
        break;
      case "LabeledStatement":
        return visit(node.body);
      case "BreakStatement":
      case "ContinueStatement":
        return;
    }
    for (const child of Object.values(node) as unknown[]) {
      if (Array.isArray(child)) child.filter(isNode).forEach(visit);
      else if (isNode(child)) visit(child);
    }
  };
  visit(unit.node);
  return [...used.values()].filter(({ name }) => !declared.has(name) && !isKnownName(name));
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value;
}
