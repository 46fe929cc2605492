// Functions that are made anew for each solve: arrows written in place, closures of one source, plain(f, captures).
import {
  diffeqsolve,
  Euler,
  fixed,
  grad,
  jit,
  MultiTerm,
  ODETerm,
  plain,
  SaveAt,
  traced,
  vmap,
} from "@diffrax-ts/core";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { noinline } from "@diffrax-ts/autodiff";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const rates = [0.5, 1, 1.5, 0.25, 1];
const options = { t0: 0, t1: 1, dt0: 0.5, y0: 1 };
/** Two steps of Euler's method for `y' = -k y`. */
const decayed = (k: number): number => (1 - k / 2) ** 2;

let instances = 0;

beforeEach(() => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  instances = 0;
  const { Instance } = WebAssembly;
  vi.spyOn(WebAssembly, "Instance").mockImplementation(function (
    module: WebAssembly.Module,
    imports: WebAssembly.Imports,
  ) {
    instances++;
    return new Instance(module, imports);
  } as never);
});

afterEach(() => vi.restoreAllMocks());

/** The state at the end. What is solved here is not what the types are for. */
const endOf = (field: unknown, others: object = {}): number =>
  (solve(field, others).ys as Tensor).at(0).item();

const solve = (field: unknown, others: object = {}) =>
  diffeqsolve(field as never, Euler(), { ...options, ...others });

/** The ends of solves, and that all but the first found the code of the first. */
function expectOneProgram(end: (k: number) => number, wanted = decayed): void {
  const ends = rates.map(end);
  for (const [i, k] of rates.entries()) expect(ends[i]).toBeCloseTo(wanted(k), 13);
  // None, where another test had the same source.
  expect(instances).toBeLessThanOrEqual(1);
}

describe("each function is called itself, with code that is compiled once:", () => {
  const field = (k: number) => (_t: number, y: number) => -k * y;

  test("an arrow that uses a variable from outside", () => {
    expectOneProgram((k) => endOf((_t: number, y: number) => -k * y));
  });

  test("one within ODETerm, noinline or MultiTerm", () => {
    expectOneProgram((k) => endOf(ODETerm(field(k))));
    instances = 0;
    expectOneProgram((k) => endOf(noinline(field(k))));
    instances = 0;
    expectOneProgram((k) => endOf(MultiTerm(ODETerm(field(k / 4)), ODETerm(field((3 * k) / 4)))));
  });

  test("one that says what is saved", () => {
    const saving = (k: number) => SaveAt({ t1: true, fn: (_t: number, y: number) => k * y });
    expectOneProgram(
      (k) => endOf((_t: number, y: number) => -y, { saveat: saving(k) }),
      (k) => k / 4,
    );
  });

  test("one in args", () => {
    expectOneProgram((k) =>
      endOf((_t: number, y: number, { rate }: { rate: () => number }) => -rate() * y, {
        args: { rate: () => k },
      }),
    );
  });

  test("plain(f, captures) with other numbers, arrays and helpers", () => {
    expectOneProgram((k) => endOf(plain((_t: number, y: number) => -k * y, { k })));
    instances = 0;
    const half = (x: number): number => x / 2;
    const lawful = (k: number) => {
      const [law, w] = [{ c: [k, 1] }, Float64Array.of(k)];
      return plain((_t: number, y: number) => -half(law.c[0]! + w[0]!) * y, { law, w, half });
    };
    expectOneProgram((k) => endOf(lawful(k)));
    instances = 0;
    const named = (k: number) =>
      plain((_t: number, y: number, { k }: { k: number } = { k: 0 }) => -k * y, { k });
    expectOneProgram((k) => endOf(named(k)));
    instances = 0;
    expectOneProgram((k) =>
      endOf((_t: number, y: number, { law }: { law: (y: number) => number }) => law(y), {
        args: { law: plain((y: number) => -k * y, { k }) },
      }),
    );
  });
});

describe("a function is never taken for another", () => {
  const scale = (k: number) => (_t: number, y: number) => k * y;

  test("in solves within solves, of the same source", () => {
    const field =
      (k: number, depth: number) =>
      (_t: number, y: number): number =>
        depth === 0 ? -k * y : -k * y + (endOf(field(10 * k, depth - 1)) - endOf(field(10 * k, 0)));
    for (const k of rates) expect(endOf(field(k, 2))).toBeCloseTo(decayed(k), 13);
  });

  test("beside another one of the same source in one solve", () => {
    const law = (k: number) => () => k;
    const two = (a: number, b: number): number =>
      endOf(
        (_t: number, y: number, { f, g }: { f: () => number; g: () => number }) =>
          -f() * y - (g() - g()),
        { args: { f: law(a), g: law(b) } },
      );
    expect([two(1, 2), two(2, 1), two(1, 1)]).toEqual([1, 2, 1].map(decayed));
    const { a, b } = solve((_t: number, y: number) => -y, {
      saveat: { subs: { a: { t1: true, fn: scale(2) }, b: { t1: true, fn: scale(3) } } },
    }).ys as unknown as Record<"a" | "b", Tensor>;
    expect([a.at(0).item(), b.at(0).item()]).toEqual([0.5, 0.75]);
  });

  test("where one throws", () => {
    const failing = (k: number) => (_t: number, y: number) => {
      if (k === 1) throw new Error(`no rate ${k}`);
      return -k * y;
    };
    expect(() => solve(failing(1))).toThrow("no rate 1");
    expect(endOf(failing(0.5))).toBe(decayed(0.5));
  });

  test("and what it returns is checked for each", () => {
    const giving = (result: unknown) => () => result;
    expect(endOf(giving(2))).toBe(3);
    expect(() => solve(giving("2"))).toThrow(
      'vector field: result: expected a number, got the text "2"',
    );
    expect(endOf(giving(1))).toBe(2);
  });

  test("whose name it has in errors", () => {
    const make = (name: string) => ({ [name]: () => [name] })[name];
    for (const name of ["first", "second"])
      expect(() => solve(make(name))).toThrow(`${name}: result`);
  });

  test("with results of other forms", () => {
    const saved = (form: unknown): unknown =>
      solve((_t: number, y: number) => -y, { saveat: { t1: true, fn: () => form } }).ys;
    const numbers = (tensors: unknown): unknown => (tensors as Tensor[]).map((x) => x.toArray());
    for (let i = 0; i < 2; i++) {
      expect((saved(3) as Tensor).toArray()).toEqual([3]);
      expect(numbers(saved([1, 2]))).toEqual([[1], [2]]);
      expect((saved({ a: true }) as { a: Tensor }).a.dtype).toBe("bool");
      expect(numbers(saved([4, 5]))).toEqual([[4], [5]]);
    }
    // The form of one function may depend on that of the state.
    const times = (k: number) => (_t: number, y: Float64Array) => Array.from(y, (x) => k * x);
    const of = (k: number, n: number): unknown =>
      numbers(
        solve((_t: number, y: readonly number[]) => y.map(() => 0), {
          y0: new Float64Array(n).fill(1),
          saveat: { t1: true, fn: times(k) },
        }).ys,
      );
    expect(of(2, 2)).toEqual([[2], [2]]);
    expect(of(3, 3)).toEqual([[3], [3], [3]]);
    expect(of(4, 2)).toEqual([[4], [4]]);
  });

  test("inside of jit, vmap and grad, where it is a constant", () => {
    const end = (field: unknown) => (y0: Scalar) =>
      (solve(field, { y0 }).ys as Tensor).at(0) as Scalar;
    for (const k of rates) {
      expect(jit(end(scale(-k)))(1).item()).toBeCloseTo(decayed(k), 13);
      const both = vmap(end(scale(-k)))(Float64Array.of(1, 2));
      expect(both.at(1).item()).toBeCloseTo(2 * decayed(k), 13);
      const read = plain((_t: number, y: number) => -k * y, { k });
      expect(grad(end(read))(1)).toBeCloseTo(decayed(k), 13);
    }
  });
});

describe("numbers in plain(f, captures)", () => {
  test("are differentiated, when they are traced", () => {
    const outside: Record<string, unknown> = {};
    const end = (k: Scalar): Scalar => {
      outside["k"] = k;
      const field = plain(
        (_t: number, y: number, { k }: { k: number } = { k: 0 }) => -k * y,
        outside,
      );
      return solve(field, { dt0: 0.5 }).ys.at(0);
    };
    expect(grad(end)(2)).toBeCloseTo(0, 13);
    expect(grad(end)(1)).toBeCloseTo(-0.5, 13);
  });

  test("may be counts of loops and indices, and are constants then", () => {
    const sum = (n: number) =>
      plain(
        (_t: number, y: readonly number[]) => {
          let s = 0;
          for (let i = 0; i < n; i++) s += y[i]!;
          return y.map(() => s);
        },
        { n },
      );
    const end = (n: number, y0: Float64Array | Float32Array): unknown =>
      (solve(sum(n), { y0 }).ys as unknown as Tensor).toArray();
    for (const n of [2, 3, 2, 1]) {
      // Twice half of the sum is added to each.
      const y = [4, 2, 0];
      for (let step = 0; step < 2; step++) {
        const s = y.slice(0, n).reduce((a, b) => a + b);
        for (const i of y.keys()) y[i]! += s / 2;
      }
      expect(end(n, Float64Array.of(4, 2, 0))).toEqual([y]);
      expect(end(n, Float32Array.of(4, 2, 0))).toEqual([y]);
    }
    const n = 2;
    expect(endOf(plain((_t: number, y: number) => -y * n, { n: fixed(2) }))).toBe(0);
  });

  test("a mistake in the function is told as without them", () => {
    const k = 3;
    const wrong = plain((_t: number, y: number) => y * k * Math.random(), { k });
    for (let i = 0; i < 2; i++) expect(() => solve(wrong)).toThrow(/plain: .*random/);
  });
});

test("functions in args that a traced function calls with tensors are its constants", () => {
  const scale = (k: number) => (y: Tensor) => y.mul(k);
  const field = traced((_t: Scalar, y: Scalar, { f }: { f: (y: Tensor) => Tensor }) => f(y).neg());
  const both = MultiTerm(
    ODETerm((_t: number, y: number) => y - y),
    ODETerm(field),
  );
  for (const k of rates) expect(endOf(both, { args: { f: scale(k) } })).toBeCloseTo(decayed(k), 13);
});

test("functions are let go of after the solve", async () => {
  const refs = rates.map((k) => {
    const f = (_t: number, y: number): number => -k * y;
    solve(f);
    return new WeakRef(f);
  });
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collect();
  }
  // The first one stands for its source.
  expect(refs.slice(1).map((ref) => ref.deref())).toEqual(refs.slice(1).map(() => undefined));
});
