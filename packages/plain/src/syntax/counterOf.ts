import type { AnyNode, BinaryExpression, Expression, ForStatement, Node } from "acorn";

/** `for (let i = …; i < bound; i += step)`, where the body gives nothing else to `i`. */
export interface Counter {
  readonly name: string;
  readonly step: number;
  readonly test: BinaryExpression;
  readonly bound: Expression;
}

let counters: WeakMap<Node, Counter | null> | undefined;

/** What a loop counts, if it does nothing but count; `null` for any other. */
export function counterOf(node: ForStatement): Counter | null {
  counters ??= new WeakMap();
  let counter = counters.get(node);
  if (counter === undefined) counters.set(node, (counter = find(node)));
  return counter;
}

function find({ init, test, update, body }: ForStatement): Counter | null {
  if (init?.type !== "VariableDeclaration" || init.kind !== "let") return null;
  const [declared, another] = init.declarations;
  if (declared?.id.type !== "Identifier" || another !== undefined) return null;
  const { name } = declared.id;
  if (test?.type !== "BinaryExpression" || !isName(test.left, name)) return null;
  if (!["<", "<=", ">", ">="].includes(test.operator)) return null;
  const step = stepOf(update, name);
  // It counts towards its bound.
  if (step === null || step > 0 !== test.operator.startsWith("<")) return null;
  if (has(test.right, isAction) || has(body, (inner) => gives(inner, name))) return null;
  return { name, step, test, bound: test.right };
}

function stepOf(node: Node | null | undefined, name: string): number | null {
  const update = node as AnyNode | null | undefined;
  if (update?.type === "UpdateExpression" && isName(update.argument, name))
    return update.operator === "++" ? 1 : -1;
  if (update?.type !== "AssignmentExpression" || !isName(update.left, name)) return null;
  const { operator, right } = update;
  const by = right.type === "Literal" && typeof right.value === "number" ? right.value : 0;
  if (!(by > 0) || (operator !== "+=" && operator !== "-=")) return null;
  return operator === "+=" ? by : -by;
}

function isName(node: Node, name: string): boolean {
  return node.type === "Identifier" && (node as AnyNode & { name: string }).name === name;
}

/** Whether evaluating it may change something. */
function isAction({ type }: Node): boolean {
  return (
    type === "CallExpression" ||
    type === "NewExpression" ||
    type === "AssignmentExpression" ||
    type === "UpdateExpression"
  );
}

/** Whether a variable of this name may be given a value, be it another one. */
function gives(node: Node, name: string): boolean {
  const { type } = node;
  if (type === "UpdateExpression")
    return isName((node as AnyNode & { argument: Node }).argument, name);
  const isTarget =
    type === "AssignmentExpression" || type === "ForOfStatement" || type === "ForInStatement";
  if (!isTarget) return false;
  const { left } = node as AnyNode & { left: Node };
  return left.type !== "MemberExpression" && has(left, named(name));
}

function named(name: string): (node: Node) => boolean {
  return (node) => isName(node, name);
}

/** Whether this holds for a node or one in it. */
function has(node: unknown, holds: (node: Node) => boolean): boolean {
  if (typeof node !== "object" || node === null) return false;
  if (Array.isArray(node)) return node.some((one) => has(one, holds));
  if (typeof (node as Partial<Node>).type !== "string") return false;
  return holds(node as Node) || Object.values(node).some((child) => has(child, holds));
}
