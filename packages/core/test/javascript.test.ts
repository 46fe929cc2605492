// What people do with results in plain JavaScript. Where TypeScript would warn, types are cast away.
import { diffeqsolve, Euler, np, Tsit5 } from "@diffrax-ts/core";
import { describe, expect, test } from "vitest";

const ts = [0, 0.5, 1, 1.5];

/** `y = 1 + t`, without any rounding. */
function line() {
  return diffeqsolve((_t, _y) => ({ height: 1, speed: 0 }), Euler(), {
    t0: 0,
    t1: 1.5,
    dt0: 0.5,
    y0: { height: 1, speed: 1 },
    saveat: { t0: true, steps: true },
  });
}

const heights = [1, 1.5, 2, 2.5];

describe("a list of numbers in a solution", () => {
  const { ys } = line();

  test("spreads: [...x], Math.max(...x), new Set(x), destructuring", () => {
    expect([...ys.height]).toEqual(heights);
    expect(Math.max(...ys.height)).toBe(2.5);
    expect(Math.min(...line().ts)).toBe(0);
    expect(new Set(ys.speed)).toEqual(new Set([1]));
    const [first, second] = ys.height;
    expect([first, second]).toEqual([1, 1.5]);
  });

  test("becomes an array: Array.from(x), Array.from(x, f), Float64Array.from(x), x.toArray()", () => {
    expect(Array.from(ys.height)).toEqual(heights);
    expect(Array.from(ys.height, (y) => 2 * y)).toEqual([2, 3, 4, 5]);
    expect(Float64Array.from(ys.height)).toEqual(Float64Array.from(heights));
    expect(ys.height.toArray()).toEqual(heights);
  });

  test("is walked through by for…of, and joined with the times", () => {
    let sum = 0;
    for (const y of ys.height) sum += y;
    expect(sum).toBe(7);
    expect([...line().ts].map((t, i) => [t, [...ys.height][i]])).toEqual(
      ts.map((t, i) => [t, heights[i]]),
    );
  });

  test("is written by JSON.stringify as an array, and so is a solution's ys", () => {
    expect(JSON.stringify(ys.height)).toBe("[1,1.5,2,2.5]");
    expect(JSON.stringify(ys)).toBe('{"height":[1,1.5,2,2.5],"speed":[1,1,1,1]}');
    expect(JSON.parse(JSON.stringify(line().ts))).toEqual(ts);
  });

  test("has the length of the list, and each number by at(i).item()", () => {
    expect(ys.height.length).toBe(4);
    expect(ys.height.at(1).item()).toBe(1.5);
    expect(ys.height.at(-1).item()).toBe(2.5);
  });

  test("throws in an index loop at its first turn, and says what to write instead", () => {
    const x = ys.height as unknown as readonly number[];
    let turns = 0;
    const add = (): number => {
      let sum = 0;
      for (let i = 0; i < x.length; i++) {
        turns++;
        sum += x[i]!;
      }
      return sum;
    };
    expect(add).toThrow(/\.at\(0\)/);
    expect(turns).toBe(1);
  });

  test("throws in arithmetic instead of becoming NaN", () => {
    const x = ys.height as unknown as number;
    expect(() => x * 2).toThrow(TypeError);
    expect(() => x + 1).toThrow(TypeError);
    expect(() => x > 1).toThrow(TypeError);
  });

  // A mark of Observable Plot takes a channel as it is if it is an array, and makes one of any other iterable.
  test("is a channel of a plot: Plot.line({ length: n }, { x: ts, y: ys })", () => {
    const channel = (values: Iterable<number>): readonly number[] =>
      Array.isArray(values) || ArrayBuffer.isView(values) ? (values as never) : Array.from(values);
    const solution = line();
    const { x, y } = { x: channel(solution.ts), y: channel(solution.ys.height) };
    expect(Array.from({ length: solution.ts.length }, (_, i) => [x[i], y[i]])).toEqual(
      ts.map((t, i) => [t, heights[i]]),
    );
  });
});

describe("one number in a solution", () => {
  test("of a state that is a number: at(-1).item(), and [...ys][0]", () => {
    const { ys } = diffeqsolve((_t, y) => -y, Tsit5(), { t0: 0, t1: 1, dt0: 0.1, y0: 1 });
    expect(ys.at(-1).item()).toBeCloseTo(Math.exp(-1), 6);
    expect([...ys]).toEqual([ys.at(0).item()]);
  });

  test("of a vector: rows by at(i), columns by np.slice, nested arrays by toArray() and JSON", () => {
    const { ys } = diffeqsolve((_t, _y) => [1, 2], Euler(), {
      t0: 0,
      t1: 2,
      dt0: 1,
      y0: new Float64Array([0, 0]),
      saveat: { t0: true, steps: true },
    });
    expect(ys.shape).toEqual([3, 2]);
    expect([...ys.at(1)]).toEqual([1, 2]);
    expect(np.slice(ys, null, 1).toArray()).toEqual([0, 2, 4]);
    expect(JSON.stringify(ys)).toBe("[[0,0],[1,2],[2,4]]");
  });
});
