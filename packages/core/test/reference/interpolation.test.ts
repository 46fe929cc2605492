import { describe, test } from "vitest";
import { readFigures } from "./figures.ts";

const { cases } = readFigures<{ readonly id: string; readonly function: string }>("interpolation");

describe("still to come, with the interpolation of data", () => {
  for (const { id, function: name } of cases) {
    // oxlint-disable-next-line vitest/warn-todo -- known by name, so that none is left out in silence
    test.todo(`${id} needs ${name}`);
  }
});
