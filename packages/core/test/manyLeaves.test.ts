// States of so many leaves that are alike that the library puts them together.
import {
  BacksolveAdjoint,
  ClipStepSizeController,
  diffeqsolve,
  diffeqsolveStream,
  Dopri5,
  Euler,
  Event,
  fixed,
  grad,
  HalfSolver,
  ImplicitEuler,
  integrator,
  Kvaerno3,
  LeapfrogMidpoint,
  Newton,
  np,
  ODETerm,
  PIDController,
  plain,
  rmsNorm,
  SemiImplicitEuler,
  type Solver,
  SPaRK,
  steadyStateEvent,
  type StepSizeController,
  traced,
  Tsit5,
  VirtualBrownianTree,
  vmap,
} from "@diffrax-ts/core";
import { type ControllerStart, type Tree, treeLeaves, treeMap } from "@diffrax-ts/protocol";
import { leaves, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

/** The same solver, to which the state is given as it is. */
function onTrees<S extends Solver>(solver: S): S {
  return { ...solver, isElementwise: false };
}

function bitsOf(tree: unknown): string[] {
  return leaves(tree).map((leaf) => {
    const { dtype, shape, data } = leaf as Tensor;
    return `${dtype}[${shape.join()}]: ${[...(data as Float64Array)].map((x) => (Object.is(x, -0) ? "-0" : x)).join()}`;
  });
}

/** A field with neighbours in it, whatever the tree. */
const field = traced((t: Scalar, y: Tree, rate: Scalar): Tree => {
  const all = treeLeaves(y);
  let i = 0;
  return treeMap((x) => {
    const before: Tensor = all[(all.length + i++ - 1) % all.length]!;
    return np.sub(np.mul(np.sin(np.add(np.sum(before), t)), rate), x);
  }, y);
});

const shapes = fc.constantFrom([], [], [], [2], [3], [1, 2], [20]);
const runs = fc
  .array(fc.record({ shape: shapes, count: fc.integer({ min: 1, max: 80 }) }), {
    minLength: 1,
    maxLength: 3,
  })
  .filter((all) => all.some(({ count }) => count >= 64));

function stateOf(
  all: readonly { readonly shape: readonly number[]; readonly count: number }[],
  dtype: "float64" | "float32",
  isRecord: boolean,
): Tree {
  let n = 0;
  const parts = all.map(({ shape, count }) =>
    Array.from({ length: count }, (): Tensor => {
      const size = shape.reduce((a, b) => a * b, 1);
      const data = Float64Array.from({ length: size }, () => Math.cos(n++));
      return np.astype(np.reshape(data, shape), dtype);
    }),
  );
  const flat = parts.flat();
  return isRecord ? Object.fromEntries(flat.map((x, i) => [`leaf${i}`, x])) : parts;
}

const solvers: Readonly<Record<string, () => Solver>> = {
  Tsit5: () => Tsit5(),
  "Dopri5 with scanned stages": () => Dopri5({ scanStages: true }),
  HalfSolver: () => HalfSolver(Euler()) as never,
};

describe("leaves that are put together", () => {
  test.each(Object.keys(solvers))("give the bits of leaves that are not, by %s", (name) => {
    fc.assert(
      fc.property(
        runs,
        fc.constantFrom("float64" as const, "float32" as const),
        fc.boolean(),
        fc.constantFrom("t1", "ts", "steps", "t0"),
        (all, dtype, isRecord, saved) => {
          const y0 = stateOf(all, dtype, isRecord);
          const saveat = saved === "ts" ? { ts: [0, 0.3, 0.31, 1] } : { [saved]: true };
          const solve = (solver: Solver): unknown => {
            const { ts, ys, stats } = solveParts(field, solver, {
              t0: 0,
              t1: 1,
              dt0: null,
              y0,
              args: 0.7,
              saveat,
              stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-4 }),
            });
            return [bitsOf(ys), bitsOf(ts), stats];
          };
          const solver = solvers[name]!();
          expect(solve(solver)).toEqual(solve(onTrees(solver)));
        },
      ),
      { numRuns: 4, seed: 11 },
    );
  });

  const n = 100;
  const names = Array.from({ length: n }, (_, i) => `name${i}`);
  const record = (): Record<string, number> =>
    Object.fromEntries(names.map((name, i) => [name, 1 + i / n]));
  const fall = traced((_t: Scalar, y: Record<string, Scalar>, rate: Scalar) =>
    Object.fromEntries(Object.entries(y).map(([key, x]) => [key, np.mul(np.neg(x), rate)])),
  );
  const stepsizeController = PIDController({ rtol: 1e-4, atol: 1e-6 });
  const options = { t0: 0, t1: 1, dt0: 0.1, y0: record(), args: 2, stepsizeController };
  const both = (solver: unknown, more: object = {}, terms: unknown = fall): unknown[] =>
    [solver, onTrees(solver as Solver)].map((one) => {
      const solution = solveParts<unknown>(terms, one, { ...options, ...more });
      const { ts, ys, stats, result, eventMask, events, solverState } = solution;
      return {
        ys: bitsOf([ts, ys, events, solverState]),
        keys: shown(ys),
        stats,
        result,
        eventMask,
      };
    });
  const shown = (ys: unknown): string => JSON.stringify(ys).replaceAll(/[-\d.e]+/g, "0");

  test.each([
    ["Kvaerno3()", Kvaerno3()],
    ["Kvaerno3({ scanStages: true })", Kvaerno3({ scanStages: true })],
    ["Tsit5() and the state of the solver", Tsit5(), { saveat: { t1: true, solverState: true } }],
    ["Tsit5() backward", Tsit5(), { t0: 1, t1: 0, dt0: -0.1 }],
    ["Tsit5() with a first step of its choice", Tsit5(), { dt0: null }],
    [
      "ImplicitEuler() by equal steps",
      ImplicitEuler({ rootFinder: Newton({ rtol: 1e-8, atol: 1e-8 }) }),
      { stepsizeController: undefined },
    ],
    ["LeapfrogMidpoint() by equal steps", LeapfrogMidpoint(), { stepsizeController: undefined }],
    [
      "Tsit5() with clipped steps",
      Tsit5(),
      {
        stepsizeController: ClipStepSizeController({
          controller: stepsizeController,
          jumpTs: [0.5],
        }),
      },
    ],
    [
      "a norm of the user",
      Tsit5(),
      {
        stepsizeController: PIDController({
          rtol: 1e-4,
          atol: 1e-6,
          norm: (tree: Tree) => np.abs<Scalar>((tree as Record<string, Scalar>)["name7"]!),
        }),
      },
    ],
    [
      "saveat.fn",
      Tsit5(),
      {
        saveat: {
          ts: [0.5, 1],
          fn: traced((_t: Scalar, y: Record<string, Scalar>) => np.add(y["name0"]!, y["name99"]!)),
        },
      },
    ],
    [
      "events that are recorded",
      Tsit5(),
      {
        event: Event({
          condFn: traced((_t: Scalar, y: Record<string, Scalar>) =>
            np.sub(y["name50"]!, 0.7),
          ) as never,
          rootFinder: Newton({ rtol: 1e-8, atol: 1e-8 }),
          terminal: false,
          maxEvents: 3,
        }),
      },
    ],
    [
      "events that change the state",
      Tsit5(),
      {
        event: Event({
          condFn: traced((_t: Scalar, y: Record<string, Scalar>) =>
            np.sub(y["name50"]!, 0.7),
          ) as never,
          rootFinder: Newton({ rtol: 1e-8, atol: 1e-8 }),
          change: traced((_t: Scalar, y: Record<string, Scalar>) =>
            Object.fromEntries(Object.entries(y).map(([key, x]) => [key, np.add(x, 1)])),
          ) as never,
        }),
      },
    ],
    [
      "a steady state",
      Tsit5(),
      {
        t1: 50,
        event: Event({ condFn: steadyStateEvent({ rtol: 1e-3, atol: 1e-3, norm: rmsNorm }) }),
      },
    ],
  ] as const)(
    "are the state of the user in all that it gets, for %s",
    (_name, solver, more: object = {}) => {
      const [packed, asIs] = both(solver, more);
      expect(packed).toEqual(asIs);
    },
  );

  const scaled = (y: Record<string, number>, by: (x: number) => number): Record<string, number> => {
    const result: Record<string, number> = {};
    for (const key of Object.keys(y)) result[key] = by(y[key]!);
    return result;
  };
  type Args = { readonly n: number; readonly a: number; readonly f: (x: number) => number };
  test.each<readonly [string, unknown, object]>([
    [
      "fixed numbers and functions in args",
      plain(
        (
          _t: number,
          y: Record<string, number>,
          { n: count, a, f }: Args,
          { scaled: every }: { scaled: typeof scaled },
        ) => {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += a;
          return every(y, (x: number) => f(x) * sum);
        },
        { scaled },
      ),
      { args: { n: fixed(3), a: 0.5, f: (x: number) => -x * x } },
    ],
    [
      "parameters of a term",
      ODETerm(
        traced((_t: Scalar, y: Record<string, Scalar>, _args: unknown, p: Scalar) =>
          Object.fromEntries(Object.entries(y).map(([key, x]) => [key, np.mul(x, np.neg(p))])),
        ),
        2,
      ),
      {},
    ],
    [
      "leaves without elements, and others after them",
      traced((_t: Scalar, y: readonly Tensor[]) => y.map((x) => np.neg(x))),
      { y0: [...names.map(() => new Float64Array(0)), 1, 2, ...names.map((_, i) => np.tensor(i))] },
    ],
  ])("are what the vector field is written for, with %s", (_name, terms, more) => {
    const [packed, asIs] = both(Tsit5(), more, terms);
    expect(packed).toEqual(asIs);
  });

  test("are a vector in each part of the state, for terms of their own", () => {
    const q = Object.values(record());
    const spring = [
      (_t: number, p: readonly number[]) => p,
      (_t: number, x: readonly number[]) => x.map((one) => -one),
    ];
    const y0 = [q.map((x) => np.tensor(x)), q.map((x) => np.tensor(x))];
    const [packed, asIs] = both(SemiImplicitEuler(), { y0, stepsizeController: undefined }, spring);
    expect(packed).toEqual(asIs);
  });

  test("take noise for each of them", () => {
    const control = VirtualBrownianTree({
      t0: 0,
      t1: 1,
      tol: 1e-3,
      shape: [n],
      key: np.tensor([1, 2], { dtype: "uint32" }) as never,
      levyArea: "SpaceTimeLevyArea",
    } as never);
    const terms = {
      drift: (_t: number, y: readonly number[]) => y.map((x) => -x),
      diffusion: (_t: number, y: readonly number[]) => y.map((x) => 0.1 * x),
      control,
    };
    const y0 = names.map((_, i) => np.tensor(i / n));
    for (const solver of [Euler(), SPaRK()]) {
      const [packed, asIs] = both(solver, { y0, stepsizeController: undefined }, terms);
      expect(packed).toEqual(asIs);
    }
  });

  test("are the user's in dense output, and in an integrator", async () => {
    const dense = diffeqsolve(fall, Tsit5(), { ...options, saveat: { dense: true } });
    const asIs = diffeqsolve(fall, onTrees(Tsit5()), { ...options, saveat: { dense: true } });
    for (const t of [0, 0.3, 1])
      expect(bitsOf(dense.evaluate(t))).toEqual(bitsOf(asIs.evaluate(t)));
    expect(bitsOf(dense.evaluate(0.2, 0.4))).toEqual(bitsOf(asIs.evaluate(0.2, 0.4)));
    expect(bitsOf(dense.derivative(0.4))).toEqual(bitsOf(asIs.derivative(0.4)));

    const made = [Tsit5(), onTrees(Tsit5())].map((solver) => integrator(fall, solver, options));
    for (const live of made) {
      live.step();
      live.y = { ...live.y, name3: 5 };
      await live.advance({ until: 0.5 });
    }
    const [one, two] = made;
    expect(Object.keys(one!.y)).toEqual(Object.keys(two!.y));
    expect(bitsOf([one!.y, one!.at(one!.t)])).toEqual(bitsOf([two!.y, two!.at(two!.t)]));
    expect(bitsOf(one!.solution().ys)).toEqual(bitsOf(two!.solution().ys));
    expect(() => (one!.y = { ...options.y0, name5: "x" } as never)).toThrow("y.name5");
    const saved = integrator.fromJSON(JSON.stringify(one), fall, Tsit5(), options);
    expect(bitsOf(saved.y)).toEqual(bitsOf(one!.y));
  });

  test("are the user's in a stream", async () => {
    const rows: unknown[] = [];
    for await (const { ys } of diffeqsolveStream(fall, Tsit5(), {
      ...options,
      saveat: { steps: true },
    }))
      rows.push(Object.keys(ys).length);
    expect(rows.every((count) => count === n)).toBe(true);
  });

  test("go on from the state of a solver that another solve has left", () => {
    const saveat = { t1: true, solverState: true, controllerState: true } as const;
    const ends = [Tsit5(), onTrees(Tsit5())].map((solver) => {
      const first = solveParts<Record<string, Tensor>>(fall, solver, { ...options, saveat });
      const y0 = Object.fromEntries(Object.entries(first.ys).map(([key, y]) => [key, y.at(0)]));
      const { solverState, controllerState } = first;
      return solveParts(fall, solver, {
        ...options,
        t0: 1,
        t1: 2,
        y0,
        solverState,
        controllerState,
      });
    });
    expect(bitsOf(ends[0]!.ys)).toEqual(bitsOf(ends[1]!.ys));
  });

  test("are seen one by one by solvers and controllers that do not say that they work element by element", () => {
    const seen: string[] = [];
    const inner = PIDController({ rtol: 1e-4, atol: 1e-6 });
    const controller: StepSizeController = {
      ...inner,
      isElementwise: false,
      init(start: ControllerStart) {
        seen.push(
          ...Object.keys(start.y0 as object),
          ...Object.keys(start.func(start.t0, start.y0) as object),
        );
        return inner.init(start);
      },
      adaptStepSize(step: never) {
        const { y0, y1Candidate, yError } = step as Record<string, object>;
        seen.push(...[y0, y1Candidate, yError].flatMap((tree) => Object.keys(tree!)));
        return inner.adaptStepSize(step);
      },
    };
    const { ys } = solveParts(fall, Tsit5(), {
      ...options,
      dt0: null,
      stepsizeController: controller,
    });
    expect(new Set(seen)).toEqual(new Set(names));
    expect(bitsOf(ys)).toEqual(bitsOf(solveParts(fall, Tsit5(), { ...options, dt0: null }).ys));
  });

  test("are named in errors", () => {
    const wrong = traced((_t: Scalar, y: Record<string, Scalar>) => ({
      ...y,
      name42: np.zeros([2]),
    }));
    expect(() => solveParts(wrong, Tsit5(), options)).toThrow(
      "vector field: result.name42: expected float64 as in y0, got float64[2]",
    );
    const y0 = { ...record(), name42: NaN };
    expect(() => solveParts(fall, Tsit5(), { ...options, y0 })).toThrow("y0.name42 must be finite");
    const change = traced((_t: Scalar, y: Record<string, Scalar>) => ({
      ...y,
      name7: np.zeros([2]),
    }));
    const event = Event({ at: [0.5], change: change });
    expect(() => solveParts(fall, Tsit5(), { ...options, event })).toThrow(
      "event.change: result.name7",
    );
  });

  test("have the derivatives of leaves that are not, but for roundings, by every way and in a batch", () => {
    const end =
      (solver: Solver, adjoint?: unknown) => (y0: Record<string, Scalar>, rate: Scalar) => {
        const more = { y0, args: rate, stepsizeController: undefined, adjoint };
        const { ys } = solveParts<Record<string, Tensor>>(fall, solver, { ...options, ...more });
        return Object.values(ys)
          .map((y) => np.sin(y.at(0)))
          .reduce((a, b) => np.add(a, b)) as Scalar;
      };
    const y0 = record();
    for (const adjoint of [undefined, BacksolveAdjoint()]) {
      const [packed, asIs] = [Tsit5(), onTrees(Tsit5() as Solver)].map((solver) =>
        leaves(
          grad(end(solver, adjoint) as never, { argnums: [0, 1] } as never)(y0 as never, 2),
        ).map(Number),
      );
      for (const [i, x] of packed!.entries()) expect(Math.abs(x - asIs![i]!)).toBeLessThan(1e-12);
    }
    const batch = Object.fromEntries(names.map((name, i) => [name, new Float64Array([i / n, 1])]));
    const [many, manyAsIs] = [Tsit5(), onTrees(Tsit5() as Solver)].map((solver) =>
      bitsOf(vmap((y: never) => end(solver)(y, np.tensor(2)))(batch as never)),
    );
    expect(many).toEqual(manyAsIs);
  });
});
