// In a file of its own: an engine is asked once whether it has SIMD.
import { treeLoop, vmap } from "@diffrax-ts/autodiff";
import { add, less, mul } from "@diffrax-ts/program";
import type { Scalar, Tensor } from "@diffrax-ts/pytree";
import { expect, test, vi } from "vitest";

test("an engine without SIMD gets one element of a batch of loops after the other", () => {
  vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  const { Module } = WebAssembly;
  const masks: boolean[] = [];
  vi.spyOn(WebAssembly, "Module").mockImplementation(function (bytes: Uint8Array<ArrayBuffer>) {
    masks.push(bytes.some((byte, i) => byte === 0xfd && bytes[i + 1] === 0x53)); // v128.any_true
    return new Module(bytes);
  } as never);
  const doubled = (x: Scalar) =>
    treeLoop<Tensor>(
      "test",
      x,
      (y) => less(y, 100) as Tensor,
      (y) => add(mul(y, 2), 1),
      { bound: null },
    ) as Scalar;
  expect([...vmap(doubled)(Float64Array.of(1, 7, 120, 60, 3))]).toEqual([127, 127, 120, 121, 127]);
  expect(masks).toEqual([false]);
  vi.restoreAllMocks();
});
