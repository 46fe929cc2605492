import { cond, grad, jit, noinline, scan, vmap, whileLoop } from "@diffrax-ts/autodiff";
import {
  add,
  apply,
  gt,
  lt,
  mul,
  scalarTensor,
  sin,
  sub,
  tanh,
  tensorOf,
} from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { Draw } from "./Draw.ts";

/** A smooth function of vectors of one length, with values of size 1. */
export type VectorFunction = (x: Tensor) => Tensor;

export function sum(x: Tensor): Scalar {
  return apply("reduceSum", [x], { axes: [...x.shape.keys()] })[0] as Scalar;
}

/** A random function of vectors of length `n`: control flow, batches and derivatives inside one another. */
export function randomFunction(draw: Draw, n: number, depth: number): VectorFunction {
  const inner = (): VectorFunction => randomFunction(draw, n, depth - 1);
  const vector = (): Tensor =>
    tensorOf({ dtype: "float64", shape: [n], data: draw.floats([n], [0.2, 1], true) });
  switch (depth > 0 ? draw.int(0, 11) : draw.int(0, 1)) {
    case 0: {
      const [a, b] = [vector(), vector()];
      return (x) => tanh(add(mul(x, a), b));
    }
    case 1: {
      const a = vector();
      return (x) => mul(sin(x), sub(mul(apply("reverse", [x], { axes: [0] })[0]!, a), 0.5));
    }
    case 2: {
      const [f, g] = [inner(), inner()];
      return (x) => sub(mul(f(x), g(x)), mul(x, 0.25));
    }
    case 3: {
      const [f, g] = [inner(), inner()];
      return (x) => f(g(x));
    }
    case 4: {
      // Rows in and out, and a value from outside.
      const [f, g, length, reverse] = [inner(), inner(), draw.int(1, 3), draw.once(2)];
      const rows = tensorOf({
        dtype: "float64",
        shape: [length, n],
        data: draw.floats([length, n], [0.2, 1], true),
      });
      return (x) => {
        const step = (carry: Tensor, row: Tensor) => ({
          carry: f(add(mul(carry, 0.5), mul(row, x))),
          row: g(carry),
        });
        const result = scan(step, x, rows, { reverse });
        return add(
          mul(result.carry, 0.5),
          mul(apply("reduceSum", [result.rows], { axes: [0] })[0]!, 0.25),
        );
      };
    }
    case 5: {
      const [f, turns] = [inner(), draw.int(0, 3)];
      return (x) => {
        const next = ({ y, turn }: { y: Tensor; turn: Scalar }) => ({
          y: sub(f(y), mul(x, 0.25)),
          turn: add(turn, 1) as Scalar,
        });
        return whileLoop(
          ({ turn }) => lt(turn, turns),
          next,
          { y: x, turn: scalarTensor("float64", 0) },
          { maxSteps: 4 },
        ).y;
      };
    }
    case 6: {
      const [f, g, threshold] = [inner(), inner(), draw.pick([-1000, 1000])];
      return (x) =>
        cond(
          gt(sum(x), threshold),
          (y) => f(y),
          (y) => g(y),
          x,
        );
    }
    case 7: {
      const [a, turns] = [draw.int(1, 3) / 2, draw.int(1, 3)];
      // Every element takes its own number of turns.
      const element = (x: Scalar, i: Scalar): Tensor => {
        const next = ({ y, turn }: { y: Scalar; turn: Scalar }) => ({
          y: sin(mul(y, a)) as Scalar,
          turn: add(turn, 1) as Scalar,
        });
        return whileLoop(
          ({ turn }) => lt(turn, add(mul(i, 0.5), turns)),
          next,
          { y: x, turn: scalarTensor("float64", 0) },
          { maxSteps: 50 },
        ).y;
      };
      const places = tensorOf({
        dtype: "float64",
        shape: [n],
        data: Float64Array.from({ length: n }, (_, i) => i % 4),
      });
      return (x) => vmap(element)(x, places);
    }
    case 8: {
      const f = inner();
      const loss = (y: Tensor): Tensor => sum(mul(f(y), f(y)));
      return (x) => mul(grad(loss)(x as never) as Tensor, 0.25);
    }
    case 9:
      return jit(inner()) as VectorFunction;
    case 10:
      return jit(noinline(inner())) as VectorFunction;
    default: {
      const f = inner();
      const rows = vector();
      // A batch of shifted arguments.
      return (x) => {
        const shifts = tensorOf({ dtype: "float64", shape: [2], data: Float64Array.of(0, 0.5) });
        const batch = vmap((shift: Scalar) =>
          f(add(x, mul(rows, apply("broadcast", [shift], { shape: [n], axes: [] })[0]!))),
        )(shifts);
        return mul(apply("reduceSum", [batch], { axes: [0] })[0]!, 0.5);
      };
    }
  }
}
