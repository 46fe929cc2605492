import { clearCaches, grad, isNoinline, jit, noinline, vmap } from "@diffrax-ts/autodiff";
import { mul } from "@diffrax-ts/program";
import { type Callable, fixed, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { afterEach, expect, test, vi } from "vitest";
import { callbackOf, plain, readField, readFunctions, readPlain } from "../src/index.ts";
import { marked } from "../src/marks.ts";

type Field = (...args: readonly unknown[]) => Tensor;
const run = (f: Callable): Field => jit(f as unknown as Field);

afterEach(() => {
  vi.restoreAllMocks();
});

test("readPlain gives the same function for the same source", () => {
  const make = (): Callable => (x: number) => x * 2;
  expect(readPlain(make()).read).toBe(readPlain(make()).read);
  expect(readPlain(make()).read).not.toBe(readPlain((x: number) => x * 3).read);
  expect(plain(make())).toBe(readPlain(make()).read);
});

test("plain gives back what works on tensors", () => {
  const f = plain((x: number) => x * 2);
  expect(plain(f)).toBe(f);
});

test("Math.hypot has derivative 0 at 0, and its own elsewhere", () => {
  const f = grad(plain((x: number) => Math.hypot(x, 2 * x) + 3 * Math.hypot(x)));
  expect(f(0)).toBe(0);
  expect(f(2)).toBeCloseTo(Math.sqrt(5) + 3, 12);
  expect(f(-2)).toBeCloseTo(-Math.sqrt(5) - 3, 12);
});

test("a default closes over the parameter, not over a var of the same name", () => {
  // No case for all minifiers: terser 5.51 makes one variable of both.
  const f = (x: number, y: number, g = () => x): number[] => {
    var x = 5;
    // oxlint-disable-next-line no-unassigned-vars -- what is tested
    var y: number;
    return [g(), x, y];
  };
  expect(f(3, 4)).toEqual([3, 5, 4]);
  const read = run(f)(3, 4) as unknown as readonly Tensor[];
  expect(read.map(Number)).toEqual([3, 5, 4]);
});

test("readPlain gives functions of one source the same reading, of hundreds in turn, as long as there is room in the caches", () => {
  // oxlint-disable-next-line typescript/no-implied-eval -- many sources
  const f = (n: number): Callable => new Function("x", `return x + ${n}`) as Callable;
  const readAll = (): unknown[] => Array.from({ length: 400 }, (_, n) => readPlain(f(n)).read);
  const first = readAll();
  const second = readAll();
  expect(second.every((read, i) => read === first[i])).toBe(true);
  clearCaches();
  expect(readAll().some((read, i) => read === first[i])).toBe(false);
});

test("readPlain says why a function cannot be read", () => {
  const outer = 1;
  const { read, error } = readPlain((x: number) => x + outer);
  expect(read).toBeUndefined();
  expect(error?.message).toMatch(/"outer" comes from outside/);
});

test("plain(f, captures) finds names in the closure and in a last argument", () => {
  const k = 3;
  const half = (x: number): number => x / k;
  expect(run(plain((x: number) => half(x) * k, { k, half: plain(half, { k }) }))(2).item()).toBe(2);
  expect(
    run(
      plain(
        (x: number, { n, g }: { n: number; g: (x: number) => number }) => {
          let s = x;
          for (let i = 0; i < n; i++) s = g(s);
          return s;
        },
        { n: fixed(3), g: (x: number) => x * 2 },
      ) as Callable,
    )(2).item(),
  ).toBe(16);
});

test("plain(f, captures) gives the same function for the same source and captures", () => {
  const make = (k: number): Callable =>
    plain((x: number) => half(x) * k, { k, half: (x: number) => x / 2 });
  const half = (x: number): number => x;
  expect(make(3)).toBe(make(3));
  expect(make(3)).not.toBe(make(4));
  expect(make(0)).not.toBe(make(-0));
  expect(run(make(3))(2).item()).toBe(3);
});

test("plain(f, captures) tells functions from each other that were read before", () => {
  const apply = (h: unknown): Callable =>
    plain((x: number, { h }: never) => (h as Field)(x), { h });
  const [a, b] = [plain((x: number) => -x), plain((x: number) => -2 * x)];
  expect(run(apply(a))(1).item()).toBe(-1);
  expect(run(apply(b))(1).item()).toBe(-2);
  expect(apply(plain((x: number) => -x))).toBe(apply(a));

  const times = (k: number) => plain((x: number) => x * k, { k });
  const scaled = (k: number): Tensor => run(apply(times(k)))(1);
  expect([scaled(3).item(), scaled(4).item()]).toEqual([3, 4]);

  const traced = (k: number) =>
    marked(
      (x: Tensor) => mul(x, k),
      () => {},
      false,
    );
  expect(run(apply(traced(5)))(1).item()).toBe(5);
  expect(run(apply(traced(6)))(1).item()).toBe(6);
});

test("plain(f, captures) passes its captures for an object that is left out, and for nothing else", () => {
  const g = 3;
  expect(run(plain((x: number, k = 2) => x * k * g, { g }))(3).item()).toBe(18);
  expect(run(plain((x: number) => x * g, { g }))(3).item()).toBe(9);
  const scale = plain((x: number, y: number, { k }: { k: number }) => x * k, { k: 2 }) as Callable;
  expect(run(scale)(3).item()).toBe(6);
  expect(run(scale)(3, 1, { k: 5 }).item()).toBe(15);
  const drop = plain((t: number, { g }: { g: number } = { g: 0 }) => (g * t * t) / 2, { g: 9.81 });
  expect(run(drop)(2).item()).toBe(19.62);
});

test("a helper does not see what was captured for the function that calls it", () => {
  const makeHelper = () => {
    const g = 5;
    return (x: number): number => x * g;
  };
  const helper = makeHelper();
  const g = 1;
  expect(() => run(plain((x: number) => helper(x) + g, { g, helper }))(1)).toThrow(
    /this calls .*"g" comes from outside.*plain\(\w+, \{ g \}\)/,
  );
});

test("functions in args are read, with those they are given", () => {
  const f = plain(
    (
      x: number,
      { g, h }: { g: (x: number, h: (x: number) => number) => number; h: (x: number) => number },
    ) => g(x, h),
  );
  const args = { g: (x: number, h: (x: number) => number) => h(x) + 1, h: Math.abs };
  expect(run(f)(-3, args).item()).toBe(4);
});

test("a traced function in args is called with tensors", () => {
  const double = marked(
    (x: Tensor) => mul(x, 2),
    () => {},
    false,
  );
  expect(run(plain((x: number, g: (x: number) => number) => g(x) + 1))(4, double).item()).toBe(9);
});

test("fixed numbers in args are loop bounds and indices", () => {
  const f = plain((y: Float64Array, { n }: { n: number }) => {
    let s = 0;
    for (let i = 0; i < n; i++) s += y[i]!;
    return s * y[n]!;
  });
  expect(run(f)(Float64Array.of(1, 2, 3), { n: fixed(2) }).item()).toBe(9);
});

test("vmap and second derivatives go through a plain function", () => {
  const f = plain((x: number, k: number) => (x > 0 ? Math.exp(k * x) : x / k));
  const curvature = grad(grad(f) as unknown as (x: Scalar, k: Scalar) => Scalar);
  expect(curvature(0.5, 2)).toBeCloseTo(4 * Math.exp(1), 12);
  expect(curvature(-1, 2)).toBe(0);
  const all = vmap(f as unknown as (x: Scalar, k: Scalar) => Scalar, { inAxes: [0, null] });
  const values = (all as unknown as (x: Float64Array, k: number) => Tensor)(
    Float64Array.of(-1, 0, 1),
    2,
  );
  expect([...(values as unknown as Iterable<number>)].map((x) => x.toFixed(6))).toEqual([
    "-0.500000",
    "0.000000",
    Math.exp(2).toFixed(6),
  ]);
});

test("readFunctions makes functions written in place the same from call to call", () => {
  const make = (): { g: Callable; k: readonly number[] } => ({ g: (x: number) => x * 2, k: [1] });
  expect(readFunctions(make()).g).toBe(readFunctions(make()).g);
  const data = { a: [1, { b: Float64Array.of(1) }] };
  expect(readFunctions(data)).toBe(data);
});

test("a matrix is read by rows and elements", () => {
  const f = plain((a: readonly (readonly number[])[]) =>
    a.map((row) => row.reduce((s, x) => s + x, 0) * a[0]![1]!),
  );
  const matrix = {
    data: Float64Array.of(1, 2, 3, 4),
    shape: [2, 2],
    stride: [2, 1],
    offset: 0,
    get: () => 0,
  };
  expect((run(f)(matrix) as unknown as Tensor[]).map((x) => x.item())).toEqual([6, 14]);
});

test("float32 stays float32, and integers count as float64", () => {
  const f = run(plain((x: readonly number[]) => x[0]! / 3 + (x[0]! > 0 ? 1 : 0)));
  expect(f(Float32Array.of(1)).dtype).toBe("float32");
  expect(f(Float32Array.of(1)).item()).toBe(Math.fround(Math.fround(1 / 3) + 1));
  expect(f(Int32Array.of(1)).dtype).toBe("float64");
  expect(f(Int32Array.of(1)).item()).toBe(1 / 3 + 1);
});

test("readField gives traced functions back, and keeps noinline", () => {
  const traced = marked(
    (x: Tensor) => x,
    () => {},
    false,
  );
  expect(readField(traced)).toBe(traced);
  const make = (): Callable => noinline((x: number) => x * 2);
  expect(isNoinline(readField(make()))).toBe(true);
  expect(readField(make())).toBe(readField(make()));
  expect(run(readField(make()))(4).item()).toBe(8);
});

test("readField calls back what cannot be read, with one warning for each source", () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const make =
    (k: number): Callable =>
    (_t: number, [x, v]: readonly [number, number]) => [v * k, -x];
  const values = [2, 5].map((k) =>
    (run(readField(make(k)))(0, [1, 3]) as unknown as Tensor[]).map((x) => x.item()),
  );
  expect(values).toEqual([
    [6, -1],
    [15, -1],
  ]);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]![0]).toMatch(
    /"k" comes from outside .* called from compiled code instead: slower, and without derivatives/,
  );
});

test("readField calls back what turns out to be unreadable when it is traced", () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const f = readField((_t: number, y: number) => y | 0);
  expect(run(f)(0, 7.5).item()).toBe(7);
  expect(run(f)(0, -7.5).item()).toBe(-7);
  expect(warn).toHaveBeenCalledTimes(1);
});

test("readField does not call back what is a mistake", () => {
  const f = readField((_t: number, y: { a: number }) => y.a * (y as unknown as { b: number }).b);
  expect(() => run(f)(0, { a: 1 })).toThrow(/this is undefined/);
});

test("a callback gets the structure of its arguments and gives that of the state", () => {
  const seen: unknown[] = [];
  const f = (t: number, y: unknown, args: unknown): unknown => {
    seen.push(structuredClone([t, y, args]));
    return y;
  };
  const y = { b: Float64Array.of(1, 2), a: [3, { c: 4 }] };
  const result = run(callbackOf(f))(0.5, y, { k: [1, Float64Array.of(7)], n: fixed(3), name: "x" });
  expect(seen).toEqual([[0.5, y, { k: [1, Float64Array.of(7)], n: 3, name: "x" }]]);
  expect(JSON.parse(JSON.stringify(result))).toEqual({ a: [3, { c: 4 }], b: [1, 2] });
});

test("a callback may return arrays for vectors and for rows", () => {
  const f = callbackOf((_t: number, y: Float64Array) => Array.from(y, (x) => x * 2));
  expect(
    (run(f)(0, Float64Array.of(1, -0, NaN)) as unknown as { toArray(): number[] }).toArray(),
  ).toEqual([2, -0, NaN]);
});

test("a callback that returns anything is asked once what", () => {
  const k = 2;
  vi.spyOn(console, "warn").mockReturnValue();
  const f = readField(
    (_t: number, [x, v]: readonly [number, number]) => ({
      energy: k * (x + v),
      both: Float64Array.of(x, v),
    }),
    "any",
  );
  const result = run(f)(0, [3, 4]) as unknown as { energy: Tensor; both: { toArray(): number[] } };
  expect(result.energy.item()).toBe(14);
  expect(result.both.toArray()).toEqual([3, 4]);
});

test.each<readonly [string, unknown, unknown, RegExp]>([
  ["nothing", [1, 2], undefined, /^.*result: expected an array of 2, got undefined/],
  ["too few", [1, 2], [1], /result: expected an array of 2, got an array of 1/],
  ["a text", [1, 2], [1, "2"], /result\[1\]: expected a number, got the text "2"/],
  ["a key less", { a: 1, b: 2 }, { a: 1 }, /result.b: expected a number, got undefined/],
  ["an array for an object", { a: 1 }, [1], /result: expected an object with a, got an array of 1/],
  ["an object for a number", 1, {}, /result: expected a number, got an object/],
  [
    "another length inside",
    [Float64Array.of(1, 2), 3],
    [[1], 3],
    /result\[0\]: expected an array of 2, got an array of 1/,
  ],
])("a callback that returns %s is refused", (_, y, result, message) => {
  expect(() => run(callbackOf(() => result))(0, y)).toThrow(message);
});

test("what a callback throws passes through", () => {
  const f = callbackOf(() => {
    throw new RangeError("mine");
  });
  expect(() => run(f)(0, 1)).toThrow(new RangeError("mine"));
});

test("a derivative does not pass through a callback", () => {
  const f = callbackOf((_t: number, y: number) => y * 2) as unknown as (
    t: number,
    y: Scalar,
  ) => Scalar;
  expect(() => grad((y: Scalar) => f(0, y))(1)).toThrow(
    /a derivative cannot pass through a JavaScript function/,
  );
});

test("plain(f, captures) tells texts from numbers", () => {
  const f = (x: number, { a, b = 0 }: { a: string; b?: number }): number => (a === "1" ? x * b : x);
  const one = plain(f, { a: "1\nb: number 2" }) as Callable;
  const two = plain(f, { a: "1", b: 2 }) as Callable;
  expect([run(one)(5).item(), run(two)(5).item()]).toEqual([5, 10]);
});

test("an error that comes of calling a function back says why it was not read", () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const factor = 2;
  const field = readField((_t: number, y: number) => -factor * y);
  const f = field as unknown as (t: Scalar, y: Scalar) => Scalar;
  expect(() => grad((y: Scalar) => f(y, y))(1)).toThrow(
    /cannot pass through a JavaScript function .*"factor" comes from outside .*pass it through args/u,
  );
  const ofRate = (rate: number, y: number): Scalar => {
    const called = readField((_t: number, x: number) => -rate * x);
    return (called as unknown as (t: number, y: number) => Scalar)(y, y);
  };
  expect(() => jit(ofRate as unknown as typeof f)(2, 1)).toThrow(
    /^plain: "rate" comes from outside/u,
  );
});
