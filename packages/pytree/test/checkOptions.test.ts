import { checkOptions, part } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

interface Options {
  readonly axis?: number;
  readonly keepdims?: boolean;
}

const check = (options: unknown) => checkOptions("sum", options as Options, ["axis", "keepdims"]);

test("checkOptions gives options back as they are", () => {
  const options = { keepdims: true };
  expect(check(options)).toBe(options);
  expect(check({})).toEqual({});
  expect(check(Object.create(null))).toEqual({});
});

describe("checkOptions refuses", () => {
  test.each([
    ["a name that there is not", { axes: 1 }, "there is no option axes, only axis, keepdims"],
    ["undefined", undefined, "expected options such as { axis: … }, got undefined"],
    ["null", null, "expected options such as { axis: … }, got null"],
    ["a number", 1, "expected options such as { axis: … }, got 1"],
    ["a list", [1], "expected options such as { axis: … }, got an array of 1"],
    [
      "a part",
      part("Sum", {}),
      "expected options such as { axis: … }, got a Sum with the keys kind",
    ],
  ])("%s", (_, options, message) => {
    expect(() => check(options)).toThrow(`sum: ${message}`);
  });
});
