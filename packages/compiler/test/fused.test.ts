// Sums with products in them that are rounded once, where the engine can do that.
import { CompiledProgram, fused, hasFma, unfused } from "@diffrax-ts/compiler";
import {
  add,
  apply,
  arrayType,
  mul,
  neg,
  type Program,
  sub,
  traceProgram,
} from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

const length = 40;
const dtypes = ["float64", "float32"] as const;

function programOf(dtype: DType, f: (a: Tensor, b: Tensor, c: Tensor) => Tensor): Program {
  const type = arrayType(dtype, [length]);
  return traceProgram([type, type, type], (a, b, c) => [f(a, b, c)]).program;
}

const codeOf = (compiled: CompiledProgram): Buffer => {
  const [bytes] = compiled.parts;
  return Buffer.from(bytes!.buffer, bytes!.byteOffset, bytes!.byteLength);
};

/** `f64x2.relaxed_madd`, `f64x2.relaxed_nmadd`, and those of float32. */
const relaxed = [0x07, 0x08, 0x05, 0x06].map((code) => Buffer.from([0xfd, 0x80 | code, 2]));
const numRelaxed = (compiled: CompiledProgram): number[] =>
  relaxed.map(
    (bytes) => codeOf(compiled).toString("latin1").split(bytes.toString("latin1")).length - 1,
  );

const forms: Record<string, (a: Tensor, b: Tensor, c: Tensor) => Tensor> = {
  "a b + c": (a, b, c) => add(mul(a, b), c),
  "c + a b": (a, b, c) => add(c, mul(a, b)),
  "c - a b": (a, b, c) => sub(c, mul(a, b)),
};

describe.runIf(hasFma())("an engine with relaxed SIMD", () => {
  test.each(dtypes)("writes what holds a product as one instruction, in %s", (dtype) => {
    for (const [name, form] of Object.entries(forms)) {
      const used = numRelaxed(new CompiledProgram(programOf(dtype, form), undefined, fused));
      const wanted = (dtype === "float64" ? 0 : 2) + (name === "c - a b" ? 1 : 0);
      expect([name, used.findIndex((n) => n > 0)]).toEqual([name, wanted]);
    }
  });

  test("writes a product of matrices so", () => {
    const { program } = traceProgram(
      [arrayType("float64", [12, 20]), arrayType("float64", [20, 12])],
      (a, b) => apply("dotGeneral", [a, b], { contract: [[1], [0]], batch: [[], []] }),
    );
    expect(numRelaxed(new CompiledProgram(program))).toEqual([0, 0, 0, 0]);
    expect(numRelaxed(new CompiledProgram(program, undefined, fused))[0]).toBeGreaterThan(0);
  });

  test("leaves a product that is read twice, and what is subtracted from one", () => {
    const twice = (a: Tensor, b: Tensor, c: Tensor): Tensor => {
      const product = mul(a, b);
      return sub(add(product, c), neg(product));
    };
    for (const form of [twice, (a: Tensor, b: Tensor, c: Tensor) => sub(mul(a, b), c)]) {
      const used = numRelaxed(new CompiledProgram(programOf("float64", form), undefined, fused));
      expect(used).toEqual([0, 0, 0, 0]);
    }
  });
});

test.each(dtypes)("a sum is rounded once or twice, and nothing else, in %s", (dtype) => {
  // a b is 1 - x² with one bit more than there are.
  const x = dtype === "float64" ? 2 ** -30 : 2 ** -13;
  const [a, b, c] = [1 + x, 1 - x, -1].map((value) => new Float64Array(length).fill(value));
  const program = programOf(dtype, forms["a b + c"]!);
  const [plain] = new CompiledProgram(program).call([a!, b!, c!]);
  expect([...plain!.data]).toEqual(Array(length).fill(0));
  const [result] = new CompiledProgram(program, undefined, fused).call([a!, b!, c!]);
  for (const sum of result!.data) expect([0, -x * x]).toContain(sum);
});

test("what is not asked for is not done: code without the option, and with `false`, has the same bytes", () => {
  for (const dtype of dtypes) {
    for (const form of Object.values(forms)) {
      const plain = new CompiledProgram(programOf(dtype, form));
      expect(numRelaxed(plain)).toEqual([0, 0, 0, 0]);
      const refused = new CompiledProgram(programOf(dtype, form), undefined, unfused);
      expect(codeOf(refused).equals(codeOf(plain))).toBe(true);
    }
  }
});
