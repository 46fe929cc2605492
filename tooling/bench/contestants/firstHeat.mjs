// In a new process: the first solve of a heat equation, on a line of 1000 cells or on a grid of 100 × 100.
//
//   node firstHeat.mjs plain line
//   node firstHeat.mjs traced grid
import process from "node:process";
import { diffeqsolve, np, traced, Tsit5 } from "@diffrax-ts/core";
import { cpuMilliseconds } from "../clock.mjs";

const side = 100;

const plainFields = {
  line: (t, y, { k }) => {
    const dy = [];
    for (let i = 0; i < y.length; i++) {
      const left = i > 0 ? y[i - 1] : 0;
      const right = i < y.length - 1 ? y[i + 1] : 0;
      dy.push(k * (left - 2 * y[i] + right));
    }
    return dy;
  },
  grid: (t, y, { k }) => {
    const n = 100;
    const dy = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const at = i * n + j;
        const up = i > 0 ? y[at - n] : 0;
        const down = i < n - 1 ? y[at + n] : 0;
        const left = j > 0 ? y[at - 1] : 0;
        const right = j < n - 1 ? y[at + 1] : 0;
        dy[at] = k * (up + down + left + right - 4 * y[at]);
      }
    }
    return dy;
  },
};

/** The neighbours of all cells along an axis: those before them, and those behind. */
function neighbours(y, axis) {
  const n = y.shape[axis];
  const ends = np.zeros(y.shape.with(axis, 1));
  const all = y.shape.map(() => null);
  const part = (from, to) => np.slice(y, ...all.with(axis, [from, to]));
  return [
    np.concatenate([ends, part(0, n - 1)], { axis }),
    np.concatenate([part(1, n), ends], { axis }),
  ];
}

const tracedFields = {
  line: traced((t, y, { k }) => {
    const [left, right] = neighbours(y, 0);
    return left.sub(y.mul(2)).add(right).mul(k);
  }),
  grid: traced((t, y, { k }) => {
    const [[up, down], [left, right]] = [0, 1].map((axis) => neighbours(y, axis));
    return up.add(down).add(left).add(right).sub(y.mul(4)).mul(k);
  }),
};

const [how = "", where = ""] = process.argv.slice(2);
const isFlat = how === "plain" || where === "line";
const size = where === "line" ? 1000 : side * side;
const numbers = Float64Array.from({ length: size }, (_, i) => Math.sin(i));
const y0 = isFlat ? numbers : np.reshape(numbers, [side, side]);
const field = (how === "plain" ? plainFields : tracedFields)[where];

const [start, cpuStart] = [performance.now(), cpuMilliseconds()];
diffeqsolve(field, Tsit5(), { t0: 0, t1: 0.1, dt0: 0.01, y0, args: { k: 0.7 } });
const [ms, cpuMs] = [performance.now() - start, cpuMilliseconds() - cpuStart];
console.log(JSON.stringify({ ns: ms * 1e6, cpuNs: cpuMs * 1e6, steps: 0, y: [] }));
