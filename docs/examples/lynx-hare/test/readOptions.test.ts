import { expect, test } from "vitest";
import { InputError } from "../../shared/InputError.ts";
import { readOptions } from "../readOptions.ts";

test("readOptions takes a file, rates, a start and a place for the picture", () => {
  expect(readOptions([])).toEqual({ help: false, fit: true, rates: {} });
  expect(readOptions(["--help"]).help).toBe(true);
  expect(readOptions(["--no-fit"]).fit).toBe(false);
  const args = "a.csv --alpha 0.5 --delta=2e-2 --start 30,4.5 --svg b.svg".split(" ");
  expect(readOptions(args)).toEqual({
    help: false,
    fit: true,
    file: "a.csv",
    rates: { alpha: 0.5, delta: 0.02 },
    start: [30, 4.5],
    svg: "b.svg",
  });
});

test.each([
  [["--alpha", "x"], '--alpha: expected a number above 0, got "x"'],
  [["--alpha="], '--alpha: expected a number above 0, got ""'],
  [["--beta", "0"], '--beta: expected a number above 0, got "0"'],
  [["--gamma=-1"], '--gamma: expected a number above 0, got "-1"'],
  [["--delta", "Infinity"], '--delta: expected a number above 0, got "Infinity"'],
  [["--start", "30"], '--start: expected two numbers such as 33.9,5.9, got "30"'],
  [["--start", "30,4,5"], '--start: expected two numbers such as 33.9,5.9, got "30,4,5"'],
  [["--start", "30,"], '--start: expected a number above 0, got ""'],
  [["--alfa", "1"], "Unknown option '--alfa'"],
  [["--svg"], "--svg"],
  [["--no-fit=1"], "--no-fit"],
  [["a.csv", "b.csv"], "expected one file, got a.csv and b.csv"],
])("readOptions(%j) throws: %s", (args, message) => {
  expect(() => readOptions(args)).toThrow(InputError);
  expect(() => readOptions(args)).toThrow(message);
});
