import {
  apply,
  type ArrayValue,
  type Program,
  tensorOf,
  Trace,
  traceContext,
  type Variable,
  withTrace,
} from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import type { Draw } from "./Draw.ts";
import { typeOfValue } from "./Draw.ts";

/** A program in the making, and the inputs to run it on. */
export class Builder {
  readonly draw: Draw;
  readonly #trace = new Trace(null);
  readonly #inputs: Variable[] = [];
  readonly #values: ArrayValue[] = [];

  constructor(draw: Draw) {
    this.draw = draw;
  }

  /** A new input with this value. */
  input(value: ArrayValue): Tensor {
    const input = this.#trace.input(typeOfValue(value));
    this.#inputs.push(input);
    this.#values.push(value);
    return input;
  }

  /** Records what `body` does. */
  run<T>(body: () => T): T {
    return withTrace(this.#trace, body);
  }

  finish(outputs: readonly Tensor[]): {
    readonly program: Program;
    readonly inputs: readonly ArrayValue[];
  } {
    const { program } = this.run(() => this.#trace.finish(this.#inputs, outputs));
    return { program, inputs: this.#values };
  }

  /**
   * A tensor with these dtype and shape: an input, a constant, something computed, or a view of one of them.
   * It has to be called within `run`.
   */
  operand(
    dtype: DType,
    shape: readonly number[],
    make: (shape: readonly number[]) => ArrayValue = (s) => this.draw.array(dtype, s),
  ): Tensor {
    const { draw } = this;
    if (traceContext().current !== this.#trace) throw new Error("operand: call it within run");
    const inner = (wanted: readonly number[]): Tensor => this.operand(dtype, wanted, make);
    switch (draw.int(0, 11)) {
      default:
        return this.input(make(shape));
      case 5:
        return tensorOf(make(shape));
      case 6: {
        const axes = draw.axes(shape.length);
        return apply("reverse", [inner(shape)], { axes })[0]!;
      }
      case 7: {
        const permutation = shuffled(draw, [...shape.keys()]);
        const from: number[] = [];
        for (const [axis, n] of shape.entries()) from[permutation[axis]!] = n;
        return apply("transpose", [inner(from)], { permutation })[0]!;
      }
      case 8: {
        const step = shape.map(() => draw.int(1, 3));
        const start = shape.map(() => draw.int(0, 2));
        const limit = shape.map(
          (n, axis) =>
            start[axis]! + (n === 0 ? 0 : (n - 1) * step[axis]! + draw.int(1, step[axis]!)),
        );
        return apply("slice", [inner(limit.map((n) => n + draw.int(0, 1)))], {
          start,
          limit,
          step,
        })[0]!;
      }
      case 9: {
        const kept = draw.axes(shape.length);
        const from = kept.map((axis) => (draw.once(3) ? 1 : shape[axis]!));
        return apply("broadcast", [inner(from)], { shape, axes: kept })[0]!;
      }
      case 10: {
        if (shape.length === 0) return inner(shape);
        const larger = shape.map((n) => n + draw.int(0, 2));
        const start = shape.map((n) => this.input(draw.indices("int32", [], n)));
        return apply("dynamicSlice", [inner(larger), ...start], { sizes: shape })[0]!;
      }
      case 11: {
        if (shape.length === 0 || shape.includes(0)) return inner(shape);
        const axis = draw.int(0, shape.length - 1);
        const first = draw.int(0, shape[axis]!);
        const pieces = [first, shape[axis]! - first].map((n) =>
          this.input(make(shape.with(axis, n))),
        );
        return apply("concatenate", pieces, { axis })[0]!;
      }
      case 4: {
        const flat = shape.reduce((size, n) => size * n, 1);
        const from = draw.pick([[flat], [1, flat], [flat, 1], [1, 1, flat]]);
        return apply("reshape", [inner(from)], { shape })[0]!;
      }
      case 3: {
        // The second, by way of new memory.
        const start = shape.map(() => this.input(draw.indices("int32", [], 0)));
        return apply("dynamicUpdateSlice", [inner(shape), inner(shape), ...start], {})[0]!;
      }
    }
  }
}

function shuffled<T>(draw: Draw, list: readonly T[]): T[] {
  const rest = [...list];
  return list.map(() => rest.splice(draw.int(0, rest.length - 1), 1)[0]!);
}
