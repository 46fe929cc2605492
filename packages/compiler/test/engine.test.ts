// Engines without SIMD, without WebAssembly, and pages that forbid it.
import { CompiledProgram } from "@diffrax-ts/compiler";
import { arrayType, mul, sin, traceProgram } from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { afterEach, describe, expect, test, vi } from "vitest";
import { FunctionEmitter } from "../src/emit/FunctionEmitter.ts";
import { v128 } from "../src/wasm/valueTypes.ts";
import { checkPrograms } from "./support/checkPrograms.ts";
import { randomProgram } from "./support/randomProgram.ts";

const { validate } = WebAssembly;
/** What the engine was asked, once in all of this file, to learn whether it has SIMD. */
let asked: BufferSource | undefined;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Another module for each exponent. */
const power = (n: number): void => {
  const product = (x: Tensor): Tensor => Array<Tensor>(n).fill(x).reduce(mul);
  const { program } = traceProgram([arrayType("float64", [])], (x) => [product(x)]);
  new CompiledProgram(program).call([3]);
};

test("an engine without SIMD gets loops from element to element, and the same bits", () => {
  const questions = vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  const instructions = vi.spyOn(FunctionEmitter.prototype, "op");
  const accesses = vi.spyOn(FunctionEmitter.prototype, "memory");
  const locals = vi.spyOn(FunctionEmitter.prototype, "newLocal");
  const { program } = traceProgram([arrayType("float64", [100])], (x) => [sin(x)]);
  const x = Float64Array.from({ length: 100 }, (_, i) => i / 7);
  const [result] = new CompiledProgram(program).call([x]);
  for (const [i, y] of result!.data.entries()) expect(y).toBeCloseTo(Math.sin(x[i]!), 14);
  checkPrograms(60, randomProgram);

  expect(questions).toHaveBeenCalledTimes(1);
  asked = questions.mock.lastCall![0];
  // Of the instructions those with vectors have the prefix 0xfd.
  const isVector = ([code]: readonly [number, ...unknown[]]): boolean => code >>> 8 === 0xfd;
  expect(instructions.mock.calls.length).toBeGreaterThan(1000);
  expect([...instructions.mock.calls, ...accesses.mock.calls].filter(isVector)).toEqual([]);
  expect(locals.mock.calls.filter(([type]) => type === v128)).toEqual([]);
});

test("an engine with SIMD finds the module right that it is asked about", () => {
  expect(validate(asked!)).toBe(true);
});

describe("where the policy of a page forbids WebAssembly, the error names 'wasm-unsafe-eval':", () => {
  test.each([
    [
      "Chromium, at the module",
      "Module",
      new WebAssembly.CompileError(
        "WebAssembly.Module(): Compiling or instantiating WebAssembly module violates the following Content Security policy directive because neither 'wasm-eval' nor 'unsafe-eval' is an allowed source of script",
      ),
    ],
    [
      "Firefox, at the module",
      "Module",
      new WebAssembly.CompileError("call to WebAssembly.Module() blocked by CSP"),
    ],
    [
      "WebKit, at the instance",
      "Instance",
      new EvalError(
        "Refused to create a WebAssembly object because 'unsafe-eval' or 'wasm-unsafe-eval' is not an allowed source of script",
      ),
    ],
  ])("%s", (_, name, error) => {
    vi.spyOn(WebAssembly, name as "Module").mockImplementation(function () {
      throw error;
    });
    expect(() => power(error.message.length)).toThrow(
      "diffrax-ts: the content security policy of this page forbids WebAssembly, to which equations are compiled; allow it with 'wasm-unsafe-eval' in script-src",
    );
  });

  test("and what else goes wrong there is thrown as it is", () => {
    vi.spyOn(WebAssembly, "Module").mockImplementation(function () {
      throw new RangeError("out of memory");
    });
    expect(() => power(40)).toThrow(new RangeError("out of memory"));
  });
});

test("without WebAssembly the error says what there is not", () => {
  vi.stubGlobal("WebAssembly", undefined);
  expect(() => power(41)).toThrow("there is no WebAssembly in this engine");
});
