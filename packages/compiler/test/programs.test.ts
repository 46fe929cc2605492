import { describe, test } from "vitest";
import { checkPrograms } from "./support/checkPrograms.ts";
import { randomProgram } from "./support/randomProgram.ts";

describe("random programs with loops, branches, calls and buffers inside one another", () => {
  test("give the same bits evaluated, lowered and compiled", () => {
    checkPrograms(150, randomProgram);
  });
  test("and cut into functions wherever that can be, or of some operations each", () => {
    checkPrograms(150, randomProgram, [1, 40]);
  });
});
