// Operations outside of jit: compiled, as core has them, against the evaluator.
import { np, random } from "@diffrax-ts/core";
import { compileEagerly } from "@diffrax-ts/autodiff";
import { runEagerlyBy } from "@diffrax-ts/program";
import { median } from "./statistics.mjs";
import { printTable, ratio, time } from "./table.mjs";

const sizes = [64, 512, 4096, 65_536, 1_000_000];
const key = random.key(0);

/** @type {Record<string, (x: import("@diffrax-ts/core").Tensor, square: import("@diffrax-ts/core").Tensor) => unknown>} */
const operations = {
  add: (x) => np.add(x, x),
  exp: (x) => np.exp(x),
  "where(less)": (x) => np.where(np.less(x, 1), x, 0),
  sum: (x) => np.sum(x),
  "sum of rows": (_, square) => np.sum(square, { axis: 1 }),
  cumsum: (x) => np.cumsum(x),
  std: (x) => np.std(x),
  "matrix by vector": (_, square) => np.matmul(square, square.at(0)),
  "matrix by matrix": (_, square) => np.matmul(square, square),
  transpose: (_, square) => np.transpose(square),
  take: (x) => np.take(x, np.arange(x.length, { dtype: "int32" })),
  concatenate: (x) => np.concatenate([x, x]),
  "random.normal": (x) => random.normal(key, [x.length]),
};

/** @param {import("./main.mjs").Settings} settings */
export function eager({ rounds, milliseconds, cases }) {
  const rows = Object.entries(operations)
    .filter(([name]) => cases.test(name))
    .map(([name, run]) => [
      name,
      sizes.flatMap((n) => {
        const side = Math.floor(Math.sqrt(n));
        // A product takes n^1.5 operations.
        if (name === "matrix by matrix" && n > 65_536) return ["", ""];
        const x = np.linspace(0.5, 1.5, n);
        const square = np.reshape(np.slice(x, [0, side * side]), [side, side]);
        const work = () => run(x, square);
        const ways = [() => runEagerlyBy(null), compileEagerly];
        const counts = ways.map((way) => {
          way();
          return repeat(work, milliseconds).count;
        });
        const times = ways.map(() => /** @type {number[]} */ ([]));
        for (let round = 0; round < rounds; round++) {
          for (const [i, way] of ways.entries()) {
            way();
            times[i].push(repeat(work, Infinity, counts[i]).each);
          }
        }
        const compiled = median(times[1]);
        return [time(compiled), ratio(median(times[0]) / compiled)];
      }),
    ]);
  printTable(["Outside of jit", ...sizes.flatMap((n) => [String(n), "evaluator"])], rows);
}

/**
 * @param {() => unknown} work
 * @param {number} milliseconds At most so long.
 * @param {number} most At most so often.
 */
function repeat(work, milliseconds, most = Infinity) {
  const start = performance.now();
  let count = 0;
  do work();
  while (++count < most && performance.now() - start < milliseconds);
  return { count, each: ((performance.now() - start) * 1e6) / count };
}
