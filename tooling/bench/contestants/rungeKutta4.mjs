// What somebody writes who needs this fast: 10 000 Lorenz systems, 1000 steps of the classical Runge–Kutta method each.

/** @type {import("./serve.mjs").Prepare} */
export function prepare() {
  const starts = Float64Array.from({ length: 10_000 }, (_, i) => 1 + i / 10_000);
  const ends = new Float64Array(3 * starts.length);
  return () => {
    for (let path = 0; path < starts.length; path++) solve(starts[path], ends, 3 * path);
    return { steps: 0, y: [ends[0], ends[1], ends[2]] };
  };
}

/**
 * @param {number} start
 * @param {Float64Array} ends
 * @param {number} at
 */
function solve(start, ends, at) {
  const [h, sigma, rho, beta] = [1e-3, 10, 28, 8 / 3];
  let [x, y, z] = [start, 1, 1];
  for (let step = 0; step < 1000; step++) {
    const x1 = sigma * (y - x);
    const y1 = x * (rho - z) - y;
    const z1 = x * y - beta * z;
    const xb = x + 0.5 * h * x1;
    const yb = y + 0.5 * h * y1;
    const zb = z + 0.5 * h * z1;
    const x2 = sigma * (yb - xb);
    const y2 = xb * (rho - zb) - yb;
    const z2 = xb * yb - beta * zb;
    const xc = x + 0.5 * h * x2;
    const yc = y + 0.5 * h * y2;
    const zc = z + 0.5 * h * z2;
    const x3 = sigma * (yc - xc);
    const y3 = xc * (rho - zc) - yc;
    const z3 = xc * yc - beta * zc;
    const xd = x + h * x3;
    const yd = y + h * y3;
    const zd = z + h * z3;
    const x4 = sigma * (yd - xd);
    const y4 = xd * (rho - zd) - yd;
    const z4 = xd * yd - beta * zd;
    x += (h / 6) * (x1 + 2 * (x2 + x3) + x4);
    y += (h / 6) * (y1 + 2 * (y2 + y3) + y4);
    z += (h / 6) * (z1 + 2 * (z2 + z3) + z4);
  }
  ends[at] = x;
  ends[at + 1] = y;
  ends[at + 2] = z;
}
