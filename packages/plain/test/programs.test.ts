// Programs made at random: whatever the branches, loops and exits, the values are JavaScript's.
import { jit } from "@diffrax-ts/autodiff";
import type { Callable, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { expect, test } from "vitest";
import { plain } from "../src/index.ts";

const place = fc.constantFrom("x", "y", "a", "b", "v[0]", "v[1]", "o.p");

const { expression } = fc.letrec<{ expression: string; condition: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    place,
    fc.integer({ min: -2, max: 3 }).map((n) => `(${n})`),
    fc
      .tuple(tie("expression"), fc.constantFrom("+", "-", "*"), tie("expression"))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc
      .tuple(tie("condition"), tie("expression"), tie("expression"))
      .map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
    fc
      .tuple(tie("expression"), fc.constantFrom("&&", "||"), tie("expression"))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(place, tie("expression")).map(([a, b]) => `(${a} = ${b})`),
    tie("expression").map((a) => `f(${a})`),
  ),
  condition: conditionOf(tie("expression")),
}));

function conditionOf(operand: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const comparison = fc
    .tuple(operand, fc.constantFrom("<", "<=", ">", "===", "!=="), operand)
    .map((parts) => `(${parts.join(" ")})`);
  return fc.oneof(
    comparison,
    fc
      .tuple(comparison, fc.constantFrom("&&", "||"), comparison)
      .map((parts) => `(${parts.join(" ")})`),
    comparison.map((c) => `!${c}`),
    place.map((name) => `!${name}`),
  );
}

const condition = conditionOf(expression);
const assignment = fc
  .tuple(place, fc.constantFrom("=", "+=", "-="), expression)
  .map((parts) => `${parts.join(" ")};`);

function block(statement: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .array(statement, { minLength: 1, maxLength: 4 })
    .map((lines) => `{ ${lines.join(" ")} }`);
}

function statement(depth: number, inLoop: boolean): fc.Arbitrary<string> {
  const exits = expression.map((e) => `return [${e}, a, b, n1, v[1]];`);
  const leave = inLoop
    ? fc.oneof(exits, fc.constantFrom("break;", "continue;", "break outer;", "continue outer;"))
    : exits;
  const guarded = fc.tuple(condition, leave).map(([c, s]) => `if (${c}) ${s}`);
  if (depth === 0) return fc.oneof(assignment, assignment, guarded);
  const inner = block(statement(depth - 1, inLoop));
  const body = block(statement(depth - 1, true));
  const count = fc.integer({ min: 1, max: 3 });
  return fc.oneof(
    assignment,
    guarded,
    leave,
    fc.tuple(condition, inner, inner).map(([c, a, b]) => `if (${c}) ${a} else ${b}`),
    fc.tuple(condition, inner).map(([c, a]) => `if (${c}) ${a}`),
    fc.tuple(count, body).map(([n, a]) => `for (let i = 0; i < ${n}; i++) ${a}`),
    fc.tuple(count, body).map(([n, a]) => `n${depth} = 0; while (n${depth}++ < ${n}) ${a}`),
    fc.tuple(body).map(([a]) => `for (const e of v) ${a}`),
    fc.tuple(condition, expression).map(([c, e]) => `${c} && (a = ${e});`),
  );
}

const program = fc
  .tuple(
    fc.array(statement(2, true), { minLength: 1, maxLength: 4 }),
    fc.array(statement(1, false), { maxLength: 3 }),
    expression,
  )
  .map(
    ([loop, lines, step]) => `
    let a = 1, b, n1 = 0, n2 = 0;
    b = y;
    const v = [x, 2];
    const o = { p: y };
    const f = (w) => { if (w > 1) { a += 1; return w - a; } ${step.includes("f(") ? "" : `b = ${step};`} return w; };
    outer: for (let k = 0; k < 2; k++) { ${loop.join("\n")} }
    outer: for (const k in o) { ${lines.join("\n")} }
    return [a, b, v[0], v[1], o.p];`,
  );

const small = fc.integer({ min: -3, max: 3 });

test("plain(f) has the values of f, for random f", () => {
  fc.assert(
    fc.property(
      program,
      fc.array(fc.tuple(small, small), { minLength: 12, maxLength: 12 }),
      (source, inputs) => {
        // oxlint-disable-next-line typescript/no-implied-eval -- the source was made here
        const f = new Function("x", "y", source) as (x: number, y: number) => readonly unknown[];
        const compiled = jit(
          plain(f as Callable) as unknown as (
            x: unknown,
            y: unknown,
          ) => readonly (Tensor | boolean)[],
        );
        for (const [x, y] of inputs) {
          const got = compiled(x, y).map((value) =>
            typeof value === "boolean" ? Number(value) : value.item(),
          );
          expect(got).toEqual(f(x, y).map(Number));
        }
      },
    ),
    { numRuns: 25, endOnFailure: true },
  );
});
