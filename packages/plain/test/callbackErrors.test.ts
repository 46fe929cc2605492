/* oxlint-disable eslint/no-extra-bind -- functions without a source on purpose */
import { jit } from "@diffrax-ts/autodiff";
import type { Callable, Scalar } from "@diffrax-ts/pytree";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { plain, readField } from "../src/index.ts";

const run = (f: Callable) =>
  jit(f as unknown as (t: number) => Scalar) as unknown as (...args: readonly unknown[]) => Scalar;
let warn = vi.spyOn(console, "warn").mockReturnValue();
beforeEach(() => {
  warn = vi.spyOn(console, "warn").mockReturnValue();
});
afterEach(() => warn.mockRestore());

describe("a field on tensors that is not marked as traced", () => {
  const model = { apply: (y: Scalar) => y.mul(-1) };

  test.each([1, 2, 3])("gets one error with the reason and the way out, time %i", () => {
    const field = readField((_t: number, y: Scalar) => model.apply(y));
    expect(() => run(field)(0, 1)).toThrow(
      /y\.mul is not a function: .*write traced\(f\)\. It is called because it was not read: .*"model(?:_1)?" comes from outside/u,
    );
    expect(warn).not.toHaveBeenCalled();
  });

  test.each([1, 2])("gets it too where it can be read, time %i", () => {
    const field = readField((_t: number, y: Scalar) => y.mul(-2));
    expect(() => run(field)(0, 1)).toThrow(/^plain: \.mul of a number: .*traced\(f\)/u);
    expect(warn).not.toHaveBeenCalled();
  });
});

test("a name of Math is told by its whole name", () => {
  const { tanh } = Math;
  run(readField((_t: number, y: number) => tanh(y)))(0, 1);
  expect(warn.mock.calls[0]![0]).toMatch(/"tanh" comes from outside .*; write Math\.tanh; or/u);
});

test.each<[string, Callable]>([
  ["JSON", (_t: number, y: number) => y * Number(JSON.parse("2"))],
  ["Map", (_t: number, y: number) => new Map([[1, 2 * y]]).get(1)],
  ["parseFloat", (_t: number, y: number) => y * Number.parseFloat("2") * parseFloat("1")],
  ["performance", (_t: number, y: number) => (performance.now() > 0 ? 2 * y : y)],
  ["structuredClone", (_t: number, y: number) => structuredClone(2 * y)],
])("%s is not offered to be listed", (name, f) => {
  expect(run(readField(f))(0, 3).item()).toBe(6);
  expect(warn.mock.calls).toHaveLength(1);
  expect(warn.mock.calls[0]![0]).toMatch(
    new RegExp(`"${name}" is not read .*compute what it`, "u"),
  );
  expect(warn.mock.calls[0]![0]).not.toContain("list it");
});

describe("a field that writes its derivative into an argument", () => {
  const free = { scale: 1 };
  test.each<[string, Callable]>([
    [
      "the third",
      (_t: number, y: number[], dydt: number[]) => {
        dydt[0] = y[1]!;
        dydt[1] = -y[0]!;
      },
    ],
    [
      "the first",
      (dydt: number[], y: number[]) => {
        for (let i = 0; i < 2; i++) dydt[i] = -y[i]!;
      },
    ],
    [
      "and uses what it cannot see",
      (_t: number, y: number[], dydt: number[]) => {
        dydt[0] = y[1]! * free.scale;
      },
    ],
  ])("is told to return it: %s", (_, f) => {
    const solve = (): unknown => run(readField(f))(0, [1, 0], [0, 0]);
    expect(solve).toThrow(/^plain: the function returns nothing .*a field returns its derivative/u);
    expect(warn).not.toHaveBeenCalled();
  });

  test("may do so if it returns it too", () => {
    const f = (_t: number, y: number[], dydt: number[]) => {
      dydt[0] = -y[0]!;
      return dydt;
    };
    expect(run(readField(f))(0, [3], [0])).toMatchObject([{ scalar: -3 }]);
  });
});

describe("errors and warnings are of their own function", () => {
  test("where another has the same text", () => {
    const make = (rate: number) => ({
      decay: (_t: number, y: number) => -rate * y,
      growth: (_t: number, y: number) => -rate * y,
    });
    const { decay, growth } = make(1);
    run(readField(decay))(0, 1);
    run(readField(growth))(0, 1);
    expect(warn.mock.calls.map(([text]) => String(text).split(":")[0])).toEqual([
      "plain(decay)",
      "plain(growth)",
    ]);
  });

  test("where none has a source", () => {
    const halved = ((_t: number, y: number) => y / 2).bind(null);
    const proxy = new Proxy((_t: number, y: number) => y * 4, {});
    expect(run(readField(halved))(0, 2).item()).toBe(1);
    expect(run(readField(proxy))(0, 2).item()).toBe(8);
    expect(warn).toHaveBeenCalledTimes(2);
  });

  test("show the line of the source, and of a long one what stands around", () => {
    const offset = 1;
    const f = (_t: number, y: number) => {
      const a = 2 * y;
      return a + offset;
    };
    run(readField(f))(0, 1);
    expect(warn.mock.calls[0]![0]).toMatch(/\n {4}return a \+ offset;\n {15}\^{6}$/u);
    const long = `(t, y) => ${"y + ".repeat(100)}somewhere + ${"y + ".repeat(100)}y`;
    // oxlint-disable-next-line no-eval -- a source of one long line
    const minified = (0, eval)(long) as Callable;
    expect(() => run(readField(minified))(0, 1)).toThrow("somewhere is not defined");
    expect(readError(minified)).toMatch(/\n {4}….{40,}somewhere.*…\n {50,}\^{9}$/u);
  });
});

function readError(f: Callable): string {
  try {
    plain(f);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test("a source that the stack of the parser cannot take says so", () => {
  // oxlint-disable-next-line no-eval -- nobody writes this by hand
  const deep = (0, eval)(`(t, y) => ${"y + ".repeat(50_000)}y`) as Callable;
  expect(readError(deep)).toMatch(/too long, for the stack of the parser; make it several/u);
});

describe("a method that was taken from its object", () => {
  class Model {
    k = 2;
    #hidden = 3;
    apply(_t: number, y: number): number {
      return -this.k * y;
    }
    applyHidden(_t: number, y: number): number {
      return -this.#hidden * y;
    }
    byHidden = (_t: number, y: number): number => -this.#hidden * y;
  }
  const model = new Model();

  test("is told the same where only its class can read its source", () => {
    // oxlint-disable-next-line typescript/unbound-method -- that is the mistake
    const field = readField(model.applyHidden);
    expect(() => run(field)(0, 1)).toThrow(
      /^applyHidden: .*it is called without an object before/u,
    );
  });

  test("is told that it is called without it", () => {
    // oxlint-disable-next-line typescript/unbound-method -- that is the mistake
    const field = readField(model.apply);
    expect(() => run(field)(0, 1)).toThrow(
      /^apply: .*it is called without an object before it, so that `this` is undefined; write \(t, y, args\) => object\.method/u,
    );
  });

  test("works bound, under its own name", () => {
    expect(run(readField(model.apply.bind(model)))(0, 1).item()).toBe(-2);
    expect(warn.mock.calls[0]![0]).toMatch(/^plain\(apply\): the function has no source/u);
  });

  test("and one that reads what only its class can see is told what to do with that", () => {
    expect(run(readField(model.byHidden))(0, 1).item()).toBe(-3);
    expect(warn.mock.calls[0]![0]).toContain("pass what only a class can see, such as #k, through");
  });
});
