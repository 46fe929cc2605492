import { expect, test } from "vitest";

test("a page whose policy allows 'wasm-unsafe-eval' and no more instantiates a module made from bytes", () => {
  // prettier-ignore
  const bytes = new Uint8Array([
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, //       magic, version
    0x01, 0x06, 0x01, 0x60, 0x01, 0x7c, 0x01, 0x7c, //       type 0: f64 -> f64
    0x03, 0x02, 0x01, 0x00, //                               function 0 has type 0
    0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00, //             exported as "f"
    0x0a, 0x09, 0x01, 0x07, 0x00, //                         its body, no locals:
    0x20, 0x00, 0x20, 0x00, 0xa2, 0x0b, //                   x * x
  ]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  expect((exports["f"] as (x: number) => number)(1.5)).toBe(2.25);
});
