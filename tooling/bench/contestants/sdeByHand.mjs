// Euler's method for stochastic equations as somebody writes it who needs one path fast: Threefry-2x32 and the inverse error function of JAX
// written out, so that the numbers are those of DirectBrownianPath.

/** @type {(c: readonly number[], y: number) => number} */
const horner = (c, y) => {
  let p = c[0];
  for (let i = 1; i < c.length; i++) p = p * y + c[i];
  return p;
};
const middle = [
  2.2137376921775787e-9, 9.075656193888539e-8, -2.7517406297064545e-7, 1.8239629214389228e-8,
  1.5027403968909828e-6, -4.013867526981546e-6, 2.9234449089955446e-6, 1.2475304481671779e-5,
  -4.7318229009055734e-5, 6.828485145957318e-5, 2.4031110387097894e-5, -0.0003550375203628475,
  0.0009532893797373805, -0.0016882755560235047, 0.002491442096107851, -0.003751208507569241,
  0.005370914553590064, 1.0052589676941592, 3.0838856104922208,
];
const tail = [
  -2.7109920616438573e-11, -2.555641816996525e-10, 1.5076572693500548e-9, -3.789465440126737e-9,
  7.61570120807834e-9, -1.496002662714924e-8, 2.914795345090108e-8, -6.771199775845234e-8,
  2.2900482228026655e-7, -9.9298272942317e-7, 4.526062597223154e-6, -1.968177810553167e-5,
  7.599527703001776e-5, -0.00021503011930044477, -0.00013871931833623122, 1.0103004648645344,
  4.849906401408584,
];

/** @param {number} x Above -1, at most 0. */
function log1p(x) {
  if (x <= -0.41421356237309503) return Math.log(x + 1);
  const square = x * x;
  let p = 4.52700008624452e-5;
  p = p * x + 0.49854102823193375;
  p = p * x + 6.578732594206104;
  p = p * x + 29.911919328553072;
  p = p * x + 60.94966798098779;
  p = p * x + 57.11296359058554;
  p = p * x + 20.039553499201283;
  let q = x + 15.062909083469192;
  q = q * x + 83.04756596796722;
  q = q * x + 221.76239823732857;
  q = q * x + 309.09872225312057;
  q = q * x + 216.42788614495947;
  q = q * x + 60.11866049760384;
  return x + (-0.5 * square + x * square * (p / q));
}

/** @param {number} x Between -1 and 1. */
function erfInv(x) {
  const w = -log1p(-(x * x));
  if (w >= 6.25) {
    const root = Math.sqrt(w);
    return x * (w < 16 ? horner(middle, root - 3.25) : horner(tail, root - 5));
  }
  const y = w - 3.125;
  let p = -3.64441206401782e-21;
  p = p * y - 1.6850591381820166e-19;
  p = p * y + 1.28584807152564e-18;
  p = p * y + 1.1157877678025181e-17;
  p = p * y - 1.333171662854621e-16;
  p = p * y + 2.0972767875968562e-17;
  p = p * y + 6.637638134358324e-15;
  p = p * y - 4.054566272975207e-14;
  p = p * y - 8.151934197605472e-14;
  p = p * y + 2.6335093153082323e-12;
  p = p * y - 1.2975133253453532e-11;
  p = p * y - 5.415412054294628e-11;
  p = p * y + 1.0512122733215323e-9;
  p = p * y - 4.112633980346984e-9;
  p = p * y - 2.9070369957882005e-8;
  p = p * y + 4.2347877827932404e-7;
  p = p * y - 1.3654692000834679e-6;
  p = p * y - 1.3882523362786469e-5;
  p = p * y + 0.00018673420803405714;
  p = p * y - 0.000740702534166267;
  p = p * y - 0.006033670871430149;
  p = p * y + 0.24015818242558962;
  p = p * y + 1.6536545626831027;
  return p * x;
}

let [word0, word1] = [0, 0];

/**
 * Threefry-2x32, with its result in `word0` and `word1`.
 *
 * @type {(k0: number, k1: number, c0: number, c1: number) => void}
 */
function threefry(k0, k1, c0, c1) {
  const k2 = k0 ^ k1 ^ 0x1bd11bda;
  let a = (c0 + k0) | 0;
  let b = (c1 + k1) | 0;
  a = (a + b) | 0;
  b = ((b << 13) | (b >>> 19)) ^ a;
  a = (a + b) | 0;
  b = ((b << 15) | (b >>> 17)) ^ a;
  a = (a + b) | 0;
  b = ((b << 26) | (b >>> 6)) ^ a;
  a = (a + b) | 0;
  b = ((b << 6) | (b >>> 26)) ^ a;
  a = (a + k1) | 0;
  b = (b + k2 + 1) | 0;
  a = (a + b) | 0;
  b = ((b << 17) | (b >>> 15)) ^ a;
  a = (a + b) | 0;
  b = ((b << 29) | (b >>> 3)) ^ a;
  a = (a + b) | 0;
  b = ((b << 16) | (b >>> 16)) ^ a;
  a = (a + b) | 0;
  b = ((b << 24) | (b >>> 8)) ^ a;
  a = (a + k2) | 0;
  b = (b + k0 + 2) | 0;
  a = (a + b) | 0;
  b = ((b << 13) | (b >>> 19)) ^ a;
  a = (a + b) | 0;
  b = ((b << 15) | (b >>> 17)) ^ a;
  a = (a + b) | 0;
  b = ((b << 26) | (b >>> 6)) ^ a;
  a = (a + b) | 0;
  b = ((b << 6) | (b >>> 26)) ^ a;
  a = (a + k0) | 0;
  b = (b + k1 + 3) | 0;
  a = (a + b) | 0;
  b = ((b << 17) | (b >>> 15)) ^ a;
  a = (a + b) | 0;
  b = ((b << 29) | (b >>> 3)) ^ a;
  a = (a + b) | 0;
  b = ((b << 16) | (b >>> 16)) ^ a;
  a = (a + b) | 0;
  b = ((b << 24) | (b >>> 8)) ^ a;
  a = (a + k1) | 0;
  b = (b + k2 + 4) | 0;
  a = (a + b) | 0;
  b = ((b << 13) | (b >>> 19)) ^ a;
  a = (a + b) | 0;
  b = ((b << 15) | (b >>> 17)) ^ a;
  a = (a + b) | 0;
  b = ((b << 26) | (b >>> 6)) ^ a;
  a = (a + b) | 0;
  b = ((b << 6) | (b >>> 26)) ^ a;
  word0 = (a + k2) | 0;
  word1 = (b + k0 + 5) | 0;
}

/** A normal number: √2 erf⁻¹(u), `u` from the upper 52 of 64 bits. */
function normal() {
  const u = ((word0 >>> 0) * 2 ** 20 + (word1 >>> 12)) * 2 ** -51 + (2 ** -53 - 1);
  return erfInv(u) * Math.SQRT2;
}

/** The bits of a start as one word, as the path has them. @param {number} t0 */
function wordOf(t0) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, t0);
  return view.getInt32(0) ^ view.getInt32(4);
}

/**
 * `dy = -y dt + 0.2 dW` by so many equal steps from 0: the end.
 *
 * @param {readonly [number, number]} key
 * @param {number} steps
 * @param {number} dt
 */
export function ornsteinUhlenbeck(key, steps, dt) {
  threefry(key[0] | 0, key[1] | 0, 0, wordOf(0));
  const [k0, k1] = [word0, word1];
  const root = Math.sqrt(dt);
  let y = 1;
  for (let step = 0; step < steps; step++) {
    threefry(k0, k1, step, 0);
    y += -y * dt + 0.2 * (root * normal());
  }
  return y;
}

/**
 * `dy = 0.05 y dt + 0.2 y dW`, a path for each key.
 *
 * @param {Uint32Array} keys Two words each.
 * @param {number} steps
 * @param {number} dt
 */
export function geometric(keys, steps, dt) {
  const ends = new Float64Array(keys.length / 2);
  const root = Math.sqrt(dt);
  for (let path = 0; path < ends.length; path++) {
    threefry(keys[2 * path] | 0, keys[2 * path + 1] | 0, 0, wordOf(0));
    const [k0, k1] = [word0, word1];
    let y = 1;
    for (let step = 0; step < steps; step++) {
      threefry(k0, k1, step, 0);
      y += 0.05 * y * dt + 0.2 * y * (root * normal());
    }
    ends[path] = y;
  }
  return ends;
}

/**
 * The same with numbers of Math.random and the method of Box and Muller, two at a time.
 *
 * @param {number} paths
 * @param {number} steps
 * @param {number} dt
 */
export function geometricByBoxMuller(paths, steps, dt) {
  const ends = new Float64Array(paths);
  const root = Math.sqrt(dt);
  for (let path = 0; path < paths; path++) {
    let y = 1;
    for (let step = 0; step < steps; step += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
      const angle = 2 * Math.PI * Math.random();
      y += 0.05 * y * dt + 0.2 * y * (root * radius * Math.cos(angle));
      y += 0.05 * y * dt + 0.2 * y * (root * radius * Math.sin(angle));
    }
    ends[path] = y;
  }
  return ends;
}
