import {
  BacksolveAdjoint,
  backwardHermiteCoefficients,
  ControlTerm,
  CubicInterpolation,
  DirectAdjoint,
  Euler,
  ForwardMode,
  grad,
  Heun,
  jit,
  jvp,
  LinearInterpolation,
  MultiTerm,
  np,
  ODETerm,
  PIDController,
  RecursiveCheckpointAdjoint,
  ReversibleHeun,
  type Scalar,
  type Tensor,
  traced,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { DiagonalLinearOperator } from "@diffrax-ts/linear-solvers";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

const ts = [0, 0.7, 1.1, 2, 3];
const knots = [
  [0, 0.1],
  [0.7, 0.9],
  [1.1, -0.3],
  [2, 0.4],
  [3, 1.2],
];
const path = CubicInterpolation(ts, backwardHermiteCoefficients(ts, knots));
const options = { t0: 0, t1: 3, dt0: 0.01, maxSteps: 4096 };

/** The numbers at the end, leaf by leaf. */
const ends = (
  term: unknown,
  y0: unknown,
  more: Readonly<Record<string, unknown>> = {},
  solver: unknown = Heun(),
): number[] => {
  const { ys } = solveParts<unknown>(term, solver, { ...options, y0, ...more });
  return JSON.stringify(ys)
    .match(/-?\d[\d.e+-]*/gu)!
    .map(Number);
};

const matrix = (_t: number, [x, v]: readonly number[]) => [
  [Math.sin(v!), x!],
  [1, Math.cos(x!)],
];

describe("a vector field in ordinary arithmetic means", () => {
  const tensors = traced((_t: Scalar, y: Tensor) =>
    np.stack([np.stack([np.sin(y.at(1)), y.at(0)]), np.stack([np.tensor(1), np.cos(y.at(0))])]),
  );
  const wanted = ends(ControlTerm(tensors, path), Float64Array.of(0.2, -0.5));

  test("a matrix, for rows of as many numbers as the control has", () => {
    expect(ends(ControlTerm(matrix, path), [0.2, -0.5])).toEqual(wanted);
    expect(ends(ControlTerm(matrix, path), Float64Array.of(0.2, -0.5))).toEqual(wanted);
  });

  test("a diagonal, for one number for each of n components and a control of n", () => {
    const operator = traced((_t: Scalar, y: Tensor) => DiagonalLinearOperator(np.flip(y)));
    const swapped = (_t: number, [x, v]: readonly number[]) => [v!, x!];
    const full = (_t: number, [x, v]: readonly number[]) => [
      [v!, 0],
      [0, x!],
    ];
    for (const solver of [Heun(), Tsit5(), ReversibleHeun()]) {
      const diagonal = ends(ControlTerm(swapped, path), [0.2, -0.5], {}, solver);
      const close = (numbers: readonly number[]) => numbers.map((x) => expect.closeTo(x, 12));
      const vector = Float64Array.of(0.2, -0.5);
      expect(ends(ControlTerm(full, path), [0.2, -0.5], {}, solver)).toEqual(close(diagonal));
      expect(ends(ControlTerm(swapped, path), vector, {}, solver)).toEqual(close(diagonal));
      expect(ends(ControlTerm(operator, path), vector, {}, solver)).toEqual(close(diagonal));
    }
  });

  test("a row, for a state that is one number", () => {
    const byTime = (t0: number, t1: number) => [t1 - t0, Math.sin(t1) - Math.sin(t0)];
    const row = ControlTerm((_t: number, y: number) => [y, 2 * y], byTime);
    expect(ends(row, 1, { dt0: 0.001 })[0]).toBeCloseTo(Math.exp(3 + 2 * Math.sin(3)), 3);
  });

  test("leaf by leaf, for records; with a control for each leaf where that is a record too", () => {
    type State = { a: number; b: number };
    const both = ControlTerm((_t: number, { a, b }: State) => ({ a: [a, b], b: [b, 1] }), path);
    const list = ControlTerm(
      (_t: number, [a, b]: readonly number[]) => [
        [a, b],
        [b, 1],
      ],
      path,
    );
    expect(ends(both, { a: 1, b: 2 })).toEqual(ends(list, [1, 2]));
    const each = LinearInterpolation([0, 3], {
      a: [0, 1],
      b: [
        [0, 1],
        [1, 2],
      ],
    });
    const apart = ControlTerm((_t: number, { a, b }: State) => ({ a, b: [b, a] }), each);
    const [a] = ends(apart, { a: 1, b: 2 });
    expect(a).toBeCloseTo(Math.E, 4);
  });
});

describe("a controlled equation", () => {
  const growth = (_t: number, y: number) => y;
  const sine = (t0: number, t1: number) => Math.sin(t1) - Math.sin(t0);

  test("runs backward in time, and in float32", () => {
    const back = ends(ControlTerm(growth, sine), 1, { t0: 3, t1: 0, dt0: -0.01 });
    expect(back[0]).toBeCloseTo(Math.exp(-Math.sin(3)), 5);
    const one = ControlTerm((_t: number, [x]: readonly number[]) => [x!], sine);
    expect(ends(one, Float32Array.of(1))[0]).toBeCloseTo(Math.exp(Math.sin(3)), 4);
  });

  test("is an ordinary one with the derivative of its control: toOde()", () => {
    const ode = ControlTerm(growth, sine).toOde();
    expect(ends(ode, 1, {}, Tsit5())[0]).toBeCloseTo(Math.exp(Math.sin(3)), 9);
    const adaptive = { dt0: null, stepsizeController: PIDController({ rtol: 1e-8, atol: 1e-8 }) };
    expect(ends(ode, 1, adaptive, Tsit5())[0]).toBeCloseTo(Math.exp(Math.sin(3)), 6);
    const smooth = ends(ControlTerm(matrix, path).toOde(), [0.2, -0.5], { dt0: 0.001 });
    const stepped = ends(ControlTerm(matrix, path), [0.2, -0.5], { dt0: 0.001 });
    expect(stepped).toEqual(smooth.map((x) => expect.closeTo(x, 4)));
  });

  test("is one term of a sum", () => {
    const both = MultiTerm(
      ODETerm((_t: number, y: number) => -y),
      ControlTerm(growth, sine),
    );
    expect(ends(both, 1, { dt0: 0.001 })[0]).toBeCloseTo(Math.exp(Math.sin(3) - 3), 6);
  });

  test("is the same inside jit, and for each element of a batch", () => {
    const end = (y0: Scalar): Tensor =>
      solveParts(ControlTerm(growth, sine), Euler(), { ...options, y0 }).ys.at(0);
    const alone = [1, 2].map((y0) => end(np.tensor(y0)).item());
    expect([1, 2].map((y0) => jit(end)(y0).item())).toEqual(alone);
    expect(vmap(end)(Float64Array.of(1, 2)).toArray()).toEqual(alone);
  });
});

describe("gradients of a controlled equation, with a control longer than the state", () => {
  const data = knots.map(([a, b]) => [a!, b!, a! - b!]);
  const long = CubicInterpolation(ts, backwardHermiteCoefficients(ts, data));
  const field = (t: number, [x, v]: readonly number[], k: number) => [
    [Math.sin(k * v!), x!, 1],
    [1, Math.cos(x!), v! * k * t],
  ];
  interface Inputs {
    readonly y0: readonly Scalar[];
    readonly k: Scalar;
  }
  const product =
    (solver: unknown, adjoint: unknown) =>
    ({ y0, k }: Inputs): Tensor => {
      const given = { ...options, dt0: 0.002, y0, args: k, adjoint };
      const { ys } = solveParts<readonly Tensor[]>(ControlTerm(field, long), solver, given);
      return ys[0]!.at(0).mul(ys[1]!.at(0));
    };
  const inputs = { y0: [0.2, -0.5], k: 0.8 } as unknown as Inputs;
  const numbers = (f: (inputs: Inputs) => Tensor): number[] => {
    const { y0, k } = grad(f)(inputs) as unknown as { y0: readonly number[]; k: number };
    return [...y0, k];
  };

  test.each([
    // The way back of Heun is another discretisation, with errors of the second order in the step; the others retrace their steps.
    { solver: Heun(), digits: 2 },
    { solver: Tsit5(), digits: 8 },
    { solver: ReversibleHeun(), digits: 8 },
  ])(
    "agree: default, DirectAdjoint, ForwardMode and BacksolveAdjoint, with $solver.kind",
    ({ solver, digits }) => {
      const wanted = numbers(product(solver, RecursiveCheckpointAdjoint()));
      const close = wanted.map((x) => expect.closeTo(x, digits));
      expect(numbers(product(solver, DirectAdjoint()))).toEqual(close);
      expect(numbers(product(solver, BacksolveAdjoint()))).toEqual(close);
      const along = (k: Scalar) => product(solver, ForwardMode())({ ...inputs, k });
      expect(jvp(along, [0.8], [1]).tangent.item()).toBeCloseTo(wanted[2]!, digits);
    },
  );

  test("with respect to the control: by the default adjoint; BacksolveAdjoint() says that it has none, and takes toOde()", () => {
    const end =
      (adjoint: unknown, asOde: boolean) =>
      (ys: Tensor): Tensor => {
        const control = CubicInterpolation(ts, backwardHermiteCoefficients(ts, ys));
        const term = ControlTerm(field, control);
        const given = { ...options, dt0: 0.002, y0: [0.2, -0.5], args: 0.8, adjoint };
        const { ys: ends } = solveParts<readonly Tensor[]>(
          asOde ? term.toOde() : term,
          Heun(),
          given,
        );
        return ends[0]!.at(0);
      };
    const at = np.tensor(data);
    expect(() => grad(end(BacksolveAdjoint(), false))(at)).toThrow(
      /the control of a ControlTerm is being differentiated, and BacksolveAdjoint\(\) has no gradient/u,
    );
    const wanted = grad(end(RecursiveCheckpointAdjoint(), true))(at).toArray();
    const got = grad(end(BacksolveAdjoint(), true))(at).toArray();
    expect(got.flat()).toEqual(wanted.flat().map((x) => expect.closeTo(x, 3)));
    const stepped = grad(end(RecursiveCheckpointAdjoint(), false))(at).toArray();
    expect(stepped.flat()).toEqual(wanted.flat().map((x) => expect.closeTo(x, 3)));
  });
});

describe("is refused, with rows and columns:", () => {
  const cases: readonly { name: string; call: () => unknown; message: RegExp }[] = [
    {
      name: "a row of another length than the control",
      call: () =>
        ends(
          ControlTerm(
            () => [
              [1, 2, 3],
              [1, 2, 3],
            ],
            path,
          ),
          [0, 0],
        ),
      message:
        /^ControlTerm: vector field: result: expected 2 rows, one for each item of y0, and 2 columns, one for each component of the control, got 2 rows of 3$/u,
    },
    {
      name: "a vector of tensors in the place of a matrix",
      call: () =>
        ends(
          ControlTerm(
            traced((_t: Scalar, y: Tensor) => y),
            path,
          ),
          Float64Array.of(1, 2),
        ),
      message:
        /expected float64\[2,2\], 2 rows, one for each component of y0, and 2 columns, .*, got float64\[2\]; for a diagonal matrix return DiagonalLinearOperator\(…\)$/u,
    },
    {
      name: "another structure than the state",
      call: () =>
        ends(
          ControlTerm(() => ({ a: [1, 2] }), path),
          { a: 1, b: 2 },
        ),
      message:
        /^ControlTerm: vector field: result: expected \{ a, b \} as in y0, got an object with the keys a$/u,
    },
    {
      name: "a control of another structure than the state",
      call: () =>
        ends(
          ControlTerm(() => ({ a: 1, b: 1 }), LinearInterpolation([0, 1], { a: [0, 1] })),
          { a: 1, b: 2 },
        ),
      message:
        /^ControlTerm: control: expected one tensor, or the structure of y0, got an object with the keys a$/u,
    },
    {
      name: "a number as a control",
      call: () => ControlTerm(() => 1, 3 as never),
      message:
        /^ControlTerm: control must be a path such as .*, or a function \(t0, t1\) => x\(t1\) - x\(t0\), got 3$/u,
    },
    {
      name: "a vector field that is none",
      call: () => ControlTerm(3 as never, path),
      message:
        /^ControlTerm: the vector field must be a function \(t, y, args\) => matrix, got 3$/u,
    },
    {
      name: "a first step to be chosen",
      call: () =>
        ends(ControlTerm(matrix, path), [0, 0], {
          dt0: null,
          stepsizeController: PIDController({ rtol: 1e-3, atol: 1e-3 }),
        }),
      message:
        /^diffeqsolve: dt0: null chooses a first step for ordinary differential equations, and one of the terms is of the kind ControlTerm;/u,
    },
  ];
  test.each(cases)("$name", ({ call, message }) => {
    expect(call).toThrow(message);
  });
});
