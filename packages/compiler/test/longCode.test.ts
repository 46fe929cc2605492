import { CompiledProgram } from "@diffrax-ts/compiler";
import {
  add,
  apply,
  arrayType,
  type ArrayValue,
  evaluateProgram,
  less,
  mul,
  type Program,
  scalarTensor,
  sin,
  sub,
  tensorOf,
  traceProgram,
  type Type,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";
import { functionSizes } from "./support/functionSizes.ts";
import { difference } from "./support/sameBits.ts";

const number = arrayType("float64", []);

/** So many operations, each with a few readers far and near. */
function stir(length: number, x: readonly Tensor[]): Tensor[] {
  const values = [...x];
  for (let i = 0; i < length; i++) {
    const [a, b] = [values.at(-1)!, values[(i * 7919) % values.length]!];
    values.push(i % 3 === 0 ? mul(a, 0.5) : i % 3 === 1 ? add(a, b) : sub(b, mul(a, 0.25)));
  }
  return values.slice(-3);
}

/** Element by element, over shapes in turn. */
function kernels(count: number, x: Tensor): Tensor {
  let y = x;
  for (let i = 0; i < count; i++) {
    const shape = [17 + (i % 5)];
    const [total] = apply("reduceSum", [y], { axes: [0] });
    const [wide] = apply("broadcast", [total!], { shape, axes: [] });
    y = mul(sin(wide!), 0.9);
  }
  return y;
}

/** A number that a loop makes of another in two turns. */
function looped(body: (x: Tensor) => Tensor, x: Tensor): Tensor {
  const types: Type[] = [number, arrayType("int32", [])];
  const { program } = traceProgram(types, (y, turn) => [body(y), add(turn, 1)]);
  const cond = traceProgram(types, (_, turn) => [less(turn, 2)]);
  const outputs = apply("loop", [x, scalarTensor("int32", 0)], {
    body: program,
    cond: cond.program,
    length: null,
    numConsts: 0,
    numCarry: 2,
    reverse: false,
    parallel: false,
    bound: null,
    host: false,
  });
  return outputs[0]!;
}

const stirred = (x: Tensor): Tensor => stir(60_000, [x, mul(x, 0.3)]).reduce((a, b) => add(a, b));

const programs: Readonly<Record<string, () => Program>> = {
  "straight-line code": () => traceProgram([number], (x) => [stirred(x)]).program,
  "the body of a loop": () => traceProgram([number], (x) => [looped(stirred, x)]).program,
  "a branch": () => {
    const branches = [stirred, (x: Tensor): Tensor => mul(x, 2)].map(
      (branch) => traceProgram([number], (x) => [branch(x)]).program,
    );
    return traceProgram([number], (x) => apply("cond", [less(x, 0), x], { branches })).program;
  },
  "a function": () => {
    const { program } = traceProgram([number], (x) => [stirred(x)]);
    return traceProgram([number], (x) =>
      apply("call", apply("call", [x], { program, name: "f", inline: false }), {
        program,
        name: "f",
        inline: false,
      }),
    ).program;
  },
  "operations on arrays": () =>
    traceProgram([number], (x) => [
      kernels(1500, apply("broadcast", [x], { shape: [20], axes: [] })[0]!),
    ]).program,
  "a fused loop": () =>
    traceProgram([number], (x) => {
      const wide = apply("broadcast", [x], { shape: [20], axes: [] })[0]!;
      const ramp = add(wide, mul(tensorOf(iota(20)), 0.01));
      return stir(20_000, [ramp, mul(ramp, 0.3)]);
    }).program,
};

function iota(length: number): ArrayValue {
  return {
    dtype: "float64",
    shape: [length],
    data: Float64Array.from({ length }, (_, i) => i),
  };
}

describe.each(Object.entries(programs))("long code: %s", (_, make) => {
  const program = make();
  const compiled = new CompiledProgram(program);

  test("is cut into functions none of which is long", () => {
    // An operation takes some ten bytes, and a function is to have 16 000 at most; half of that again is for what is estimated.
    const [module] = compiled.parts as [Uint8Array];
    expect(Math.max(...functionSizes(module))).toBeLessThan(240_000);
  });

  test("gives the bits of the evaluator", () => {
    const x: ArrayValue = { dtype: "float64", shape: [], data: Float64Array.of(-0.7) };
    expect(difference(evaluateProgram(program, [x]), compiled.call([tensorOf(x)]))).toBeNull();
  });
});
