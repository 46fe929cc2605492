import { describe, test } from "vitest";
import { checkPrograms } from "./support/checkPrograms.ts";
import { randomProgram } from "./support/randomProgram.ts";

describe("random programs with loops, branches, calls and buffers inside one another", () => {
  test("give the same bits evaluated, lowered and compiled", () => {
    checkPrograms(150, randomProgram);
  });
});
