// The reaction that the page runs.
import { expect, test } from "vitest";
import { newReaction, savedReaction } from "../reaction.ts";

/** The least and the largest concentration of bromous acid from now until `t`. */
function range(reaction: ReturnType<typeof newReaction>, t: number): readonly [number, number] {
  let [least, most] = [Infinity, 0];
  while (reaction.t < t && reaction.step()) {
    const acid = reaction.y.acid.item();
    [least, most] = [Math.min(least, acid), Math.max(most, acid)];
  }
  return [least, most];
}

test.each([0.6, 1, 1.5])("oscillates over five powers of ten with f = %d", async (f) => {
  const reaction = newReaction(5000);
  reaction.args = { f };
  await reaction.advance({ until: 1000 });
  const [least, most] = range(reaction, 3000);
  expect(least).toBeLessThan(1.1);
  expect(most).toBeGreaterThan(1e5);
});

test("goes on after it was saved, with the settings and the bits that it had", async () => {
  const reaction = newReaction(2000);
  await reaction.advance({ until: 500 });
  reaction.args = { f: 1.2 };
  const other = savedReaction(JSON.stringify(reaction));
  expect(other.args.f).toBe(1.2);
  await reaction.advance();
  await other.advance();
  expect([other.t, other.y]).toEqual([reaction.t, reaction.y]);
});
