import { expect, test } from "vitest";
import { surveyState } from "../src/surveyState.ts";

test("a state may have more leaves than a call can have arguments", () => {
  const y0 = Array.from({ length: 200_000 }, (_, i) => ({ x: i }));
  // Once of a structure that is new, and once of the one before.
  for (const { size, leaves } of [surveyState([1, 2]), surveyState(y0), surveyState(y0)].slice(1)) {
    expect(size).toBe(y0.length);
    expect(leaves.length).toBe(y0.length);
    expect(leaves.at(-1)).toBe(y0.length - 1);
  }
});

test("leaves of a state that is unlike the one before do not remain", () => {
  surveyState([1, 2, { x: 3 }]);
  expect(surveyState([1, 2]).leaves).toEqual([1, 2]);
});
