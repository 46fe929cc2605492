import {
  add,
  apply,
  arrayType,
  type ArrayValue,
  greater,
  less,
  mul,
  type Program,
  scalarTensor,
  sub,
  traceProgram,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { describe, test } from "vitest";
import { checkAgreement } from "./support/agree.ts";

// More scalars than a function has locals for (2000), or parameters (1000).
const count = 3000;
const types = Array.from({ length: count }, () => arrayType("float64", []));
const inputs = types.map((_, i): ArrayValue => ({
  dtype: "float64",
  shape: [],
  data: Float64Array.of(Math.sin(i)),
}));

/** Every element from its neighbours, twice: all are needed at once. */
function stir(x: readonly Tensor[]): Tensor[] {
  const turn = (y: readonly Tensor[]): Tensor[] =>
    y.map((_, i) => sub(y[(i + 1) % count]!, mul(y[(i + 7) % count]!, 0.5)));
  return turn(turn(x));
}

test("a chain of so many operations that each is read by the next alone", () => {
  const chain = traceProgram([arrayType("float64", [])], (x) => {
    let y = x;
    for (let i = 0; i < 20_000; i++) y = add(mul(y, x), i % 7);
    return [y];
  }).program;
  checkAgreement(chain, [inputs[1]!]);
});

const program = (): Program => traceProgram(types, (...x) => stir(x)).program;

const check = (f: (...x: Tensor[]) => readonly Tensor[]): void =>
  checkAgreement(traceProgram(types, f).program, inputs);

describe(`${count} scalars at once`, () => {
  test("in a block", () => check((...x) => stir(x)));

  test("carried by a loop", () =>
    check((...x) => {
      const body = traceProgram([...types, arrayType("int32", [])], (...all) => [
        ...stir(all.slice(0, -1)),
        add(all.at(-1)!, 1),
      ]);
      const cond = traceProgram([...types, arrayType("int32", [])], (...all) => [
        less(all.at(-1)!, 3),
      ]);
      const outputs = apply("loop", [...x, scalarTensor("int32", 0)], {
        body: body.program,
        cond: cond.program,
        length: null,
        numConsts: 0,
        numCarry: count + 1,
        reverse: false,
        parallel: false,
        bound: null,
        host: false,
      });
      return outputs.slice(0, count);
    }));

  test("into and out of a function", () =>
    check((...x) => {
      const call = { program: program(), name: "stir", inline: false };
      return apply("call", apply("call", x, call), call);
    }));

  test("out of a branch", () =>
    check((...x) => {
      const branches = [program(), traceProgram(types, (...y) => y.toReversed()).program];
      return apply(
        "cond",
        [greater(x[1]!, 0), ...apply("cond", [less(x[1]!, 0), ...x], { branches })],
        {
          branches,
        },
      );
    }));
});
