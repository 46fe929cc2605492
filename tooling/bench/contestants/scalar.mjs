// What somebody writes who needs this one problem fast: every number in a variable of its own, nothing called.
// The text is put together here instead of being typed once for every problem.
import { a, error } from "./tsit5.mjs";

/** @type {import("./serve.mjs").Prepare} */
export function prepare(problem, tol) {
  const { written, t1, dt0 } = problem;
  if (written === null) return null;
  const n = problem.y0().length;
  const all = Array.from({ length: n }, (_, i) => i);
  /** @type {(name: string, formulas: string[]) => string} */
  const define = (name, formulas) =>
    formulas.map((x, i) => `const ${name}_${i} = ${x};`).join("\n");
  /** @type {(name: string) => string[]} */
  const parts = (name) => all.map((i) => `${name}_${i}`);
  /** @type {(row: number[], i: number) => string} */
  const sum = (row, i) => row.map((x, j) => `${x} * k${j}_${i}`).join(" + ");

  const stages = a.map((row, j) => [
    define(
      `u${j}`,
      all.map((i) => `y_${i} + h * (${sum(row, i)})`),
    ),
    define(`k${j + 1}`, written(parts(`u${j}`))),
  ]);
  const source = `
    ${all.map((i) => `let y_${i} = y[${i}];`).join(" ")}
    ${define("f", written(parts("y"))).replaceAll("const", "let")}
    let t = 0, tNext = Math.min(${dt0}, ${t1}), steps = 0;
    while (t < ${t1}) {
      const h = tNext - t;
      steps++;
      ${define("k0", parts("f"))}
      ${stages.flat().join("\n")}
      ${define(
        "e",
        all.map(
          (i) =>
            `h * (${sum(error, i)}) / (${tol} + ${tol} * Math.max(Math.abs(y_${i}), Math.abs(u5_${i})))`,
        ),
      )}
      const norm = Math.sqrt((${all.map((i) => `e_${i} * e_${i}`).join(" + ")}) / ${n});
      const factor = 0.9 * norm ** -0.2;
      let next;
      if (norm < 1) {
        t = tNext;
        ${all.map((i) => `y_${i} = u5_${i}; f_${i} = k6_${i};`).join(" ")}
        next = t + h * Math.min(Math.max(factor, 1), 10);
        if (next > ${t1 - 1e-14 * t1}) next = ${t1};
      } else {
        next = t + h * Math.min(Math.max(factor, 0.2), 0.9);
      }
      tNext = next;
    }
    ${all.map((i) => `y[${i}] = y_${i};`).join(" ")}
    return steps;`;
  // oxlint-disable-next-line eslint/no-new-func, typescript/no-implied-eval -- see above
  const solve = new Function("y", source);
  return () => {
    const y = problem.y0();
    return { steps: solve(y), y };
  };
}
