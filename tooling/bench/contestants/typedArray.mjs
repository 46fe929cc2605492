// A solver as one writes it in JavaScript for any number of equations: loops over Float64Arrays.
import { a, c, error } from "./tsit5.mjs";

/** @type {import("./serve.mjs").Prepare} */
export function prepare({ y0, t1, dt0, f }, tol) {
  const n = y0().length;
  const k = Array.from({ length: 7 }, () => new Float64Array(n));
  const u = new Float64Array(n);

  return () => {
    const y = y0();
    let [t, tNext, steps] = [0, Math.min(dt0, t1), 0];
    f(t, y, k[0]);
    while (t < t1) {
      const h = tNext - t;
      steps++;
      for (let s = 0; s < 6; s++) {
        const row = a[s];
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let j = 0; j <= s; j++) sum += row[j] * k[j][i];
          u[i] = y[i] + h * sum;
        }
        f(t + c[s] * h, u, k[s + 1]);
      }
      let squares = 0;
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < 7; j++) sum += error[j] * k[j][i];
        const scaled = (h * sum) / (tol + tol * Math.max(Math.abs(y[i]), Math.abs(u[i])));
        squares += scaled * scaled;
      }
      const norm = Math.sqrt(squares / n);
      const factor = 0.9 * norm ** -0.2;
      if (norm < 1) {
        t = tNext;
        y.set(u);
        k[0].set(k[6]);
        tNext = t + h * Math.min(Math.max(factor, 1), 10);
        if (tNext > t1 * (1 - 1e-14)) tNext = t1;
      } else {
        tNext = t + h * Math.min(Math.max(factor, 0.2), 0.9);
      }
    }
    return { steps, y };
  };
}
