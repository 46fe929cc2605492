import { checkOptions, part } from "@diffrax-ts/pytree";
import { describe, expect, test } from "vitest";

interface Options {
  readonly axis?: number;
  readonly keepdims?: boolean;
}

const check = (options: unknown) => checkOptions("sum", options as Options, ["axis", "keepdims"]);

test("checkOptions gives the options that were given", () => {
  expect(check({ keepdims: true })).toEqual({ keepdims: true });
  expect(check({})).toEqual({});
  expect(check(Object.create(null))).toEqual({});
});

test("checkOptions reads each option once, and none that is inherited", () => {
  let reads = 0;
  const options = {
    get axis(): number {
      return reads++;
    },
  };
  const { axis, keepdims } = check(
    Object.assign(Object.create({ __proto__: null, keepdims: true }), {}),
  );
  expect([axis, keepdims]).toEqual([undefined, undefined]);
  const read = check(options);
  expect([read.axis, read.axis, reads]).toEqual([0, 0, 1]);
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
