// Kvaerno3 as somebody writes it who needs Robertson's problem fast: every number in a variable of its own, no
// array, no function handed over. The iterations are Diffrax's: two in every stage, with the Jacobian of the
// second stage of the step.

const g = 0.4358665215; //                        Kværnø 2004, doi:10.1023/B:BITN.0000046811.70614.38
const a31 = (-4 * g * g + 6 * g - 1) / (4 * g);
const a32 = (1 - 2 * g) / (4 * g);
const a41 = (6 * g - 1) / (12 * g);
const a42 = -1 / ((24 * g - 12) * g);
const a43 = (-6 * g * g + 6 * g - 1) / (6 * g - 3);
const theta = 1 / (2 * g); // of the line through the first two stages, from which the third is predicted
const kappa = 1e-2;

/** @type {import("./serve.mjs").Prepare} */
export function prepare({ y0, t1, dt0, atol }, rtol, key) {
  if (!key.startsWith("robertson")) return null;
  const absolute = atol * rtol;
  return () => {
    const y = y0();
    return { ...robertson(y, t1, dt0, rtol, absolute), y };
  };
}

const f = new Float64Array(3); //  what a stage solves for: f(yᵢ)
const lu = new Float64Array(8); // what it solves with: l21 l32 1/u11 u12 u13 1/u22 u23 1/u33

function robertson(y, t1, dt0, rtol, atol) {
  let [a, b, c] = y;
  let [t, tNext, steps, rejected] = [0, dt0, 0, 0];
  let k1a = -0.04 * a + 1e4 * b * c;
  let k1c = 3e7 * b * b;
  let k1b = -k1a - k1c;
  while (t < t1) {
    const h = tNext - t;
    const hg = h * g;
    steps++;
    f[0] = k1a;
    f[1] = k1b;
    f[2] = k1c;
    let [pa, pb, pc] = [a + hg * k1a, b + hg * k1b, c + hg * k1c];
    factorise(hg, pb + hg * k1b, pc + hg * k1c);
    let error = Infinity;
    if (stage(hg, pa, pb, pc, rtol, atol)) {
      const k2a = f[0],
        k2b = f[1],
        k2c = f[2];
      f[0] = (1 - theta) * k1a + theta * k2a;
      f[1] = (1 - theta) * k1b + theta * k2b;
      f[2] = (1 - theta) * k1c + theta * k2c;
      pa = a + h * (a31 * k1a + a32 * k2a);
      pb = b + h * (a31 * k1b + a32 * k2b);
      pc = c + h * (a31 * k1c + a32 * k2c);
      if (stage(hg, pa, pb, pc, rtol, atol)) {
        const k3a = f[0],
          k3b = f[1],
          k3c = f[2];
        f[0] = a31 * k1a + a32 * k2a + g * k3a;
        f[1] = a31 * k1b + a32 * k2b + g * k3b;
        f[2] = a31 * k1c + a32 * k2c + g * k3c;
        pa = a + h * (a41 * k1a + a42 * k2a + a43 * k3a);
        pb = b + h * (a41 * k1b + a42 * k2b + a43 * k3b);
        pc = c + h * (a41 * k1c + a42 * k2c + a43 * k3c);
        if (stage(hg, pa, pb, pc, rtol, atol)) {
          const k4a = f[0],
            k4b = f[1],
            k4c = f[2];
          const [na, nb, nc] = [pa + hg * k4a, pb + hg * k4b, pc + hg * k4c];
          const error1 = (a41 - a31) * k1a + (a42 - a32) * k2a + (a43 - g) * k3a + g * k4a;
          const error2 = (a41 - a31) * k1b + (a42 - a32) * k2b + (a43 - g) * k3b + g * k4b;
          const error3 = (a41 - a31) * k1c + (a42 - a32) * k2c + (a43 - g) * k3c + g * k4c;
          const ea = (h * error1) / (atol + rtol * Math.max(Math.abs(a), Math.abs(na)));
          const eb = (h * error2) / (atol + rtol * Math.max(Math.abs(b), Math.abs(nb)));
          const ec = (h * error3) / (atol + rtol * Math.max(Math.abs(c), Math.abs(nc)));
          error = Math.sqrt((ea * ea + eb * eb + ec * ec) / 3);
          if (error < 1) [a, b, c, k1a, k1b, k1c] = [na, nb, nc, k4a, k4b, k4c];
        }
      }
    }
    const factor = error === 0 ? 10 : 0.9 / Math.cbrt(error);
    if (error < 1) {
      t = tNext;
      tNext = t + h * Math.min(Math.max(factor, 1), 10);
      if (tNext > t1 * (1 - 1e-14)) tNext = t1;
    } else {
      rejected++;
      tNext = t + h * Math.min(Math.max(factor, 0.2), 0.9);
    }
  }
  [y[0], y[1], y[2]] = [a, b, c];
  return { steps, rejected, factorisations: steps };
}

/** Two iterations of Newton's method with the factorised matrix, and whether they came near enough. */
function stage(hg, pa, pb, pc, rtol, atol) {
  const l21 = lu[0],
    l32 = lu[1],
    d1 = lu[2],
    u12 = lu[3],
    u13 = lu[4],
    d2 = lu[5],
    u23 = lu[6],
    d3 = lu[7];
  let fa = f[0],
    fb = f[1],
    fc = f[2];
  let [size, before] = [1, 1];
  for (let i = 0; i < 2; i++) {
    const [ya, yb, yc] = [pa + hg * fa, pb + hg * fb, pc + hg * fc];
    const va = -0.04 * ya + 1e4 * yb * yc;
    const vc = 3e7 * yb * yb;
    const ra = fa - va;
    const rb = fb + va + vc - l21 * ra;
    const dc = (fc - vc - l32 * rb) * d3;
    const db = (rb - u23 * dc) * d2;
    const da = (ra - u12 * db - u13 * dc) * d1;
    fa -= da;
    fb -= db;
    fc -= dc;
    const ea = da / (atol + rtol * Math.abs(fa));
    const eb = db / (atol + rtol * Math.abs(fb));
    const ec = dc / (atol + rtol * Math.abs(fc));
    before = size;
    size = Math.sqrt((ea * ea + eb * eb + ec * ec) / 3);
  }
  f[0] = fa;
  f[1] = fb;
  f[2] = fc;
  if (size < 1e-13) return true;
  const rate = size / before;
  const left = (size * rate) / (1 - rate);
  return left > 0 && left < kappa;
}

/** I - hγ J(y) = L U, without exchanges: the diagonal is the largest here. */
function factorise(hg, b, c) {
  const [ab, ac, cb] = [-hg * 1e4 * c, -hg * 1e4 * b, -hg * 6e7 * b];
  const u11 = 1 + hg * 0.04;
  const l21 = (-hg * 0.04) / u11;
  const u22 = 1 - ab - cb - l21 * ab;
  const u23 = -ac - l21 * ac;
  const l32 = cb / u22;
  lu[0] = l21;
  lu[1] = l32;
  lu[2] = 1 / u11;
  lu[3] = ab;
  lu[4] = ac;
  lu[5] = 1 / u22;
  lu[6] = u23;
  lu[7] = 1 / (1 - l32 * u23);
}
