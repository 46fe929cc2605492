// The derivative of a function by its own source, run as JavaScript: each number carries its tangent.
import { type AnyNode, type Node, parseExpressionAt } from "acorn";

/** A number and its derivative. */
class Dual {
  readonly x: number;
  readonly dx: number;

  constructor(x: number, dx: number) {
    this.x = x;
    this.dx = dx;
  }
}

type Real = number | Dual;

/** The value and the derivative of each number that is returned. */
export type Differentiated = readonly { readonly x: number; readonly dx: number }[];

/**
 * Runs a function of numbers, which returns a list of numbers, with the derivative in one direction.
 *
 * Its source is rewritten so that arithmetic, comparisons and tests go through functions on such numbers. All else —
 * which names stand for which array, what is written where — is done by JavaScript itself.
 */
export function derivativeOf(
  source: string,
): (inputs: readonly number[], direction: readonly number[]) => Differentiated {
  const rewritten = rewrite(source, parseExpressionAt(source, 0, { ecmaVersion: 2022 }));
  // oxlint-disable-next-line typescript/no-implied-eval -- the source was made here
  const f = new Function("D", `return ${rewritten}`)(operations) as (
    ...args: Real[]
  ) => readonly Real[];
  return (inputs, direction) =>
    f(...inputs.map((x, i) => new Dual(x, direction[i]!))).map((y) =>
      typeof y === "object" ? y : { x: y, dx: 0 },
    );
}

const binaries: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
  "===": "same",
  "!==": "differ",
};

/** The source with the parts that mean something else for such numbers replaced. */
function rewrite(source: string, node: AnyNode): string {
  const text = (inner: Node): string => rewrite(source, inner as AnyNode);
  const test = (inner: Node): string => `D.test(${text(inner)})`;
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- nothing else computes
  switch (node.type) {
    case "BinaryExpression":
      return `D.${binaries[node.operator]!}(${text(node.left)}, ${text(node.right)})`;
    case "LogicalExpression":
      if (node.operator === "??") break;
      return `D.${node.operator === "&&" ? "and" : "or"}(${text(node.left)}, () => ${thunk(text(node.right))})`;
    case "UnaryExpression":
      if (node.operator === "-") return `D.sub(0, ${text(node.argument)})`;
      if (node.operator === "!") return `!${test(node.argument)}`;
      break;
    case "AssignmentExpression": {
      if (node.operator === "=") break;
      const { left, operator } = node;
      const value = `D.${binaries[operator[0]!]!}(old, ${text(node.right)})`;
      if (left.type !== "MemberExpression")
        return `(${text(left)} = ((old) => ${value})(${text(left)}))`;
      const key = left.computed ? text(left.property) : JSON.stringify(text(left.property));
      return `D.update(${text(left.object)}, ${key}, (old) => ${value})`;
    }
    case "ConditionalExpression":
      return `(${test(node.test)} ? ${text(node.consequent)} : ${text(node.alternate)})`;
    case "IfStatement": {
      const other = node.alternate ? ` else ${text(node.alternate)}` : "";
      return `if (${test(node.test)}) ${text(node.consequent)}${other}`;
    }
    case "Identifier":
      if (node.name === "Float64Array") return "D.Float64Array";
      break;
    case "MemberExpression":
      if (node.object.type === "Identifier" && node.object.name === "Math")
        return `D.${text(node.property)}`;
      break;
  }
  // Everything else stays, with its parts rewritten.
  let result = "";
  let at = node.start;
  for (const child of childrenOf(node)) {
    result += source.slice(at, child.start) + text(child);
    at = child.end;
  }
  return result + source.slice(at, node.end);
}

function thunk(text: string): string {
  return `(${text})`;
}

function childrenOf(node: AnyNode): readonly Node[] {
  const isNode = (x: unknown): x is Node =>
    typeof x === "object" && x !== null && "type" in x && "start" in x;
  const found = Object.entries(node)
    .filter(([key]) => key !== "type")
    .flatMap(([, value]) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter(isNode);
  // `{ a }` has its key and its value in one place.
  const apart = found.filter((x, i) => !found.slice(0, i).some(({ start }) => start === x.start));
  return apart.sort((p, q) => p.start - q.start);
}

function lifted(
  value: (a: number, b: number) => number,
  tangent: (a: Dual, b: Dual) => number,
): (a: Real, b: Real) => Real {
  return (a, b) => {
    if (!isReal(a) || !isReal(b)) throw new TypeError("a number was expected");
    if (typeof a === "number" && typeof b === "number") return value(a, b);
    const [p, q] = [dualOf(a), dualOf(b)];
    return new Dual(value(p.x, q.x), tangent(p, q));
  };
}

function isReal(x: unknown): x is Real {
  return typeof x === "number" || x instanceof Dual;
}

function dualOf(x: Real): Dual {
  return typeof x === "number" ? new Dual(x, 0) : x;
}

function plainOf(x: unknown): unknown {
  return x instanceof Dual ? x.x : x;
}

const compared =
  (compare: (a: never, b: never) => boolean) =>
  (a: unknown, b: unknown): boolean =>
    compare(plainOf(a) as never, plainOf(b) as never);

const test = (x: unknown): boolean => Boolean(plainOf(x));

/** Times a derivative that may be infinite: where nothing changes, nothing comes of it. */
const times = (slope: number, dx: number): number => (dx === 0 ? 0 : slope * dx);

const unary =
  (value: (x: number) => number, slope: (x: number) => number) =>
  (a: Real): Real =>
    typeof a === "number" ? value(a) : new Dual(value(a.x), times(slope(a.x), a.dx));

/** As much of a typed array as the programs use, for such numbers. */
class DualArray extends Array<Real> {
  constructor(n: number) {
    super(n);
    this.fill(0);
  }

  set(source: readonly Real[]): void {
    for (const [i, x] of source.entries()) this[i] = x;
  }
}

const operations = {
  Float64Array: DualArray,
  add: lifted(
    (a, b) => a + b,
    (a, b) => a.dx + b.dx,
  ),
  sub: lifted(
    (a, b) => a - b,
    (a, b) => a.dx - b.dx,
  ),
  mul: lifted(
    (a, b) => a * b,
    (a, b) => a.dx * b.x + a.x * b.dx,
  ),
  div: lifted(
    (a, b) => a / b,
    (a, b) => a.dx / b.x - (a.x * b.dx) / b.x / b.x,
  ),
  sqrt: unary(Math.sqrt, (x) => 0.5 / Math.sqrt(x)),
  log: unary(Math.log, (x) => 1 / x),
  sin: unary(Math.sin, Math.cos),
  exp: unary(Math.exp, Math.exp),
  lt: compared((a, b) => a < b),
  le: compared((a, b) => a <= b),
  gt: compared((a, b) => a > b),
  ge: compared((a, b) => a >= b),
  same: compared((a, b) => a === b),
  differ: compared((a, b) => a !== b),
  test,
  and: (a: unknown, b: () => unknown) => (test(a) ? b() : a),
  or: (a: unknown, b: () => unknown) => (test(a) ? a : b()),
  update: (object: Record<string, unknown>, key: string, f: (old: unknown) => unknown) =>
    (object[key] = f(object[key])),
};
