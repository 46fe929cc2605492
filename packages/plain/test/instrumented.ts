import { type AnyNode, type Expression, parse } from "acorn";

/**
 * A script with the counters that Istanbul writes into it: one for each function, for each statement and each initial value, and for each
 * branch of what is chosen by a condition.
 */
export function instrumented(source: string): string {
  const inserts: { readonly at: number; readonly text: string }[] = [];
  let counted = 0;
  const counter = (kind: "f" | "s" | "b"): string =>
    `cov_1lgbm1ypuy().${kind}[${counted++}]${kind === "b" ? "[0]" : ""}++`;
  const wrap = ({ start, end }: AnyNode, before: string, after: string): void => {
    inserts.push({ at: start, text: before }, { at: end, text: after });
  };
  const visit = (node: AnyNode): void => {
    count(node);
    for (const child of Object.values(node) as unknown[])
      for (const one of Array.isArray(child) ? child : [child]) if (isNode(one)) visit(one);
  };
  const count = (node: AnyNode): void => {
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- nothing else is counted
    switch (node.type) {
      case "BlockStatement":
        for (const statement of node.body) before(statement);
        return;
      case "SwitchCase":
        for (const statement of node.consequent) before(statement);
        return;
      case "IfStatement":
        for (const branch of [node.consequent, node.alternate]) if (branch) asBlock(branch);
        return;
      case "ForStatement":
      case "ForOfStatement":
      case "ForInStatement":
      case "WhileStatement":
      case "DoWhileStatement":
        return asBlock(node.body);
      case "VariableDeclarator":
        if (node.init) counting("s", node.init);
        return;
      case "ConditionalExpression":
        counting("b", node.consequent);
        return counting("b", node.alternate);
      case "LogicalExpression":
        counting("b", node.left);
        return counting("b", node.right);
      case "AssignmentPattern":
        return counting("b", node.right);
      case "ArrowFunctionExpression":
        if (node.body.type !== "BlockStatement")
          wrapBody(node.body, source.slice(node.start, node.body.start));
        return;
    }
  };
  const before = (statement: AnyNode): void => {
    if (statement.type === "FunctionDeclaration") return;
    inserts.push({ at: statement.start, text: `${counter("s")};` });
  };
  const asBlock = (statement: AnyNode): void => {
    if (statement.type !== "BlockStatement") wrap(statement, `{${counter("s")};`, "}");
  };
  const counting = (kind: "s" | "b", node: Expression): void =>
    wrap(node, `(${counter(kind)},(`, "))");
  const wrapBody = (body: Expression, head: string): void => {
    // What is in parentheses, `=> ({ … })`, is wrapped with them.
    const open = /\(\s*$/.test(head) && body.type === "ObjectExpression";
    const text = `{${counter("f")};${counter("s")};return `;
    if (!open) wrap(body, `${text}(`, ");}");
    else {
      inserts.push({ at: source.lastIndexOf("(", body.start), text });
      inserts.push({ at: source.indexOf(")", body.end) + 1, text: ";}" });
    }
  };
  visit(parse(source, { ecmaVersion: "latest", sourceType: "script" }));
  // What begins where another ends stays behind it: the order of the texts at one place is that of the walk, reversed at ends.
  const order = new Map(inserts.map((insert, i) => [insert, i]));
  const closes = ({ text }: { readonly text: string }): boolean => /^[)};]/.test(text);
  const pieces = inserts.toSorted((a, b) => {
    if (a.at !== b.at) return a.at - b.at;
    if (closes(a) !== closes(b)) return closes(a) ? -1 : 1;
    const sooner = order.get(a)! - order.get(b)!;
    return closes(a) ? -sooner : sooner;
  });
  let at = 0;
  let text = "";
  for (const piece of pieces) {
    text += source.slice(at, piece.at) + piece.text;
    at = piece.at;
  }
  return text + source.slice(at);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value;
}
