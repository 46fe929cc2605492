import { checkTraces } from "@diffrax-ts/autodiff";
import {
  ControlTerm,
  diffeqsolve,
  Euler,
  grad,
  Heun,
  jit,
  LinearInterpolation,
  MultiTerm,
  np,
  ODETerm,
  type Scalar,
  traced,
  VirtualBrownianTree,
  vmap,
  WeaklyDiagonalControlTerm,
} from "@diffrax-ts/core";
import { key, type Key, split } from "@diffrax-ts/random";
import { EulerHeun } from "@diffrax-ts/solvers-sde";
import { beforeEach, describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

// Traces are counted here.
beforeEach(() => checkTraces("never"));

const motion = (of: Key = key(3)) =>
  VirtualBrownianTree({ t0: 0, t1: 1, tol: 0.01, shape: [2], key: of });
const options = { t0: 0, t1: 1, dt0: 0.05, y0: { x: 1, v: 0 }, args: { k: 2, s: 0.3 } } as const;
interface State {
  readonly x: number;
  readonly v: number;
}
interface Args {
  readonly k: number;
  readonly s: number;
}
const drift = (_t: number, { x, v }: State, { k }: Args) => ({ x: v, v: -k * x });
const diffusion = (t: number, { x, v }: State, { s }: Args) => ({ x: [s * x, t], v: [v, s] });
const terms = MultiTerm(ODETerm(drift), ControlTerm(diffusion, motion()));

describe("{ drift, diffusion, control }", () => {
  test("is MultiTerm(ODETerm(drift), ControlTerm(diffusion, control))", () => {
    const record = { drift, diffusion, control: motion() };
    for (const [method, end] of [
      [Heun(), {}],
      [Euler(), {}],
      [EulerHeun(), {}],
      [Heun(), { t0: 1, t1: 0, dt0: -0.05 }],
    ] as const) {
      const given = { ...options, ...end };
      expect(solveParts(record, method, given).ys).toEqual(solveParts(terms, method, given).ys);
    }
  });

  test("is { diffusion, control } for a ControlTerm alone", () => {
    const control = LinearInterpolation([0, 1], [0, 1]);
    const growth = (_t: number, y: number) => y;
    const { ys } = diffeqsolve({ diffusion: growth, control }, Heun(), { ...options, y0: 1 });
    const term = ControlTerm(growth, control);
    expect(ys).toEqual(diffeqsolve(term, Heun(), { ...options, y0: 1 }).ys);
  });

  test("takes functions of tensors, and is the same inside jit, grad and vmap", () => {
    const end = (of: Key, s: Scalar): Scalar =>
      diffeqsolve(
        {
          drift: traced((_t: Scalar, y: Scalar) => np.neg(y)),
          diffusion: traced((_t: Scalar, y: Scalar, rate: Scalar) =>
            np.mul(y, np.stack([rate, np.mul(rate, 2)])),
          ),
          control: motion(of),
        },
        Heun(),
        { t0: 0, t1: 1, dt0: 0.05, y0: 1, args: s },
      ).ys.at(0);
    const [a, b] = [0, 1].map((i) => split(key(1)).at(i)) as [Key, Key];
    const alone = [end(a, np.tensor(0.3)).item(), end(b, np.tensor(0.3)).item()];
    expect(jit(end)(a, 0.3).item()).toBe(alone[0]);
    expect(vmap((of: Key) => end(of, np.tensor(0.3)))(split(key(1))).toArray()).toEqual(alone);
    const [slope, h] = [grad((s: Scalar) => end(a, s))(0.3), 1e-6];
    const near = (s: number) => end(a, np.tensor(s)).item();
    expect(slope).toBeCloseTo((near(0.3 + h) - near(0.3 - h)) / (2 * h), 7);
  });

  test("made anew at each call, with another key, is one trace", () => {
    let calls = 0;
    const noise = traced((_t: Scalar, y: Scalar) => {
      calls++;
      return np.stack([y, y]);
    });
    const ends = Array.from({ length: 4 }, (_, i) => {
      const record = { diffusion: noise, control: motion(key(i)) };
      return diffeqsolve(record, Euler(), { t0: 0, t1: 1, dt0: 0.05, y0: 1 }).ys.at(0).item();
    });
    expect(new Set(ends).size).toBe(4);
    expect(calls).toBe(1);
  });
});

describe("is refused, with what to write:", () => {
  const cases: readonly { name: string; given: object; message: RegExp }[] = [
    {
      name: "a diffusion without a control",
      given: { drift, diffusion },
      message: /^diffeqsolve: terms\.control is missing, .* such as VirtualBrownianTree\(…\)$/u,
    },
    {
      name: "a control without a diffusion",
      given: { drift, control: motion() },
      message:
        /^diffeqsolve: terms\.diffusion must be a function \(t, y, args\) => matrix, got undefined$/u,
    },
    {
      name: "a drift alone",
      given: { drift },
      message:
        /^diffeqsolve: terms: drift stands alone; write the function itself, or \{ drift, diffusion, control \}$/u,
    },
    {
      name: "a term for a function",
      given: { drift: ODETerm(drift), diffusion, control: motion() },
      message:
        /^diffeqsolve: terms\.drift must be a function .* got .*; with terms write MultiTerm\(ODETerm\(drift\), ControlTerm\(diffusion, control\)\)$/u,
    },
    {
      name: "a member of another name",
      given: { drift, diffusion, control: motion(), brownian: 1 },
      message:
        /^diffeqsolve: terms: there is no brownian in \{ drift, diffusion, control, noiseType \}$/u,
    },
    {
      name: "a number for a path",
      given: { drift, diffusion, control: 1 },
      message: /^ControlTerm: control must be a path such as .* got 1$/u,
    },
    {
      name: "a path that is a bare record",
      given: { diffusion, control: { t0: 0, t1: 1, evaluate: () => 0 } },
      message:
        /^ControlTerm: control: a path of your own is a part, got an object with .*; write part\("my-package\/MyPath", /u,
    },
    {
      name: "noise of a kind that there is not",
      given: { drift, diffusion, control: motion(), noiseType: "scalar" },
      message: /^ControlTerm: noiseType must be "additive", .* got "scalar"$/u,
    },
  ];
  test.each(cases)("$name", ({ given, message }) => {
    expect(() => solveParts(given, Heun(), options)).toThrow(message);
  });

  test("a drift and a diffusion as a pair", () => {
    const pair = [ODETerm(drift), ControlTerm(diffusion, motion())];
    expect(() => solveParts(pair, EulerHeun(), options)).toThrow(
      /a pair are deprecated in Diffrax, and not followed here: write MultiTerm\(ODETerm\(drift\), ControlTerm\(diffusion, control\)\), or \{ drift, diffusion, control \}$/u,
    );
    expect(() => solveParts(pair, Heun(), options)).toThrow(/add terms up with MultiTerm\(…\)/u);
  });

  test("WeaklyDiagonalControlTerm", () => {
    expect(() => WeaklyDiagonalControlTerm(diffusion, motion())).toThrow(
      /deprecated in Diffrax, and not followed here; write ControlTerm\(diffusion, control\), .* DiagonalLinearOperator/u,
    );
  });
});
