// The page of pages.mjs: two solves, and what is measured of them.
import {
  diffeqsolve,
  diffeqsolveAsync,
  integrator,
  Kvaerno5,
  PIDController,
  prepare,
  Tsit5,
} from "@diffrax-ts/core";

/** @typedef {readonly [number, number, number]} State */
/** @typedef {"stiff" | "chaotic"} Name */

/** @type {(t: number, y: State, p: number) => State} */
const lorenz = (t, [x, y, z], p) => [10 * (y - x), x * (p - z) - y, x * y - (8 / 3) * z];
/** @type {(t: number, y: State, p: number) => State} */
const oregonator = (t, [x, y, z], p) => [
  77.27 * (y + x * (1 - 8.375e-6 * x - y)),
  (p * z - (1 + x) * y) / 77.27,
  0.161 * (x - z),
];

/**
 * @param {Name} name
 * @param {number} t1
 */
function given(name, t1) {
  const stepsizeController = PIDController({ rtol: 1e-8, atol: 1e-8 });
  /** @type {State} */
  const y0 = name === "stiff" ? [1, 2, 3] : [1, 1, 1];
  return {
    field: name === "stiff" ? oregonator : lorenz,
    solver: name === "stiff" ? Kvaerno5() : Tsit5(),
    options: {
      t0: 0,
      t1,
      dt0: null,
      y0,
      args: name === "stiff" ? 1 : 28,
      maxSteps: null,
      stepsizeController,
    },
  };
}

/** The longest times between two tasks of the page in milliseconds: one for each half of a second, the shortest first. */
function watchTasks() {
  /** @type {number[]} */
  const longest = [];
  const { port1, port2 } = new MessageChannel();
  const start = performance.now();
  let last = start;
  let isOn = true;
  port1.addEventListener("message", () => {
    const now = performance.now();
    const part = Math.floor((now - start) / 500);
    longest[part] = Math.max(longest[part] ?? 0, now - last);
    last = now;
    if (isOn) port2.postMessage(null);
  });
  port1.start();
  port2.postMessage(null);
  return () => {
    isOn = false;
    const sorted = longest.sort((a, b) => a - b);
    const at = (/** @type {number} */ part) =>
      Math.round(10 * (sorted[Math.floor(part * (sorted.length - 1))] ?? 0)) / 10;
    return { least: at(0), quartile: at(0.25), median: at(0.5), most: at(1) };
  };
}

/** The frames that the page draws. */
function countFrames() {
  let frames = 0;
  let isOn = true;
  const next = () => {
    frames++;
    if (isOn) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  return () => {
    isOn = false;
    return frames;
  };
}

/** @param {number} ms */
const wait = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
/**
 * An end that takes about so many seconds.
 *
 * @param {Name} name
 * @param {number} seconds
 */
function endFor(name, seconds) {
  for (let t1 = 100; ; t1 *= 2) {
    const { field, solver, options } = given(name, t1);
    const before = performance.now();
    diffeqsolve(field, solver, options);
    const ms = performance.now() - before;
    if (ms > 2000) return Math.round((t1 * seconds * 1000) / ms);
  }
}

/**
 * @param {Name} name
 * @param {number} t1
 */
async function blocksOf(name, t1) {
  const { field, solver, options } = given(name, t1);
  const { prepareMs } = prepare(field, solver, options);
  const idle = watchTasks(); // what the machine does to a page that solves nothing
  await wait(5000);
  const withoutASolve = idle();
  const frames = countFrames();
  const tasks = watchTasks();
  let told = 0;
  const before = performance.now();
  const { stats } = await diffeqsolveAsync(field, solver, { ...options, onProgress: () => told++ });
  const seconds = (performance.now() - before) / 1000;
  return {
    seconds,
    numSteps: stats.numSteps,
    longestBlockMs: tasks(), // where others keep the machine busy, the lower quartile says most
    longestBlockWithoutASolveMs: withoutASolve,
    framesPerSecond: Math.round(frames() / seconds),
    progressToldPerSecond: Math.round(told / seconds),
    prepareMs,
  };
}

/**
 * How long it takes until a solve has stopped, of ten.
 *
 * @param {Name} name
 * @param {number} t1
 */
async function abort(name, t1) {
  const answers = [];
  for (let i = 0; i < 10; i++) {
    const controller = new AbortController();
    const { field, solver, options } = given(name, t1);
    let at = 0;
    setTimeout(
      () => {
        at = performance.now();
        controller.abort();
      },
      100 + 37 * i,
    );
    const solving = diffeqsolveAsync(field, solver, { ...options, signal: controller.signal });
    await solving.catch(() => answers.push(performance.now() - at));
  }
  return { longestAnswerMs: Math.max(...answers) };
}

/**
 * @param {Name} name
 * @param {number} t1
 */
async function save(name, t1) {
  const { field, solver, options } = given(name, t1);
  const live = integrator(field, solver, options);
  await live.advance({ until: t1 / 8 });
  localStorage.setItem(name, JSON.stringify(live));
}

/**
 * The ends of a solve that is taken up, and of one that is not interrupted.
 *
 * @param {Name} name
 * @param {number} t1
 */
async function goOn(name, t1) {
  const { field, solver, options } = given(name, t1);
  const live = integrator.fromJSON(localStorage.getItem(name) ?? "", field, solver, options);
  await live.advance();
  const { ys } = await diffeqsolveAsync(field, solver, options);
  return [live.y.map(String).join(), ys.map((y) => String(y.at(0))).join()];
}

Object.assign(globalThis, { measured: { endFor, blocksOf, abort, save, goOn } });
