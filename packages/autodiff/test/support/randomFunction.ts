import {
  checkpoint,
  cond,
  customJvp,
  customVjp,
  grad,
  jit,
  jvp,
  linearize,
  noinline,
  scan,
  type ScanOptions,
  vjp,
  vmap,
  whileLoop,
  type WhileOptions,
} from "@diffrax-ts/autodiff";
import {
  add,
  apply,
  greater,
  less,
  mul,
  scalarTensor,
  sin,
  sub,
  tanh,
  tensorOf,
} from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import type { Draw } from "./Draw.ts";

/** What the reverse mode of a loop is told, or left to find out. */
function loopOptions(draw: Draw, most: number): WhileOptions & ScanOptions {
  const checkpoints = draw.int(0, 3);
  return {
    ...(draw.once(2) ? { maxSteps: most } : {}),
    ...(checkpoints > 0 ? { checkpoints } : {}),
  };
}

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
  switch (depth > 0 ? draw.int(0, 16) : draw.int(0, 1)) {
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
      const { maxSteps: _, ...options } = loopOptions(draw, length);
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
        const result = scan(step, x, rows, { ...options, reverse });
        return add(
          mul(result.carry, 0.5),
          mul(apply("reduceSum", [result.rows], { axes: [0] })[0]!, 0.25),
        );
      };
    }
    case 5: {
      const [f, turns, options] = [inner(), draw.int(0, 3), loopOptions(draw, 4)];
      return (x) => {
        const next = ({ y, turn }: { y: Tensor; turn: Scalar }) => ({
          y: sub(f(y), mul(x, 0.25)),
          turn: add(turn, 1) as Scalar,
        });
        return whileLoop(
          ({ turn }) => less(turn, turns),
          next,
          { y: x, turn: scalarTensor("float64", 0) },
          options,
        ).y;
      };
    }
    case 6: {
      const [f, g, threshold] = [inner(), inner(), draw.pick([-1000, 1000])];
      return (x) =>
        cond(
          greater(sum(x), threshold),
          (y) => f(y),
          (y) => g(y),
          x,
        );
    }
    case 7: {
      const [a, turns, options] = [draw.int(1, 3) / 2, draw.int(1, 3), loopOptions(draw, 50)];
      // Every element takes its own number of turns.
      const element = (x: Scalar, i: Scalar): Tensor => {
        const next = ({ y, turn }: { y: Scalar; turn: Scalar }) => ({
          y: sin(mul(y, a)) as Scalar,
          turn: add(turn, 1) as Scalar,
        });
        return whileLoop(
          ({ turn }) => less(turn, add(mul(i, 0.5), turns)),
          next,
          { y: x, turn: scalarTensor("float64", 0) },
          options,
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
    case 11:
      return checkpoint(inner()) as VectorFunction;
    case 12: {
      const [f, v] = [inner(), vector()];
      return (x) => mul(jvp(f, [x], [v]).tangent, 0.25);
    }
    case 13: {
      const [f, v] = [inner(), vector()];
      return (x) => {
        const { value, jvp: push } = linearize(f, x);
        return add(value, mul(push(mul(value, v)), 0.25));
      };
    }
    case 14: {
      const f = inner();
      return customJvp(f, ([x], [dx]) => jvp(f, [x], [dx])) as VectorFunction;
    }
    case 15: {
      const f = inner();
      return customVjp(f, {
        forward: (x) => ({ value: f(x), residuals: x }),
        backward: (x, g) => [vjp(f, x).vjp(g)[0]],
      }) as VectorFunction;
    }
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
