import type { AnyNode, Identifier, Node, Pattern } from "acorn";
import { asArrays, errorAt } from "../errorAt.ts";
import { isMissing } from "../isMissing.ts";
import { isCounter } from "../syntax/isCounter.ts";
import { namesOf } from "../syntax/namesOf.ts";
import { isKnownName } from "../values/knownNames.ts";
import type { Unit } from "./Unit.ts";

/** What is not read, whatever it holds. */
export type RefusedType =
  | "ThisExpression"
  | "Super"
  | "MetaProperty"
  | "AwaitExpression"
  | "YieldExpression"
  | "TryStatement"
  | "ImportExpression"
  | "ClassDeclaration"
  | "ClassExpression"
  | "TaggedTemplateExpression"
  | "WithStatement"
  | "DebuggerStatement";

const classes = ["classes are not read", "use functions and object literals"] as const;

/** What it is in words, and what to write instead. */
const refused: Readonly<Record<RefusedType, readonly [what: string, wayOut: string]>> = {
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
  ClassDeclaration: classes,
  ClassExpression: classes,
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
  const declare = (pattern: Pattern): void => {
    for (const name of namesOf(pattern)) declared.add(name);
  };
  const visitAll = (nodes: readonly AnyNode[]): void => {
    for (const node of nodes) visit(node);
  };
  const visit = (node: AnyNode): void => {
    if (node.type in refused) refuse(node, ...refused[node.type as RefusedType]);
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
        if (!isMissing(node.id)) declare(node.id);
        for (const parameter of node.params) declare(parameter);
        return visitAll([...node.params, node.body]);
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
      case "UpdateExpression":
        if (isCounter(node)) return;
        break;
      case "UnaryExpression":
        if (node.operator === "delete")
          refuse(node, "delete is not read", "make a new object: const { key, ...rest } = object");
        break;
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
