// An engine whose SIMD has no fused multiply-add.
import { CompiledProgram, fused, hasFma } from "@diffrax-ts/compiler";
import { add, arrayType, mul, traceProgram } from "@diffrax-ts/program";
import { expect, test, vi } from "vitest";

test("runs what it always runs where fused sums are asked for", () => {
  const { validate } = WebAssembly;
  const asked = vi.spyOn(WebAssembly, "validate");
  // The module that is asked about is that with f64x2.relaxed_madd.
  asked.mockImplementation((bytes) => {
    const isRelaxed = Buffer.from(bytes as Uint8Array).includes(Buffer.from([0xfd, 0x87, 2]));
    return !isRelaxed && validate(bytes);
  });
  expect(hasFma()).toBe(false);
  const { program } = traceProgram([arrayType("float64", [40])], (x) => [add(mul(x, x), x)]);
  const [plain, withOption] = [
    new CompiledProgram(program),
    new CompiledProgram(program, undefined, fused),
  ];
  expect(withOption.parts[0]).toEqual(plain.parts[0]);
  // It was asked once.
  const count = asked.mock.calls.length;
  hasFma();
  expect(asked.mock.calls.length).toBe(count);
});
