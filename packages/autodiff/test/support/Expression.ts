// Expressions of scalars, differentiated by hand: what the derivatives of custom rules are compared with.

/** A custom rule, by expressions: what the function is until a derivative is taken, and what it is from then on. */
export interface SymbolicRule {
  readonly f: (...args: readonly Expression[]) => Expression;
  /** The value of the rule. */
  readonly value: (...args: readonly Expression[]) => Expression;
  /** The partial derivatives that the rule has. */
  readonly slopes: readonly ((...args: readonly Expression[]) => Expression)[];
}

/** An expression, or a custom rule applied to some. */
export type Expression =
  | { readonly op: "variable" }
  | { readonly op: "constant"; readonly number: number }
  | { readonly op: "add" | "mul" | "sin" | "cos" | "alike"; readonly args: readonly Expression[] }
  | { readonly op: "rule"; readonly args: readonly Expression[]; readonly rule: SymbolicRule };

export const variable = (): Expression => ({ op: "variable" });
export const constant = (number: number): Expression => ({ op: "constant", number });
export const plus = (...args: readonly Expression[]): Expression => ({ op: "add", args });
export const times = (...args: readonly Expression[]): Expression => ({ op: "mul", args });
export const sine = (x: Expression): Expression => ({ op: "sin", args: [x] });
export const cosine = (x: Expression): Expression => ({ op: "cos", args: [x] });
/**
 * The first one, which moves, if only by zero, wherever one of the others does: what a loop carries is of one kind in all its turns,
 * and so is what the branches of a condition give.
 */
export const alike = (...args: readonly Expression[]): Expression => ({ op: "alike", args });

/** What goes on after a derivative was taken, and the derivative; `null` is zero. */
interface Dual {
  readonly value: Expression;
  readonly tangent: Expression | null;
}

/**
 * The derivative of an expression in a direction.
 *
 * @param direction - The tangents of the variables that move, if only by zero.
 */
export function differentiate(
  e: Expression,
  direction: ReadonlyMap<Expression, Expression>,
  known = new Map<Expression, Dual>(),
): Dual {
  let dual = known.get(e);
  if (dual === undefined) known.set(e, (dual = dualOf(e, direction, known)));
  return dual;
}

function dualOf(
  e: Expression,
  direction: ReadonlyMap<Expression, Expression>,
  known: Map<Expression, Dual>,
): Dual {
  if (!("args" in e)) return { value: e, tangent: direction.get(e) ?? null };
  const duals = e.args.map((x) => differentiate(x, direction, known));
  const args = duals.map(({ value }) => value);
  const moves = duals.some(({ tangent }) => tangent !== null);
  if (!moves) return { value: { ...e, args }, tangent: null };
  const sum = (slopeOf: (i: number) => Expression): Expression =>
    plus(
      ...duals.flatMap(({ tangent }, i) => (tangent === null ? [] : [times(tangent, slopeOf(i))])),
    );
  switch (e.op) {
    case "add":
      return { value: plus(...args), tangent: sum(() => constant(1)) };
    case "mul":
      return { value: times(...args), tangent: sum((i) => times(...args.toSpliced(i, 1))) };
    case "sin":
      return { value: sine(args[0]!), tangent: sum(() => cosine(args[0]!)) };
    case "cos":
      return { value: cosine(args[0]!), tangent: sum(() => times(constant(-1), sine(args[0]!))) };
    case "alike":
      return {
        value: alike(...args),
        tangent: alike(...duals.map(({ tangent }) => tangent ?? constant(0))),
      };
    case "rule":
      return { value: e.rule.value(...args), tangent: sum((i) => e.rule.slopes[i]!(...args)) };
  }
}

/** The expression with others in place of variables. */
export function substitute(
  e: Expression,
  values: ReadonlyMap<Expression, Expression>,
  known = new Map<Expression, Expression>(values),
): Expression {
  let result = known.get(e);
  if (result === undefined) {
    result = "args" in e ? { ...e, args: e.args.map((x) => substitute(x, values, known)) } : e;
    known.set(e, result);
  }
  return result;
}

/** The number that an expression is. */
export function evaluate(e: Expression, known: Map<Expression, number>): number {
  let number = known.get(e);
  if (number === undefined) {
    number = compute(e, known);
    known.set(e, number);
  }
  return number;
}

function compute(e: Expression, known: Map<Expression, number>): number {
  if (e.op === "variable") throw new Error("a variable without a value");
  if (e.op === "constant") return e.number;
  if (e.op === "rule") return evaluate(e.rule.f(...e.args), known);
  if (e.op === "alike") return evaluate(e.args[0]!, known);
  const args = e.args.map((x) => evaluate(x, known));
  switch (e.op) {
    case "add":
      return args.reduce((sum, x) => sum + x, 0);
    case "mul":
      return args.reduce((product, x) => product * x, 1);
    case "sin":
      return Math.sin(args[0]!);
    case "cos":
      return Math.cos(args[0]!);
  }
}
