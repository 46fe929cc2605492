import {
  diffeqsolve,
  grad,
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
  const { ys } = diffeqsolve(field as never, Tsit5(), {
    t0: 0,
    t1: 0.5,
    dt0: null,
    y0: [1, 1, 1],
    args: [0, 1, 2].map((i) => p.at(i)),
    maxSteps,
    stepsizeController: PIDController({ rtol: 1e-7, atol: 1e-9 }),
    ...(ts ? { saveat: { ts: np.linspace(0, 0.5, 6) } } : {}),
  } as never) as unknown as { readonly ys: readonly Tensor[] };
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
