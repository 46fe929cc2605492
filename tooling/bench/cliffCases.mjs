// What costs more than it should: each cliff is the same work done in two ways, and the ratio of their times is what counts.
import { diffeqsolve, grad, jit, np, plain, traced, Tsit5, vmap } from "@diffrax-ts/core";

/** @typedef {{ readonly run: () => unknown, readonly per?: number }} Side What is done, and for how many. */
/** @typedef {{ readonly most: number, readonly make: () => readonly [Side, Side] }} Cliff Without it, and with it. */

const solver = Tsit5();
const span = { t0: 0, t1: 1, dt0: 0.01 };
const decay = traced((t, y) => np.sin(y).neg());
const solved = (field, y0) => diffeqsolve(field, solver, { ...span, y0 }).ys;
const final = (y0) => np.sum(solved(decay, y0));

/** @type {Record<string, Cliff>} */
export const cliffs = {
  "an arrow with a free variable, made at each call": madeAnew((k) => (t, y) => [-k * y[0], y[0]]),
  "plain(f, { k }), another k at each call": madeAnew((k) =>
    plain((t, y, args, { k }) => [-k * y[0], y[0]], { k }),
  ),
  "200 shapes in turn: jit": inTurn(
    200,
    jit((x) => np.sum(x.mul(x))),
  ),
  "200 shapes in turn: grad": inTurn(
    200,
    grad((x) => np.sum(np.sin(x))),
  ),
  "200 shapes in turn: vmap": inTurn(
    200,
    vmap((x) => np.sin(x).mul(x)),
  ),
  "200 shapes in turn: a solve": inTurn(200, (y0) => solved((t, y) => y.map((x) => -x), y0)),
  "200 shapes in turn: a traced solve": inTurn(200, (y0) => solved(decay, y0)),
  "200 shapes in turn: the gradient of a solve": inTurn(200, grad(final)),
  "200 plain functions in turn": { most: 1.3, make: functionsInTurn },
  "50 lengths of a batch: vmap of a solve": inTurn(
    50,
    vmap((y0) => solved(decay, y0)),
  ),
  "50 lengths of a batch: vmap of a gradient": inTurn(50, vmap(grad(final))),
  "50 lengths of a batch: jit of vmap of a solve": inTurn(50, jit(vmap((y0) => solved(decay, y0)))),
  "50 lengths of a batch: the gradient of a sum of solves": inTurn(
    50,
    grad((y0) => np.sum(vmap(final)(y0))),
  ),
  "50 lengths of a batch: a batched state": inTurn(50, (y0) => solved(decay, y0)),
  "a call with 5 MB after one with 4, an element": {
    most: 1.2,
    make: () => {
      const f = jit((x) => np.sum(x.mul(x).sub(x)));
      const [small, large] = [4e6, 5e6].map((bytes) => new Float64Array(bytes / 8).fill(0.5));
      return [
        { run: () => f(small), per: small.length },
        { run: () => f(large), per: large.length },
      ];
    },
  },
  "an array of one number of 8 MB, beside the number": {
    most: 1.3,
    make: () => {
      const [number, array] = [() => 2, () => np.full([1e6], 2)].map((two) =>
        jit((x) => np.sum(x.mul(two()))),
      );
      const x = new Float64Array(1e6).fill(0.5);
      return [{ run: () => number(x) }, { run: () => array(x) }];
    },
  },
};

/** @param {(k: number) => unknown} make */
function madeAnew(make) {
  return {
    most: 2,
    make: () => {
      let k = 1;
      const once = make(k);
      return [
        { run: () => solved(once, [(k += 1e-3), 1]) },
        { run: () => solved(make(k), [(k += 1e-3), 1]) },
      ];
    },
  };
}

/** Arrays of `count` lengths, one after the other, beside the one in the middle each time. */
function inTurn(count, f, first = 24) {
  return {
    most: 1.3,
    make: () =>
      turns(
        f,
        Array.from({ length: count }, (_, i) => new Float64Array(first + i).fill(0.5)),
      ),
  };
}

function functionsInTurn() {
  const fields = Array.from(
    { length: 200 },
    // oxlint-disable-next-line eslint/no-new-func, typescript/no-implied-eval -- each has to have a source of its own
    (_, i) => new Function("t", "[x, y]", `return [${i} * y, -x${" * y".repeat(i % 7)}]`),
  );
  return turns((field) => solved(field, [1, 0.1]), fields);
}

function turns(f, inputs) {
  const middle = inputs[inputs.length >> 1];
  const all = () => {
    for (const x of inputs) f(x);
  };
  for (let k = 0; k < 3; k++) all();
  return [
    {
      run: () => {
        for (const _ of inputs) f(middle);
      },
      per: inputs.length,
    },
    { run: all, per: inputs.length },
  ];
}
