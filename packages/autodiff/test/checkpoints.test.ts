import { grad, jit, jvp, vmap, whileLoop } from "@diffrax-ts/autodiff";
import { memoryUse } from "@diffrax-ts/compiler";
import {
  add,
  apply,
  arrayType,
  cos,
  less,
  mul,
  scalarTensor,
  sin,
  tensorOf,
} from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

/** What is done in each turn, as the turns see it. */
interface Watch {
  /** How often each turn was done. */
  readonly turns: number[];
  bytes: number;
}

/** 1, from JavaScript, which takes notes. */
function noted(watch: Watch, turn: Tensor): Tensor {
  return apply("hostCallback", [turn], {
    name: "watch",
    outputs: [arrayType("float64", [])],
    call: (memory, from, to) => {
      const i = memory.f64[from]!;
      watch.turns[i] = (watch.turns[i] ?? 0) + 1;
      watch.bytes = memoryUse().bytesInUse;
      memory.f64[to] = 1;
    },
  })[0]!;
}

interface Options {
  readonly maxSteps?: number | null;
  readonly checkpoints?: number | "all";
}

/** `count` turns of a rotation that depends on itself. */
function wind(x: Scalar, a: Scalar, count: Tensor, options: Options, watch?: Watch): Tensor {
  const { p, q } = whileLoop(
    ({ n }) => less(n, count),
    ({ p: u, q: v, n }) => {
      const one = watch === undefined ? 1 : noted(watch, n);
      return {
        p: add(mul(u, one), mul(mul(a, 0.01), sin(v))) as Scalar,
        q: add(v, mul(0.01, cos(mul(a, u)))) as Scalar,
        n: add(n, 1) as Scalar,
      };
    },
    { p: x, q: mul(x, 0.5) as Scalar, n: scalarTensor("int32", 0) },
    options,
  );
  return add(p, mul(p, q));
}

const binomial = (n: number, k: number): number => {
  let b = 1;
  for (let i = 1; i <= k; i++) b = (b * (n - k + i)) / i;
  return b;
};

/** The smallest `r` with `binomial(c + r, r) >= n`. */
function repetitions(n: number, c: number): number {
  let r = 0;
  while (binomial(c + r, r) < n) r++;
  return r;
}

const gradient = (count: number, options: Options, watch?: Watch): readonly unknown[] =>
  grad((x: Scalar, a: Scalar) => wind(x, a, scalarTensor("int32", count), options, watch), {
    argnums: [0, 1],
  })(0.3, 0.7) as readonly unknown[];

const counts = (watch: Watch, first: number): number => Math.max(0, ...watch.turns.slice(first));

describe("grad of whileLoop with checkpoints", () => {
  test("of 10 000 turns is the same to the last bit with 1, 5, 50 and all of them remembered", () => {
    const all = gradient(10_000, { maxSteps: 10_000, checkpoints: "all" });
    expect(gradient(10_000, { maxSteps: 10_000 })).toEqual(all);
    expect(gradient(10_000, {})).toEqual(all);
    for (const checkpoints of [1, 5, 50]) expect(gradient(10_000, { checkpoints })).toEqual(all);
    expect(gradient(10_000, { maxSteps: 20_000, checkpoints: 50 })).toEqual(all);
  }, 60_000);

  test("is the same for every number of turns and of checkpoints", () => {
    for (const checkpoints of [1, 2, 3, 4, 7, 12]) {
      const slope = jit((count: Tensor) =>
        grad((x: Scalar) => wind(x, scalarTensor("float64", 0.7), count, { checkpoints }))(
          scalarTensor("float64", 0.3),
        ),
      );
      const known = jit((count: Tensor) =>
        grad((x: Scalar) => wind(x, scalarTensor("float64", 0.7), count, { maxSteps: 200 }))(
          scalarTensor("float64", 0.3),
        ),
      );
      for (let n = 0; n < 90; n++) {
        const count = scalarTensor("int32", n);
        expect(slope(count).item(), `${n} turns, ${checkpoints} checkpoints`).toBe(
          known(count).item(),
        );
      }
    }
  });

  test.each([
    [9, 1],
    [300, 1],
    [17, 2],
    [10_000, 5],
    [10_000, 50],
    [49, 50],
    [50, 50],
    [60, 50],
    [1326, 50],
    [1400, 50],
  ])("does of %i turns with %i remembered none more often than treeverse", (n, checkpoints) => {
    const watch: Watch = { turns: [], bytes: 0 };
    gradient(n, { checkpoints }, watch);
    // Once forward, and once for its derivative.
    const again = watch.turns.map((times) => times - 2);
    const r = repetitions(n, checkpoints);
    expect(watch.turns).toHaveLength(n);
    expect(Math.min(...again)).toBe(0);
    expect(counts(watch, 0) - 2).toBeLessThanOrEqual(r);
    const most = r === 0 ? 0 : r * n - binomial(checkpoints + r, r - 1);
    expect(again.reduce((sum, times) => sum + times, 0)).toBeLessThanOrEqual(most);
  });

  test("does no turn again if all of them fit", () => {
    for (const options of [
      {},
      { maxSteps: 5000 },
      { maxSteps: 5000, checkpoints: "all" as const },
    ]) {
      const watch: Watch = { turns: [], bytes: 0 };
      gradient(4096, options, watch);
      expect(watch.turns).toEqual(Array.from({ length: 4096 }, () => 2));
    }
  });

  test("holds as many bytes as the plan says", () => {
    const bytes = (options: Options): number => {
      const watch: Watch = { turns: [], bytes: 0 };
      gradient(10, options, watch);
      return watch.bytes;
    };
    // All turns: p, q and n, of 8, 8 and 4 bytes. Checkpoints: the number of the turn and the level besides.
    const grows = (by: number): unknown => expect.closeTo(by, -2); // blocks of memory are multiples of 64 bytes
    expect(bytes({ maxSteps: 4000 }) - bytes({ maxSteps: 3000 })).toEqual(grows(20_000));
    expect(bytes({ checkpoints: 4000 }) - bytes({ checkpoints: 3000 })).toEqual(grows(28_000));
    expect(bytes({}) - bytes({ checkpoints: 4000 })).toEqual(grows(96 * 28));
    expect(bytes({ maxSteps: 1e9 }) - bytes({ checkpoints: 1 })).toBeLessThan(32 * 1024 * 1024);
  });

  test("of a large state takes no more memory than the budget, and what one turn needs", () => {
    const n = 20_000;
    const watch: Watch = { turns: [], bytes: 0 };
    const loss = (x: Tensor): Tensor => {
      const { y } = whileLoop(
        (state) => less(state.i, 300),
        (state) => ({
          y: mul(sin(state.y), noted(watch, state.i)),
          i: add(state.i, 1) as Scalar,
        }),
        { y: x, i: scalarTensor("int32", 0) },
        { maxSteps: 4096 },
      );
      return apply("reduceSum", [y], { axes: [0] })[0]!;
    };
    grad(loss)(Float64Array.from({ length: n }, (_, i) => i / n));
    // 4096 turns would take 655 MB. 209 fit into 32 MB, so some of the 300 are done once more.
    expect(watch.bytes).toBeLessThan(32 * 2 ** 20 + 12 * 8 * n);
    expect(watch.bytes).toBeGreaterThan(31 * 2 ** 20);
    expect(counts(watch, 0)).toBe(3);
  });

  test("has derivatives of its own, which agree", () => {
    for (const options of [{ checkpoints: 3 }, { checkpoints: 7 }, {}]) {
      const f = (x: Scalar): Scalar =>
        wind(x, mul(x, 2) as Scalar, scalarTensor("int32", 60), options) as Scalar;
      const known = (x: Scalar): Scalar =>
        wind(x, mul(x, 2) as Scalar, scalarTensor("int32", 60), { maxSteps: 60 }) as Scalar;
      const one = [1];
      const along = (g: (x: Scalar) => Tensor) => (x: Scalar) => jvp(g, [x], one).tangent as Scalar;
      const back = (g: (x: Scalar) => Tensor) => (x: Scalar) => grad(g)(x);
      const second = jit(back(back(f)))(0.3).item();
      expect(second).toBe(jit(back(back(known)))(0.3).item());
      expect(jit(along(back(f)))(0.3).item()).toBeCloseTo(second, 11);
      expect(jit(back(along(f)))(0.3).item()).toBeCloseTo(second, 11);
      expect(jit(along(along(f)))(0.3).item()).toBeCloseTo(second, 11);
      const third = jit(back(back(back(f))))(0.3).item();
      expect(third).toBe(jit(back(back(back(known))))(0.3).item());
      expect(jit(along(along(back(f))))(0.3).item()).toBeCloseTo(third, 10);
    }
  });

  test("depends on what it is not the derivative with respect to, too", () => {
    for (const options of [{ maxSteps: 30 }, { checkpoints: 3 }]) {
      const f = (x: Scalar, a: Scalar): Scalar =>
        wind(x, a, scalarTensor("int32", 30), options) as Scalar;
      const h = 2 ** -12;
      const byX = grad(f);
      const byA = grad(f, { argnums: 1 }) as unknown as (x: unknown, a: unknown) => number;
      const mixed = (byX(0.3, 0.7 + h) - byX(0.3, 0.7 - h)) / (2 * h);
      const close = expect.closeTo(mixed, 7) as number; // h² / 6 is 1e-8
      expect(grad((a: Scalar): Tensor => grad(f)(0.3 as never, a))(0.7)).toEqual(close);
      expect(grad((x: Scalar) => byA(x, 0.7) as never)(0.3)).toEqual(close);
      const byA2 = jvp((a: Scalar) => grad(f)(0.3 as never, a) as unknown as Tensor, [0.7], [1]);
      expect(byA2.tangent.item()).toEqual(close);
      const along = (x: Scalar): Tensor => jvp((a: Scalar) => f(x, a), [0.7], [1]).tangent;
      expect(grad(along)(0.3)).toEqual(close);
    }
  });

  test("in a batch goes through as many turns as each element needs", () => {
    const counts = tensorOf({ dtype: "int32", shape: [4], data: Int32Array.of(0, 1, 30, 100) });
    const slope = (count: Tensor, options: Options): Tensor =>
      grad((x: Scalar) => wind(x, mul(x, 2) as Scalar, count, options))(0.3 as never);
    const batch = vmap((count: Tensor) => slope(count, { checkpoints: 4 }))(counts);
    const loop = [0, 1, 30, 100].map((n) =>
      jit(() => slope(scalarTensor("int32", n), { maxSteps: 100 }))().item(),
    );
    expect([...batch]).toEqual(loop);
  });

  test("refuses what is no number of turns", () => {
    const run = (checkpoints: unknown) => () => gradient(3, { checkpoints: checkpoints as number });
    for (const wrong of [0, -1, 1.5, NaN, "most"]) {
      expect(run(wrong)).toThrow(
        `whileLoop: options.checkpoints: expected a whole number above 0, or "all", got ${wrong}`,
      );
    }
    expect(run("all")).toThrow(
      /"all" turns can be remembered only if .*; set maxSteps, or give a number/,
    );
  });
});
