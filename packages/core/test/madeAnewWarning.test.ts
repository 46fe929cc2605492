// Functions that are made anew, where each of them is compiled for itself: it is said, once for each source.
import { checkTraces } from "@diffrax-ts/autodiff";
import {
  diffeqsolve,
  Euler,
  grad,
  jit,
  np,
  PIDController,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { beforeEach, describe, expect, test, vi } from "vitest";

const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);

beforeEach(() => warn.mockClear());

const options = { t0: 0, t1: 1, dt0: 0.5, y0: 1 };
const norm = (scale: number) => (y: unknown) => np.mul(np.max(np.abs(y as Tensor)), scale);

describe("25 functions with one source are told of once, with the way out:", () => {
  const solve = (field: never, more: object = {}) =>
    diffeqsolve(field, Tsit5(), { ...options, ...more });
  test.each<[string, (k: number) => unknown]>([
    ["jit", (k) => jit((x: Scalar) => np.mul(x, k))(1)],
    ["grad", (k) => grad((x: Scalar) => np.mul(np.mul(x, x), k))(1)],
    ["vmap", (k) => vmap((x: Scalar) => np.add(x, k))(Float64Array.of(1, 2))],
    ["jit", (k) => jit(traced((x: Scalar) => np.sub(x, k)))(1)],
    ["diffeqsolve", (k) => solve(traced((_t: Scalar, y: Scalar) => np.mul(y, -k)) as never)],
    [
      "diffeqsolve",
      (k) =>
        solve(((_t: number, y: number) => -y) as never, {
          stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-3, norm: norm(k) }),
        }),
    ],
  ])("%s", (name, use) => {
    for (let i = 0; i < 25; i++) use(1 + i / 10);
    expect(warn.mock.calls.flat()).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${name}: 20 functions with one source .*: \`.*\`.*make it once, outside of the loop`,
        ),
      ),
    ]);
  });
});

test("nothing is said of one function for many shapes, nor of many functions, nor of what is compiled once", () => {
  const total = jit((x: Tensor) => np.sum(x));
  for (let i = 0; i < 40; i++) total(new Float64Array(1 + i));
  const square = (x: Scalar): Tensor => np.mul(x, x);
  for (let i = 0; i < 40; i++) expect(vmap(square)(Float64Array.of(i, i)).at(0).item()).toBe(i * i);
  for (let i = 0; i < 40; i++) {
    // oxlint-disable-next-line typescript/no-implied-eval -- each has to have a source of its own
    const f = new Function("t", "y", `return ${i} - y`);
    // oxlint-disable-next-line typescript/no-implied-eval -- the same
    const g = new Function("x", `return x.mul(x).mul(${i})`) as (x: Scalar) => Tensor;
    expect(vmap(grad(g))(Float64Array.of(1, 2)).at(1).item()).toBe(4 * i);
    diffeqsolve(f as () => number, Euler(), options);
    diffeqsolve((_t: number, y: number) => -y, Euler(), { ...options, args: { k: i } });
  }
  expect(warn.mock.calls).toEqual([]);
});

test("vmap(grad(f)) may be written where it is called: it is traced and compiled once", () => {
  const checks = checkTraces("never"); // traces are counted here
  let traces = 0;
  const cube = (x: Scalar): Tensor => {
    traces++;
    return np.mul(x, np.mul(x, x));
  };
  const { Instance } = WebAssembly;
  const made = vi.spyOn(WebAssembly, "Instance").mockImplementation(function (
    module: WebAssembly.Module,
    imports: WebAssembly.Imports,
  ) {
    return new Instance(module, imports);
  } as never);
  for (let i = 0; i < 5; i++) {
    expect(vmap(grad(cube))(Float64Array.of(1, i)).at(1).item()).toBe(3 * i * i);
    expect(grad(grad(cube))(i)).toBe(6 * i);
    expect(vmap(cube, { inAxes: 0 })(Float64Array.of(i)).at(0).item()).toBe(i ** 3);
  }
  expect(traces).toBe(1);
  expect(made.mock.calls.length).toBe(3);
  made.mockRestore();
  checkTraces(checks);
});
