import ode45 from "ode45-cash-karp";

/** @type {import("./serve.mjs").Prepare} */
export function prepare({ y0, t1, dt0, f }, tol) {
  /** @type {(dy: Float64Array, y: Float64Array, t: number) => void} */
  const field = (dy, y, t) => f(t, y, dy);
  return () => {
    const integrator = ode45(y0(), field, 0, dt0, { tol, verbose: false });
    let steps = 1;
    while (integrator.step(t1)) steps++;
    return { steps, y: integrator.y };
  };
}
