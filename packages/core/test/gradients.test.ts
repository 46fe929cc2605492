import {
  Dopri5,
  Euler,
  grad,
  Heun,
  jvp,
  np,
  PIDController,
  type Scalar,
  type Tensor,
  Tsit5,
  vmap,
} from "@diffrax-ts/core";
import { hessian, jacfwd, jacrev } from "@diffrax-ts/autodiff";
import { describe, expect, test } from "vitest";
import { solveParts } from "./support/solveParts.ts";

interface Options {
  readonly maxSteps?: number | null;
  readonly ts?: boolean;
}

/** Lorenz at the end, or at some times, as a function of its parameters. */
function lorenz(p: Tensor, { maxSteps = 4096, ts = false }: Options = {}): Tensor {
  const field = (
    _t: number,
    [x, y, z]: readonly [number, number, number],
    [sigma, rho, beta]: readonly [number, number, number],
  ): [number, number, number] => [sigma * (y - x), x * (rho - z) - y, x * y - beta * z];
  const { ys } = solveParts<readonly Tensor[]>(field, Tsit5(), {
    t0: 0,
    t1: 0.5,
    dt0: null,
    y0: [1, 1, 1],
    args: [0, 1, 2].map((i) => p.at(i)),
    maxSteps,
    stepsizeController: PIDController({ rtol: 1e-7, atol: 1e-9 }),
    ...(ts ? { saveat: { ts: np.linspace(0, 0.5, 6) } } : {}),
  });
  return np.stack(ys.map((row) => np.sum(np.sin(row))));
}

const at = Float64Array.of(10, 28, 8 / 3);
const numbers = (x: unknown): number[] => [...np.ravel(x as Tensor)];
const total = (options?: Options) => (p: Tensor) => np.sum(lorenz(p, options));

describe("the gradient of a solve", () => {
  test.each([false, true])("with maxSteps: null is that with a number of them (ts: %s)", (ts) => {
    const known = numbers(grad(total({ ts }))(at));
    expect(numbers(grad(total({ maxSteps: null, ts }))(at))).toEqual(known);
    expect(numbers(grad(total({ maxSteps: 1e9, ts }))(at))).toEqual(known);
  });

  test("has derivatives that are the same in every order, with and without a limit", () => {
    for (const maxSteps of [200, null]) {
      const loss = total({ maxSteps, ts: true });
      const v = Float64Array.of(0.5, -1, 2);
      const gradient = (p: Tensor): Tensor => grad(loss)(p);
      const along = (p: Tensor): Scalar => jvp(loss, [p], [v]).tangent;
      const forwardOverReverse = numbers(jvp(gradient, [at], [v]).tangent);
      const close = forwardOverReverse.map((x) => expect.closeTo(x, 9) as number);
      expect(numbers(grad(along)(at))).toEqual(close);
      const product = (p: Tensor): Scalar => np.sum(np.mul(gradient(p), v));
      expect(numbers(grad(product)(at))).toEqual(close);
      const h = numbers(hessian(loss)(at));
      expect(
        [0, 1, 2].map((i) => [0, 1, 2].reduce((sum, j) => sum + h[3 * i + j]! * v[j]!, 0)),
      ).toEqual(close);
    }
  });

  test("has a Jacobian, the same both ways", () => {
    const f = (p: Tensor): Tensor => lorenz(p, { maxSteps: null });
    const [forward, reverse] = [numbers(jacfwd(f)(at)), numbers(jacrev(f)(at))];
    expect(forward).toEqual(reverse.map((x) => expect.closeTo(x, 11) as number));
  });

  test("of a batch is the gradients of the batch", () => {
    const rows = Float64Array.of(...at, 9, 27, 2.5);
    const batch = vmap((p: Tensor) => grad(total({ maxSteps: null }))(p))(np.reshape(rows, [2, 3]));
    const alone = [rows.slice(0, 3), rows.slice(3)].flatMap((p) => numbers(grad(total())(p)));
    expect(numbers(batch)).toEqual(alone);
  });
});

describe("the gradient of solution.derivative(t) of a dense solve with respect to y0", () => {
  type Field = (t: number, y: number) => number;
  const slopeAt =
    (field: Field, solver: unknown, t: number, options: object = {}) =>
    (y0: Scalar) =>
      solveParts<unknown, Scalar>(field, solver, {
        t0: 0,
        t1: 2,
        dt0: 0.1,
        y0,
        maxSteps: 256,
        saveat: { dense: true },
        ...options,
      }).derivative(t);
  const times = [0.05, 1, 1.1, 1.95, 2];

  // With constant steps all that is computed is linear in y0, so it is derivative(t) / y0 but for roundings. The slope of an
  // interpolant is a difference of numbers up to 32 |y|, over dt = 0.1: a dozen roundings of 320 |y|, where |y'| is |y|.
  test.each([
    ["Euler()", Euler()],
    ["Heun()", Heun()],
    ["Tsit5()", Tsit5()],
    ["Dopri5()", Dopri5()],
  ])("of a linear equation is derivative(t) / y0: %s", (_, solver) => {
    for (const t of times) {
      const f = slopeAt((_t, y) => -y, solver, t);
      const wanted = f(1.5 as never).item() / 1.5;
      const slope = grad(f)(1.5);
      expect(Math.abs(slope / wanted - 1)).toBeLessThan(12 * 320 * 2 ** -52);
    }
  });

  test("of y' = -y² is what the solution's formula says", () => {
    // y = y0 / (1 + y0 t), so y' = -y0² / (1 + y0 t)², and ∂y'/∂y0 = -2 y0 / (1 + y0 t)³. The slope of an interpolant of degree 4
    // is off by no more than a Taylor polynomial's, y⁽⁵⁾ h⁴ / 4!, where y⁽⁵⁾ is -5! y0⁶ at most: by 6! y0⁵ h⁴ / 4! if differentiated.
    const dt0 = 1 / 128;
    const bound = 30 * 1.5 ** 5 * dt0 ** 4;
    for (const t of times) {
      const wanted = (-2 * 1.5) / (1 + 1.5 * t) ** 3;
      const f = slopeAt((_t, y) => -y * y, Tsit5(), t, { dt0, maxSteps: 256 });
      expect(Math.abs(grad(f)(1.5) - wanted)).toBeLessThan(bound);
    }
  });
});

describe("where the last step leads exactly to t1", () => {
  // One step of y' = -y multiplies by R(-h), with R = 1 + z of Euler's and 1 + z + z²/2 of Heun's. All numbers are exact in binary.
  interface Step {
    readonly name: string;
    readonly solver: ReturnType<typeof Euler>;
    readonly factor: (z: number) => number;
    readonly slope: (z: number) => number;
  }
  const steps: readonly Step[] = [
    { name: "Euler()", solver: Euler(), factor: (z) => 1 + z, slope: () => 1 },
    {
      name: "Heun()",
      solver: Heun() as never,
      factor: (z) => 1 + z + (z * z) / 2,
      slope: (z) => 1 + z,
    },
  ];
  const end = (solver: unknown, times: object): Scalar =>
    solveParts<Tensor<readonly [number]>>((_t: number, y: number) => -y, solver, {
      t0: 0,
      y0: 1,
      ...times,
    }).ys.at(0);

  const gradient = (f: (x: Scalar) => Scalar, x: number): number => grad(f)(x) + 0; // no -0

  describe.each(steps)("$name", ({ solver, factor, slope }) => {
    test.each([0.25, 0.5, 1])(
      "in one step of %d, t1 decides on its length, and dt0 on nothing",
      (h) => {
        expect(end(solver, { t1: h, dt0: h }).item()).toBe(factor(-h));
        expect(gradient((t1) => end(solver, { t1, dt0: h }), h)).toBe(0 - slope(-h));
        expect(gradient((dt0) => end(solver, { t1: h, dt0 }), h)).toBe(0);
      },
    );

    test("in one step, with a dt0 that is longer, the same", () => {
      expect(gradient((t1) => end(solver, { t1, dt0: 4 }), 0.5)).toBe(0 - slope(-0.5));
      expect(gradient((dt0) => end(solver, { t1: 0.5, dt0 }), 4)).toBe(0);
    });

    test("in two steps, t1 decides on the length of the second", () => {
      const wanted = -factor(-0.25) * slope(-0.25);
      expect(gradient((t1) => end(solver, { t1, dt0: 0.25 }), 0.5)).toBe(wanted);
    });

    test("backward in time, the same", () => {
      expect(gradient((t1) => end(solver, { t0: 1, t1, dt0: -0.5 }), 0.5)).toBe(-slope(0.5));
      expect(gradient((dt0) => end(solver, { t0: 1, t1: 0.5, dt0 }), -0.5)).toBe(0);
    });
  });
});
