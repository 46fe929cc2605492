import { grad, jit } from "@diffrax-ts/autodiff";
import { arrayType, printProgram, traceProgram } from "@diffrax-ts/program";
import type { Callable, Scalar, Tensor } from "@diffrax-ts/pytree";
import { expect, test } from "vitest";
import { plain } from "../src/index.ts";

const number = arrayType("float64", []);

function programOf(f: Callable): string {
  const read = plain(f) as unknown as (...args: readonly Tensor[]) => Tensor;
  return printProgram(
    traceProgram(
      Array.from({ length: f.length }, () => number),
      (...args) => [read(...args)],
    ).program,
  );
}

test("cheap branches become a selection", () => {
  expect(programOf((x: number, y: number) => (x > y ? x + 1 : y * 2))).toBe(
    `(a: float64, b: float64) => {
  c: bool = lt b a
  d: float64 = add a 1
  e: float64 = mul b 2
  f: float64 = select c d e
  return f
}`,
  );
});

test("of a branch that is dear nothing is computed outside", () => {
  const program = programOf((x: number, y: number) => {
    if (x < 0) return y;
    const s = Math.sin(x);
    return s * y;
  });
  expect(program.split("branches")[0]).not.toContain("sin");
  expect(program).toContain("sin");
});

test("what both branches and the rest need is computed once", () => {
  const program = programOf((x: number, y: number) => {
    const e = Math.exp(x);
    return (y > 0 ? e * y : e - y) + e;
  });
  expect(program.match(/exp/g)).toHaveLength(1);
});

test("variables that neither branch writes stay as they are", () => {
  expect(
    programOf((x: number, y: number) => {
      let a = x;
      const b = y;
      if (x > 0) a = y;
      return a + b;
    }).match(/select/g),
  ).toHaveLength(1);
});

test("a condition that is known in a branch is not asked again", () => {
  const program = programOf((x: number) => {
    if (x > 0) return x > 0 ? 1 : 2;
    return x > 0 || !(x > 0) ? 3 : 4;
  });
  expect(program).toMatch(/= select b 1 3\n {2}return/);
});

test.each<readonly [string, (x: number) => number, number, number]>([
  ["a root", (x) => (x > 0 ? Math.sqrt(x) : 0), 0, 0],
  ["a quotient", (x) => (x === 0 ? 1 : Math.sin(x) / x), 0, 0],
  [
    "a logarithm behind an early return",
    (x) => {
      if (x <= 0) return 2 * x;
      const l = Math.log(x);
      return l * x;
    },
    0,
    2,
  ],
  [
    "a power in a loop that is left",
    (x) => {
      let s = 0;
      for (let i = 1; i < 3; i++) {
        if (x <= 0) break;
        s += x ** (i + 0.5);
      }
      return s + x;
    },
    0,
    1,
  ],
  [
    "a root that is used under the same condition later",
    (x) => {
      let r: number | undefined;
      if (x > 0) r = Math.sqrt(x);
      if (x > 0) return r! * 2;
      return 3 * x;
    },
    0,
    3,
  ],
  ["&&", (x) => (x !== 0 && 1 / x) || 5 * x, 0, 5],
])("the derivative of %s is that of the branch taken", (_, f, at, slope) => {
  expect(grad(plain(f))(at)).toBe(slope);
});

test("variables declared after an early return are not chosen between", () => {
  const program = programOf((x: number, y: number) => {
    if (x < 0) return y;
    const s = Math.sin(x);
    const c = s * y;
    return c + s;
  });
  expect(program.match(/= cond .*/g)).toHaveLength(1);
  expect(program).toMatch(/^ {2}d: float64 = cond/m);
  expect(program.match(/return .*/g)!.every((line) => !line.includes(","))).toBe(true);
});

test("a loop that may be left at each of 190 turns gives what JavaScript gives", () => {
  const f = (x: number): number => {
    let s = 1;
    let i = 0;
    for (; i < 190; i++) {
      if (s > x) break;
      s = s * 1.5;
    }
    return s + i;
  };
  const compiled = jit(plain(f));
  for (const x of [0, 1, 10, 1e6, 1e300]) expect(compiled(x).item()).toBe(f(x));
});

test("a recursion to a depth that is known gives what JavaScript gives", () => {
  const f = (x: number): number => {
    const power = (n: number): number => (n === 0 ? 1 : x * power(n - 1));
    return power(190);
  };
  expect(jit(plain(f))(1.01).item()).toBe(f(1.01));
});

test("asserts in a branch hold only where the branch is taken", async () => {
  const { apply } = await import("@diffrax-ts/program");
  const { marked } = await import("../src/marks.ts");
  const check = marked(
    (x: Tensor) => {
      apply("assert", [apply("lt", [x, x.mul(0)], {})[0]!], { message: "x must be negative" });
      return x.mul(2);
    },
    () => {},
    false,
  );
  const f = plain((x: number, g: (x: number) => number) => (x < 0 ? g(x) : x));
  const compiled = jit(f as unknown as (x: Scalar, g: Callable) => Tensor);
  expect(compiled(-1, check).item()).toBe(-2);
  expect(compiled(3, check).item()).toBe(3);
});

test("the order of keys is that of the side taken", () => {
  const f = plain((x: number) => {
    const o = x > 0 ? { a: Math.sqrt(x), b: 1 } : { b: 3, a: 0 };
    let s = 0;
    for (const k in o) s = s * 10 + o[k as "a"];
    return s;
  });
  expect([4, -1].map((x) => jit(f)(x).item())).toEqual([21, 30]);
  expect(grad(f)(4)).toBe(2.5);
  expect(grad(f)(-1)).toBe(0);
});

test("an object that gets keys in another order on either side is refused", () => {
  const f = plain((x: number) => {
    const o: Record<string, number> = {};
    if (x > 0) {
      o["a"] = 1;
      o["b"] = 2;
    } else {
      o["b"] = 2;
      o["a"] = 1;
    }
    return Object.keys(o)[0] === "a" ? 1 : 2;
  });
  expect(() => jit(f)(1)).toThrow(/would have other elements/);
});

test("a number is none the less a number, if a value that may be a truth value equals it", () => {
  const f = (x: number): number => {
    let y = 0;
    // oxlint-disable-next-line typescript/no-unused-expressions -- false or a number, which nobody asks for
    !x && (y = x);
    return y === x ? 1 : 2;
  };
  const read = jit(plain(f as Callable) as never) as unknown as (x: number) => Tensor;
  for (const x of [0, 1, -2]) expect(read(x).item()).toBe(f(x));
  // oxlint-disable-next-line oxc/const-comparisons -- that is what is refused
  const mixed = (x: number): number => (((!x && x) as number) === 0 ? 1 : 2);
  const ask = jit(plain(mixed as Callable) as never) as unknown as (x: number) => Tensor;
  expect(() => ask(1)).toThrow(
    "a number on one side of a condition and a truth value on the other",
  );
});
