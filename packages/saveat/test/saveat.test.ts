import { SaveAt, type SaveAtOptions, subsOf } from "@diffrax-ts/saveat";
import { describe, expect, test } from "vitest";

describe("SaveAt(options) refuses, with the option and its value,", () => {
  const cases: readonly { name: string; options: unknown; message: RegExp }[] = [
    {
      name: "options misspelt",
      options: { t2: true },
      message: /^saveat: there is no option t2, only ts, t0, t1/u,
    },
    {
      name: "a list",
      options: [0, 1],
      message: /^saveat: expected options such as \{ ts: … \}, got an array of 2$/u,
    },
    {
      name: "nothing at all",
      options: undefined,
      message: /^saveat: expected options such as \{ ts: … \}, got undefined$/u,
    },
    {
      name: "a time where a switch is meant",
      options: { t1: 3 },
      message: /^saveat\.t1: expected true or false, got 3; times go into ts$/u,
    },
    {
      name: "half a step",
      options: { steps: 1.5 },
      message: /^saveat\.steps: expected .*, got 1\.5$/u,
    },
    {
      name: "steps below 0",
      options: { steps: -1 },
      message: /^saveat\.steps: expected .*, got -1$/u,
    },
    {
      name: "a fn that is none",
      options: { t1: true, fn: 3 },
      message: /^saveat\.fn: expected a function/u,
    },
    {
      name: "one time",
      options: { ts: 3 },
      message: /^saveat\.ts: expected a list of times, got 3$/u,
    },
    { name: "no times", options: { ts: [] }, message: /^saveat: nothing would be saved/u },
    {
      name: "a dense that is no switch",
      options: { dense: 1 },
      message: /^saveat\.dense: expected true or false, got 1$/u,
    },
    {
      name: "subs beside t1",
      options: { subs: { t1: true }, t1: true },
      message: /^saveat: subs stands instead of/u,
    },
    {
      name: "subs beside fn",
      options: { subs: { t1: true }, fn: () => 0 },
      message: /^saveat: subs stands instead of/u,
    },
    {
      name: "subs without anything in them",
      options: { subs: {} },
      message: /^saveat\.subs: nothing would be saved/u,
    },
    {
      name: "an empty record among subs",
      options: { subs: [{ t1: true }, {}] },
      message: /^saveat\.subs\[1\]: nothing would be saved/u,
    },
    {
      name: "a record without times deep in subs",
      options: { subs: { a: { b: { fn: () => 0 } } } },
      message: /^saveat\.subs\.a\.b: nothing would be saved/u,
    },
  ];

  test.each(cases)("$name", ({ options, message }) => {
    expect(() => SaveAt(options as SaveAtOptions)).toThrow(message);
  });
});

describe("SaveAt(options) returns the same record for", () => {
  const cases: readonly { options: SaveAtOptions }[] = [
    { options: {} },
    { options: { t0: true, t1: true, ts: [0, 1], steps: 3, fn: (t: number) => t } },
    { options: { dense: true, solverState: true, controllerState: true, madeJump: true } },
    { options: { ts: new Float64Array(2), steps: false } },
    { options: { subs: [{ t1: true }, { a: { ts: [0], fn: (t: number) => t } }] } },
  ];

  test.each(cases)("$options", ({ options }) => {
    expect(SaveAt(options)).toBe(options);
  });
});

test("subsOf(options) is the tree of what is saved, and null if nothing is", () => {
  const fn = (t: number): number => t;
  expect(subsOf({ dense: true })).toBeNull();
  expect(subsOf({ t1: false, steps: 0 })).toBeNull();
  expect(subsOf({ ts: [1, 2], fn, dense: true })).toEqual({ ts: [1, 2], fn });
  expect(subsOf({ subs: { a: { t1: true } } })).toEqual({ a: { t1: true } });
});
