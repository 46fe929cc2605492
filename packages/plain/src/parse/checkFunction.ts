import type { AnyNode, Identifier, Node } from "acorn";
import { asArrays, errorAt } from "../errorAt.ts";
import { isKnownName } from "../values/knownNames.ts";
import type { Unit } from "./Unit.ts";
import { isMissing } from "../isMissing.ts";

/** What is not read, in words, and what to write instead. */
const refused: Readonly<Record<string, readonly [what: string, wayOut: string]>> = {
  ThisExpression: ["`this` has no value here", "pass what it holds through args"],
  Super: ["`super` has no value here", "pass the function through args"],
  MetaProperty: [
    "`new.target` and `import.meta` have no value here",
    "pass the value through args",
  ],
  AwaitExpression: [
    "a vector field cannot wait",
    "compute the value before, and pass it through args",
  ],
  YieldExpression: ["generators are not read", "return an array"],
  TryStatement: ["try and catch are not read", "test the condition instead"],
  ImportExpression: ["import() is not read", "import it before, and pass it through args"],
  ClassDeclaration: ["classes are not read", "use functions and object literals"],
  ClassExpression: ["classes are not read", "use functions and object literals"],
  TaggedTemplateExpression: ["tagged templates are not read", "call the function"],
  WithStatement: ["with is not read", "use destructuring"],
  DebuggerStatement: ["debugger is not read", "remove it"],
};

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
    if (isMissing(pattern)) return;
    if (pattern.type === "Identifier") declared.add(pattern.name);
    else if (pattern.type === "AssignmentPattern") declare(pattern.left);
    else if (pattern.type === "RestElement") declare(pattern.argument);
    else if (pattern.type === "ArrayPattern") {
      for (const element of pattern.elements) declare(element);
    } else if (pattern.type === "ObjectPattern") {
      for (const property of pattern.properties)
        declare(property.type === "Property" ? property.value : property);
    }
  };
  const visitAll = (nodes: readonly AnyNode[]): void => {
    for (const node of nodes) visit(node);
  };
  const visit = (node: AnyNode): void => {
    if (Object.hasOwn(refused, node.type)) refuse(node, ...refused[node.type]!);
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all others are only walked through
    switch (node.type) {
      case "Identifier":
        if (node.name === "arguments")
          refuse(node, "`arguments` is not read", "write a rest parameter: (...values)");
        if (!used.has(node.name)) used.set(node.name, node);
        return;
      case "Literal":
        if (!isMissing(node.regex)) refuse(node, "regular expressions are not read");
        if (!isMissing(node.bigint)) refuse(node, "a bigint is not a number", "write it without n");
        return;
      case "ArrowFunctionExpression":
      case "FunctionExpression":
      case "FunctionDeclaration":
        if (node.async)
          refuse(node, "an async function is not read", "a vector field returns its value at once");
        if (node.generator) refuse(node, "generators are not read", "return an array");
        declare(node.id);
        for (const parameter of node.params) declare(parameter);
        if (!isMissing(node.id)) return visitAll([...node.params, node.body]);
        break;
      case "VariableDeclaration":
        if (node.kind === "using" || node.kind === "await using")
          refuse(node, `${node.kind} is not read`, "use const");
        break;
      case "VariableDeclarator":
        declare(node.id);
        break;
      case "ForOfStatement":
        if (node.await) refuse(node, "for await is not read", "a vector field cannot wait");
        break;
      case "Property":
        if (node.kind === "get" || node.kind === "set")
          refuse(node, "getters and setters are not read", "use a function");
        if (node.computed) visit(node.key);
        return visit(node.value);
      case "MemberExpression":
        visit(node.object);
        if (node.property.type === "PrivateIdentifier") refuse(node, "private fields are not read");
        if (node.computed) visit(node.property);
        return;
      case "BinaryExpression":
        if (node.operator === "instanceof")
          refuse(node, "instanceof is not read", "compare numbers");
        break;
      case "LabeledStatement":
        return visit(node.body);
      case "BreakStatement":
      case "ContinueStatement":
        return;
    }
    for (const child of Object.values(node) as unknown[]) {
      if (Array.isArray(child)) visitAll(child.filter(isNode));
      else if (isNode(child)) visit(child);
    }
  };
  visit(unit.node);
  return [...used.values()].filter(({ name }) => !declared.has(name) && !isKnownName(name));
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value;
}
