import { Budget, type Kept } from "@diffrax-ts/program";
import { expect, test } from "vitest";

/** A cache of numbers whose entries take one byte each. */
function cacheIn(budget: Budget) {
  const entries = new Map<number, Kept>();
  const use = (key: number): boolean => {
    const known = entries.get(key);
    if (known !== undefined) {
      known.used = budget.now();
      return true;
    }
    const entry: Kept = { bytes: 1, used: budget.now(), drop: () => void entries.delete(key) };
    entries.set(key, entry);
    budget.add(entry);
    return false;
  };
  return { entries, use };
}

test("no more is kept than there is room for", () => {
  const { entries, use } = cacheIn(new Budget(50));
  for (let i = 0; i < 1000; i++) {
    use(i);
    expect(entries.size).toBeLessThanOrEqual(50);
  }
  expect(entries.size).toBe(50);
});

test("of more entries than there is room for, used in turn, a good part is found again", () => {
  const { use } = cacheIn(new Budget(100));
  let found = 0;
  for (let turn = 0; turn < 50; turn++) for (let i = 0; i < 120; i++) if (use(i)) found++;
  expect(found / (50 * 120)).toBeGreaterThan(0.5);
});

test("what is used often stays", () => {
  const { use } = cacheIn(new Budget(100));
  let missed = 0;
  for (let i = 0; i < 5000; i++) {
    use(1000 + i);
    if (!use(i % 10)) missed++;
  }
  expect(missed).toBeLessThan(5000 / 20);
});

test("a small entry that is used no less than large ones outlasts them", () => {
  const budget = new Budget(1000);
  const lost = { small: 0, large: 0 };
  const entries = Array.from({ length: 40 }, (_, i) => {
    const name: keyof typeof lost = i % 2 === 0 ? "small" : "large";
    let isThere = false;
    const entry: Kept = {
      bytes: name === "small" ? 1 : 80,
      used: 0,
      drop: () => {
        isThere = false;
        lost[name]++;
      },
    };
    return () => {
      entry.used = budget.now();
      if (isThere) return;
      isThere = true;
      budget.add(entry);
    };
  });
  for (let turn = 0; turn < 100; turn++) for (const use of entries) use();
  expect(lost.large).toBeGreaterThan(100);
  expect(lost.small).toBeLessThan(lost.large / 10);
});

test("all that is kept can be dropped at once", () => {
  const { entries, use } = cacheIn(new Budget(50));
  for (let i = 0; i < 20; i++) use(i);
  const budget = new Budget(50);
  const other = cacheIn(budget);
  for (let i = 0; i < 20; i++) other.use(i);
  budget.clear();
  expect([entries.size, other.entries.size]).toEqual([20, 0]);
  other.use(1);
  expect(other.use(1)).toBe(true);
});

test("an entry that takes more than all is kept until the next", () => {
  const budget = new Budget(10);
  const dropped: string[] = [];
  const entryOf = (name: string, bytes: number): Kept => ({
    bytes,
    used: budget.now(),
    drop: () => void dropped.push(name),
  });
  const [large, small] = [entryOf("large", 100), entryOf("small", 1)];
  budget.add(large);
  expect(dropped).toEqual([]);
  budget.add(small);
  expect(dropped).toEqual(["large"]);
});
