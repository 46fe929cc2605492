import {
  ClipStepSizeController,
  ControlTerm,
  diffeqsolve,
  Euler,
  Event,
  grad,
  HalfSolver,
  Heun,
  jit,
  MultiTerm,
  np,
  ODETerm,
  PIDController,
  ReversibleHeun,
  type Scalar,
  StepTo,
  traced,
  VirtualBrownianTree,
  vmap,
} from "@diffrax-ts/core";
import type { Path } from "@diffrax-ts/protocol";
import { key, type Key, split } from "@diffrax-ts/random";
import { ShARK, SPaRK } from "@diffrax-ts/solvers-sde";
import { describe, expect, test, vi } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const levyArea = "SpaceTimeLevyArea";
const tree = (more: object = {}) =>
  VirtualBrownianTree({ t0: -1, t1: 1, tol: 2e-3, shape: [], key: key(11), levyArea, ...more });
/** The same path, asked for both ends of every step. */
const forgetful = (path: Path<unknown>): Path<unknown> =>
  ({ ...path, init: undefined, over: undefined }) as unknown as Path<unknown>;
const drift = (_t: number, y: number) => -y;
const diffusion = (t: number, _y: number) => 0.3 * (1 + t);
const sde = (path: Path<unknown>) => MultiTerm(ODETerm(drift), ControlTerm(diffusion, path));
const options = { t0: 0, t1: 1, dt0: 0.01, y0: 1 };
const pid = PIDController({ rtol: 1e-2, atol: 1e-2, dtmin: 2e-3 });

describe("the start of a step is the end of the one before, to the bit,", () => {
  const cases = {
    Euler: [Euler(), {}],
    Heun: [Heun(), {}],
    ReversibleHeun: [ReversibleHeun(), {}],
    "HalfSolver(Heun())": [HalfSolver(Heun()), {}],
    "ShARK, with areas": [ShARK(), {}],
    "ShARK backward, with areas": [ShARK(), { t0: 1, t1: -1, dt0: -0.01 }],
    backward: [Heun(), { t0: 1, t1: -1, dt0: -0.01 }],
    "adaptive steps": [SPaRK(), { stepsizeController: pid }],
    "steps to times": [Heun(), { dt0: null, stepsizeController: StepTo({ ts: [0, 0.3, 0.4, 1] }) }],
    "steps that are clipped at jumps": [
      SPaRK(),
      { stepsizeController: ClipStepSizeController({ controller: pid, jumpTs: [0.3, 0.5] }) },
    ],
    "steps that an event cuts": [
      Heun(),
      { event: Event({ condFn: (_t: number, y: number) => y - 0.8 }), throw: false },
    ],
  } as const;
  test.each(Object.entries(cases))("%s", (_name, [solver, more]) => {
    const saved = { saveat: { steps: true }, ...more };
    const ends = [tree(), forgetful(tree())].map((path) => {
      const { ts, ys, stats } = solveParts(sde(path), solver, { ...options, ...saved });
      return [ts.toArray(), ys.toArray(), stats];
    });
    expect(ends[0]).toEqual(ends[1]);
  });

  test("in a direction that is known only when it runs, and for each of a batch of keys and of ends", () => {
    const end = (path: (of: Key) => Path<unknown>) => (of: Key, t0: Scalar, t1: Scalar) =>
      solveParts(sde(path(of)), ShARK(), {
        ...options,
        t0,
        t1,
        dt0: np.mul(np.sub(t1, t0), 0.01),
      }).ys.at(0) as Scalar;
    const own = (of: Key): Path<unknown> => tree({ key: of });
    const slow = (of: Key): Path<unknown> => forgetful(own(of));
    for (const [t0, t1] of [
      [-0.2, 0.8],
      [0.8, -0.2],
    ] as const) {
      const once = jit(end(own))(key(1), t0, t1);
      expect(once.item()).toBe(jit(end(slow))(key(1), t0, t1).item());
      const many = vmap((of: Key) => end(own)(of, np.tensor(t0), np.tensor(t1)))(split(key(2), 3));
      const slowly = vmap((of: Key) => end(slow)(of, np.tensor(t0), np.tensor(t1)))(
        split(key(2), 3),
      );
      expect(many.toArray()).toEqual(slowly.toArray());
    }
  });

  test("in derivatives", () => {
    const end = (path: Path<unknown>) => (y0: Scalar) => {
      const field = (_t: number, y: number) => Math.sin(y);
      const term = MultiTerm(ODETerm(field), ControlTerm(field, path));
      return solveParts(term, Heun(), { ...options, y0 }).ys.at(0) as Scalar;
    };
    expect(grad(end(tree()))(0.7)).toBe(grad(end(forgetful(tree())))(0.7));
  });
});

describe("two times of one piece of the tree in a step", () => {
  const coarse = tree({ tol: 0.25 });

  test("are refused at once where steps are constant", () => {
    expect(() => solveParts(sde(coarse), Heun(), options)).toThrow(
      /^diffeqsolve: dt0: steps of 0\.01 are shorter than the tol of a VirtualBrownianTree, 0\.25, .* smaller tol, such as dt0 \/ 2$/u,
    );
    expect(() => solveParts(sde(coarse), HalfSolver(Heun()), { ...options, dt0: 0.3 })).toThrow(
      /the half steps of HalfSolver of 0\.15 are shorter than the tol/u,
    );
    expect(solveParts(sde(coarse), Heun(), { ...options, dt0: 0.25 }).result).toBe("successful");
  });

  test("end the solve where they are steps to given times", () => {
    const stepsizeController = StepTo({ ts: [0, 0.3, 0.4, 1] });
    const run = (throws: boolean) => () =>
      solveParts(sde(coarse), SPaRK(), {
        ...options,
        dt0: null,
        stepsizeController,
        throw: throws,
      });
    expect(run(true)).toThrow(/shorter than the tol of a VirtualBrownianTree.* dtmin/u);
    expect(run(false)().result).toBe("pathTooCoarse");
  });

  test.each([
    ["forward", { t0: 0, t1: 1, dt0: 0.3 }],
    ["backward", { t0: 1, t1: 0, dt0: -0.3 }],
  ])("are taken where a controller chooses them, and warned of once: %s", async (_name, span) => {
    vi.resetModules();
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { diffeqsolve } = await import("@diffrax-ts/core");
    const run = (tol: number): string => {
      const stepsizeController = PIDController({ rtol: 1e-3, atol: 1e-3 });
      const given = { ...options, ...span, stepsizeController };
      return diffeqsolve(sde(tree({ tol })), SPaRK(), given).result;
    };
    try {
      expect(run(2 ** -12)).toBe("successful");
      expect(warn).not.toHaveBeenCalled();
      expect(run(0.25)).toBe("successful");
      expect(run(0.25)).toBe("successful");
      expect(warn.mock.calls).toEqual([
        [expect.stringMatching(/^diffeqsolve: A step was shorter than the tol of a Virtual/u)],
      ]);
    } finally {
      warn.mockRestore();
    }
  });

  test("are fine where one of them is an end of the piece", () => {
    const steps = { dt0: null, stepsizeController: StepTo({ ts: [0, 0.1, 0.25, 0.5, 0.9, 1] }) };
    expect(solveParts(sde(coarse), Heun(), { ...options, ...steps }).result).toBe("successful");
  });

  test("of a step that is rejected do not count", () => {
    // The first attempt is rejected for a failure of the solver; none is kept within a piece.
    const controller = PIDController({ rtol: 1, atol: 1, dtmin: 0.25 });
    const { result } = solveParts(sde(coarse), SPaRK(), {
      ...options,
      dt0: 0.5,
      stepsizeController: controller,
    });
    expect(result).toBe("successful");
  });
});

test("a solve beyond the range of its tree is refused, with the range and the time", () => {
  const past = { ...options, t1: 2 };
  const message =
    /^diffeqsolve: t1 = 2 is outside of the range of the VirtualBrownianTree, \[-1, 1\]; make it wider$/u;
  expect(() => solveParts(sde(tree()), Heun(), past)).toThrow(message);
  expect(() => solveParts(sde(tree()), Heun(), { ...options, t0: -1.5 })).toThrow(
    /t0 = -1\.5 is out/u,
  );
  expect(() =>
    jit((t1: Scalar) => solveParts(sde(tree()), Heun(), { ...options, t1 }).ys.at(0))(2),
  ).toThrow(/^VirtualBrownianTree: asked for a time outside of the range of the path, \[-1, 1\]/u);
  const single = VirtualBrownianTree({
    t0: 0,
    t1: 0.1,
    tol: 1e-3,
    shape: { shape: [], dtype: "float32" },
    key: key(0),
  });
  const noise = ControlTerm(traced((_t: Scalar, y: Scalar) => np.mul(y, 0.1)) as never, single);
  const end = diffeqsolve(noise, Heun(), {
    ...options,
    t1: 0.1,
    y0: np.tensor(1, { dtype: "float32" }),
  });
  expect(end.ys.dtype).toBe("float32");
});
