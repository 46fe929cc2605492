// Programs made at random in which several names stand for one array or object: values and gradients are JavaScript's.
import { expect, test } from "vitest";
import { check } from "./random/check.ts";
import { programOf } from "./random/generate.ts";

/** How many programs are tried; 10 000 were, by `PROGRAMS=10000`. */
const count = Number(process.env["PROGRAMS"] ?? 150);
const first = Number(process.env["FIRST"] ?? 0);

test("plain(f) has the values and gradients of f, whichever names and conditions lead to what it writes", () => {
  const outcomes = Array.from({ length: count }, (_, i) => ({
    seed: first + i,
    ...check(programOf(first + i)),
  }));
  const ofKind = (kind: string) => outcomes.filter((outcome) => outcome.kind === kind);
  expect(ofKind("wrong")).toEqual([]);
  expect(ofKind("refused").length).toBeLessThan(count / 50);
  expect(ofKind("right").length).toBeGreaterThan(count * 0.95);
}, 3_600_000);
