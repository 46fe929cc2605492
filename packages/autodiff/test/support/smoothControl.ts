// Cases of contractions and of control flow.
import {
  add,
  alignCaptured,
  apply,
  arrayType,
  astype,
  greater,
  less,
  mul,
  type ParamsOf,
  sin,
  sub,
  traceProgram,
} from "@diffrax-ts/program";
import type { Tensor } from "@diffrax-ts/pytree";
import { type Draw, typeOf } from "./Draw.ts";
import { int32, onArrays, type SmoothCase, yes } from "./SmoothCase.ts";

export function dot(draw: Draw): SmoothCase {
  const [m, n, k, batch] = [draw.int(1, 4), draw.int(1, 5), draw.int(1, 6), draw.int(1, 3)];
  const f = (params: ParamsOf<"dotGeneral">) => (a: Tensor | undefined, b: Tensor | undefined) =>
    apply("dotGeneral", [a!, b!], params);
  switch (draw.int(0, 4)) {
    case 0:
      return onArrays(draw, [[k], [k]], f({ contract: [[0], [0]], batch: [[], []] }));
    case 1:
      return onArrays(
        draw,
        [
          [m, k],
          [k, n],
        ],
        f({ contract: [[1], [0]], batch: [[], []] }),
      );
    case 2:
      return onArrays(
        draw,
        [
          [k, batch, m],
          [n, k, batch],
        ],
        f({ contract: [[0], [1]], batch: [[1], [2]] }),
      );
    case 3:
      return onArrays(
        draw,
        [
          [k, m, 2],
          [2, n, k],
        ],
        f({
          contract: [
            [0, 2],
            [2, 0],
          ],
          batch: [[], []],
        }),
      );
    default:
      return onArrays(draw, [[m], [n]], f({ contract: [[], []], batch: [[], []] }));
  }
}

/** Two numbers carried for some turns, with a constant, rows in and rows out; or until one of them is large. */
export function loop(draw: Draw): SmoothCase {
  const shape = draw.shape();
  const length = draw.int(1, 4);
  const isWhile = draw.once(2);
  const reverse = !isWhile && draw.once(2);
  const bound = isWhile && draw.once(2) ? null : isWhile ? 6 : length;
  const remembered = draw.int(0, 3);
  const checkpoints = remembered > 0 ? { checkpoints: remembered } : {};
  return onArrays(
    draw,
    [shape, shape, shape, ...(isWhile ? [] : [[length, ...shape]])],
    (c, x0, y0, rows) => {
      const types = [typeOf(c), typeOf(x0), typeOf(y0)];
      const next = (a: Tensor, x: Tensor, y: Tensor): Tensor[] => [
        add(mul(x, 0.5), mul(a, y)),
        sub(y, mul(mul(x, x), 0.25)),
      ];
      const base = { numConsts: 1, parallel: false, host: false, bound, ...checkpoints };
      if (!isWhile) {
        const body = traceProgram([...types, arrayType(c.dtype, shape)], (a, x, y, row) => {
          const [u, v] = next(a, x, y);
          return [add(u!, mul(row, y)), v!, mul(row, mul(x, a))];
        });
        return apply("loop", [c, x0, y0, rows], {
          ...base,
          body: body.program,
          cond: null,
          length,
          numCarry: 2,
          reverse,
        });
      }
      const counted = [...types, arrayType("int32", [])];
      const body = traceProgram(counted, (a, x, y, n) => [...next(a, x, y), add(n, 1)]);
      const cond = traceProgram(counted, (_a, _x, _y, n) => [less(n, length)]);
      return apply("loop", [c, x0, y0, int32(0)], {
        ...base,
        body: body.program,
        cond: cond.program,
        length: null,
        numCarry: 3,
        reverse: false,
      }).slice(0, 2);
    },
  );
}

export function cond(draw: Draw): SmoothCase {
  const shape = draw.shape();
  const threshold = draw.pick([-5, 5]);
  return onArrays(draw, [shape, shape], (x, y) => {
    const sum = apply("reduceSum", [x], { axes: [...shape.keys()] })[0]!;
    const sides = [
      traceProgram([], () => [mul(x, y), sin(y)]),
      traceProgram([], () => [mul(y, y), x]),
    ];
    const { programs: branches, captured } = alignCaptured(sides);
    return apply("cond", [greater(sum, mul(astype(threshold * 100, sum.dtype), 1)), ...captured], {
      branches,
    });
  });
}

/** Rows of a buffer, written before a loop and in it, each once and in increasing order. */
export function writes(draw: Draw): SmoothCase {
  const row = draw.shape();
  const first = draw.int(0, 1);
  const isFilled = draw.once(2);
  return onArrays(draw, [row, row, [1, ...row]], (x, y, last) => {
    // The rows that are written hold zeros, and the last one something already.
    const zeros = apply("broadcast", [astype(0, x.dtype)], { shape: [4, ...row], axes: [] });
    const [initial] = apply("concatenate", [...zeros, last], { axis: 0 });
    const params = { dtype: x.dtype, shape: [5, ...row], fill: isFilled ? null : 0 };
    let [buffer] = apply("bufferNew", isFilled ? [initial!] : [], params);
    if (first > 0) [buffer] = apply("bufferWrite", [buffer!, int32(0), mul(x, y), yes()], {});
    const types = [
      typeOf(y),
      { ...typeOf(x), shape: [5, ...row], buffer: true },
      typeOf(x),
      arrayType("int32", []),
    ];
    const body = traceProgram(types, (b, rows, a, n) => {
      const next = sub(mul(a, b), mul(a, 0.5));
      const pred = less(n, 3);
      return [...apply("bufferWrite", [rows, n, next, pred], {}), next, add(n, 1)];
    });
    const cond = traceProgram(types, (_b, _rows, _a, n) => [less(n, 4)]);
    const results = apply("loop", [y, buffer!, x, int32(first)], {
      body: body.program,
      cond: cond.program,
      length: null,
      numConsts: 1,
      numCarry: 3,
      reverse: false,
      parallel: false,
      bound: 5,
      host: false,
    });
    return [...apply("bufferFreeze", [results[0]!], {}), results[1]!];
  });
}
