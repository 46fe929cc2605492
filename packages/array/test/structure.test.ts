import * as np from "@diffrax-ts/array";
import type { Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { expect, test } from "vitest";
import { agree } from "./support/agree.ts";
import {
  elementAt,
  elementsOf,
  expectTensor,
  fullShapes,
  shapes,
  tensorsOf,
} from "./support/arrays.ts";

/** Where elements go does not depend on what they are. */
const dtypes = fc.constantFrom("float64", "float32", "int32", "bool", "int64", "uint32");
const elements = fc.constantFrom(0, 1);
const settings = { numRuns: 30 };

function anyTensor(ofShapes: fc.Arbitrary<number[]> = shapes()): fc.Arbitrary<Tensor> {
  return fc.tuple(ofShapes, dtypes).chain(([shape, dtype]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    // Different elements, so that none can stand for another, where the dtype has so many.
    const counted = np.arange(size, { dtype: dtype === "bool" ? "int32" : dtype });
    return dtype === "bool"
      ? tensorsOf(shape, dtype, elements)
      : fc.constant(np.reshape(counted, shape));
  });
}

/** A tensor of rank 1 or more, and one of its axes, which may be negative. */
function withAxis(ofShapes = shapes({ least: 1 })): fc.Arbitrary<[Tensor, number]> {
  return anyTensor(ofShapes).chain((x) =>
    fc.tuple(fc.constant(x), fc.integer({ min: -x.shape.length, max: x.shape.length - 1 })),
  );
}

const fromFront = (axis: number, x: Tensor): number => (axis < 0 ? axis + x.shape.length : axis);

test("reshape, ravel, expandDims and squeeze keep the elements in their order", () => {
  fc.assert(
    fc.property(anyTensor(), fc.nat(), (x, seed) => {
      const place = seed % (x.shape.length + 1);
      const [flat, open, more, less] = agree(
        (a) => [
          np.ravel(a),
          np.reshape(a, x.size > 0 ? [-1, 1] : [0, 1]),
          np.expandDims(a, place),
          np.squeeze(np.expandDims(a, [place, -1]), { axis: [place, -1] }),
        ],
        x,
      ) as [Tensor, Tensor, Tensor, Tensor];
      expect([flat, open, more, less].map(({ shape }) => shape.join())).toEqual([
        String(x.size),
        `${x.size},1`,
        x.shape.toSpliced(place, 0, 1).join(),
        x.shape.join(),
      ]);
      for (const y of [flat, open, more, less]) expect(elementsOf(y)).toEqual(elementsOf(x));
      expect(np.squeeze(x).shape).toEqual(x.shape.filter((n) => n !== 1));
    }),
    settings,
  );
});

test("transpose(x, axes) moves axis axes[i] to place i, and turns them round without axes", () => {
  const cases = anyTensor().chain((x) =>
    fc.tuple(
      fc.constant(x),
      fc.shuffledSubarray([...x.shape.keys()], { minLength: x.shape.length }),
    ),
  );
  fc.assert(
    fc.property(cases, ([x, axes]) => {
      const shape = axes.map((axis) => x.shape[axis]!);
      expectTensor(
        agree((a) => np.transpose(a, axes), x),
        x.dtype,
        shape,
        (index) =>
          elementAt(
            x,
            axes.map((_, axis) => index[axes.indexOf(axis)]!),
          ),
      );
      expectTensor(
        agree((a) => np.transpose(a), x),
        x.dtype,
        x.shape.toReversed(),
        (index) => elementAt(x, index.toReversed()),
      );
    }),
    settings,
  );
});

test("moveaxis and swapaxes put axes where they are told", () => {
  const cases = withAxis().chain(([x, from]) =>
    fc.tuple(fc.constant(x), fc.constant(from), fc.nat({ max: x.shape.length - 1 })),
  );
  fc.assert(
    fc.property(cases, ([x, source, to]) => {
      const from = fromFront(source, x);
      const move = <T>(list: readonly T[]): T[] =>
        list.toSpliced(from, 1).toSpliced(to, 0, list[from]!);
      const back = <T>(list: readonly T[]): T[] =>
        list.toSpliced(to, 1).toSpliced(from, 0, list[to]!);
      const swap = <T>(list: readonly T[]): T[] => list.with(from, list[to]!).with(to, list[from]!);
      expectTensor(
        agree((a) => np.moveaxis(a, source, to), x),
        x.dtype,
        move(x.shape),
        (index) => elementAt(x, back(index)),
      );
      expectTensor(
        agree((a) => np.swapaxes(a, source, to), x),
        x.dtype,
        swap(x.shape),
        (index) => elementAt(x, swap(index)),
      );
    }),
    settings,
  );
  expect(np.moveaxis(np.zeros([2, 3, 4, 5]), [0, 1], [-1, 0]).shape).toEqual([3, 4, 5, 2]);
});

test("broadcastTo(x, shape) repeats axes of length 1, and adds axes in front", () => {
  const cases = shapes().chain((shape) =>
    fc.tuple(
      anyTensor(
        fc
          .tuple(fc.nat({ max: shape.length }), fc.boolean())
          .map(([n, one]) => shape.slice(n).map((length, i) => (one && i === 0 ? 1 : length))),
      ),
      fc.constant(shape),
    ),
  );
  fc.assert(
    fc.property(cases, ([x, shape]) => {
      expectTensor(
        agree((a) => np.broadcastTo(a, shape), x),
        x.dtype,
        shape,
        (index) =>
          elementAt(
            x,
            index
              .slice(shape.length - x.shape.length)
              .map((i, axis) => (x.shape[axis] === 1 ? 0 : i)),
          ),
      );
    }),
    settings,
  );
});

test("concatenate(split(x, cuts, { axis }), { axis }) is x, and the pieces are where they were", () => {
  fc.assert(
    fc.property(withAxis(), fc.nat(), ([x, axis], seed) => {
      const place = fromFront(axis, x);
      const n = x.shape[place]!;
      const cut = seed % (n + 1);
      const [front, rest, whole] = agree((a) => {
        const pieces = np.split(a, [cut], { axis });
        return [...pieces, np.concatenate(pieces, { axis })];
      }, x) as [Tensor, Tensor, Tensor];
      expectTensor(front, x.dtype, x.shape.with(place, cut), (index) => elementAt(x, index));
      expectTensor(rest, x.dtype, x.shape.with(place, n - cut), (index) =>
        elementAt(x, index.with(place, index[place]! + cut)),
      );
      expectTensor(whole, x.dtype, x.shape, (index) => elementAt(x, index));
      expect(np.split(x, Math.max(n, 1), { axis })).toHaveLength(Math.max(n, 1));
    }),
    settings,
  );
});

test("stack(arrays, { axis }) has a new axis that tells them apart", () => {
  fc.assert(
    fc.property(anyTensor(), fc.nat(), (x, seed) => {
      const axis = seed % (x.shape.length + 1);
      const flipped = np.flip(x);
      expectTensor(
        agree((a, b) => np.stack([a, b], { axis }), x, flipped),
        x.dtype,
        x.shape.toSpliced(axis, 0, 2),
        (index) => elementAt(index[axis] === 0 ? x : flipped, index.toSpliced(axis, 1)),
      );
    }),
    settings,
  );
  expect(agree((a) => np.stack([a, 2, a]), np.tensor(1, { dtype: "float32" }))).toMatchObject({
    dtype: "float32",
    shape: [3],
  });
});

test("slice(x, [start, stop, step], …) is Array.prototype.slice with steps, along every axis", () => {
  const bound = fc.option(fc.integer({ min: -6, max: 6 }));
  const range = fc.tuple(
    bound,
    bound,
    fc.integer({ min: -3, max: 3 }).filter((step) => step !== 0),
  );
  const cases = anyTensor().chain((x) =>
    fc.tuple(fc.constant(x), fc.array(range, { maxLength: x.shape.length })),
  );
  fc.assert(
    fc.property(cases, ([x, ranges]) => {
      const places = x.shape.map((n, axis) => pythonRange(n, ...(ranges[axis] ?? [null, null, 1])));
      expectTensor(
        agree((a) => np.slice(a, ...ranges), x),
        x.dtype,
        places.map((list) => list.length),
        (index) =>
          elementAt(
            x,
            index.map((i, axis) => places[axis]![i]!),
          ),
      );
    }),
    { numRuns: 100 },
  );
});

/** The places of `range(n)[start:stop:step]`, from their definition. */
function pythonRange(n: number, start: number | null, stop: number | null, step: number): number[] {
  const fix = (place: number): number => (place < 0 ? place + n : place);
  const low = step > 0 ? 0 : -1;
  const high = step > 0 ? n : n - 1;
  const hold = (place: number): number => Math.min(Math.max(fix(place), low), high);
  const from = start === null ? (step > 0 ? low : high) : hold(start);
  const to = stop === null ? (step > 0 ? high : low) : hold(stop);
  const places: number[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) places.push(i);
  return places;
}

test("slice(x, i, …) and x.at(i) take one element of an axis, and leave the axis out", () => {
  fc.assert(
    fc.property(anyTensor(fullShapes({ least: 1 })), fc.nat(), (x, seed) => {
      const i = seed % x.shape[0]!;
      const [place, fromEnd] = [i, i - x.shape[0]!].map((k) => np.tensor(k, { dtype: "int32" }));
      const parts = agree((a) => [np.slice(a, i), np.slice(a, i - x.shape[0]!), a.at(i)], x);
      const computed = agree((a, j, k) => [a.at(j), a.at(k)], x, place!, fromEnd!);
      for (const y of [...parts, ...computed]) {
        expectTensor(y, x.dtype, x.shape.slice(1), (index) => elementAt(x, [i, ...index]));
      }
    }),
    settings,
  );
});

test("take(x, indices, { axis }) puts the axes of the indices in place of the axis", () => {
  const cases = withAxis(fullShapes({ least: 1 })).chain(([x, axis]) => {
    const n = x.shape[fromFront(axis, x)]!;
    const indices = shapes({ most: 2 }).chain((shape) =>
      tensorsOf(shape, "int32", fc.integer({ min: -n, max: n - 1 })),
    );
    return fc.tuple(fc.constant(x), fc.constant(axis), indices);
  });
  fc.assert(
    fc.property(cases, ([x, axis, indices]) => {
      const place = fromFront(axis, x);
      const rank = indices.shape.length;
      const shape = x.shape.toSpliced(place, 1, ...indices.shape);
      expectTensor(
        agree((a, i) => np.take(a, i, { axis }), x, indices),
        x.dtype,
        shape,
        (index) => {
          const i = elementAt(indices, index.slice(place, place + rank));
          return elementAt(x, index.toSpliced(place, rank, i < 0 ? i + x.shape[place]! : i));
        },
      );
    }),
    settings,
  );
});

test("dynamicSlice and dynamicUpdateSlice move a window until it fits; negative places count from the end", () => {
  const cases = anyTensor(fullShapes()).chain((x) =>
    fc.tuple(
      fc.constant(x),
      fc.tuple(...x.shape.map((n) => fc.integer({ min: 0, max: n }))),
      fc.tuple(...x.shape.map((n) => fc.integer({ min: -n, max: n + 1 }))),
    ),
  );
  fc.assert(
    fc.property(cases, ([x, sizes, start]) => {
      const from = start.map((i, axis) => {
        const n = x.shape[axis]!;
        return Math.min(i < 0 ? i + n : i, n - sizes[axis]!);
      });
      const update = np.zeros(sizes, { dtype: x.dtype });
      const places = start.map((i) => np.tensor(i, { dtype: "int32" }));
      expectTensor(
        agree((a, ...i) => np.dynamicSlice(a, i, sizes), x, ...places),
        x.dtype,
        sizes,
        (index) =>
          elementAt(
            x,
            index.map((i, axis) => i + from[axis]!),
          ),
      );
      expectTensor(
        agree((a, ...i) => np.dynamicUpdateSlice(a, update, i), x, ...places),
        x.dtype,
        x.shape,
        (index) =>
          index.every((i, axis) => i >= from[axis]! && i < from[axis]! + sizes[axis]!)
            ? 0
            : elementAt(x, index),
      );
    }),
    settings,
  );
});

test("flip(x, { axis }) turns axes round, and roll(x, shift, { axis }) moves along one", () => {
  fc.assert(
    fc.property(withAxis(), fc.integer({ min: -7, max: 7 }), ([x, axis], shift) => {
      const place = fromFront(axis, x);
      const n = x.shape[place]!;
      expectTensor(
        agree((a) => np.flip(a, { axis }), x),
        x.dtype,
        x.shape,
        (index) => elementAt(x, index.with(place, n - 1 - index[place]!)),
      );
      expectTensor(
        agree((a) => np.flip(a), x),
        x.dtype,
        x.shape,
        (index) =>
          elementAt(
            x,
            index.map((i, at) => x.shape[at]! - 1 - i),
          ),
      );
      expectTensor(
        agree((a) => np.roll(a, shift, { axis }), x),
        x.dtype,
        x.shape,
        (index) => elementAt(x, index.with(place, (((index[place]! - shift) % n) + n) % n)),
      );
      const list = elementsOf(x);
      expect(elementsOf(np.roll(x, shift))).toEqual(
        list.map((_, i) => list.at((i - shift) % list.length)),
      );
    }),
    settings,
  );
});

test("pad(x, widths) has zeros round x", () => {
  const width = fc.nat({ max: 2 });
  const cases = anyTensor().chain((x) =>
    fc.tuple(fc.constant(x), fc.tuple(...x.shape.map(() => fc.tuple(width, width)))),
  );
  fc.assert(
    fc.property(cases, ([x, widths]) => {
      const shape = x.shape.map((n, axis) => n + widths[axis]![0] + widths[axis]![1]);
      expectTensor(
        agree((a) => np.pad(a, widths), x),
        x.dtype,
        shape,
        (index) => {
          const inner = index.map((i, axis) => i - widths[axis]![0]);
          return inner.every((i, axis) => i >= 0 && i < x.shape[axis]!) ? elementAt(x, inner) : 0;
        },
      );
    }),
    settings,
  );
  expect(np.pad(np.ones([1, 1]), 1).toArray()).toEqual([
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 0],
  ]);
});

test("repeat(x, n, { axis }) repeats elements, and tile(x, reps) the whole", () => {
  fc.assert(
    fc.property(
      withAxis(),
      fc.nat({ max: 3 }),
      fc.array(fc.nat({ max: 2 }), { maxLength: 4 }),
      ([x, axis], n, reps) => {
        const place = fromFront(axis, x);
        expectTensor(
          agree((a) => np.repeat(a, n, { axis }), x),
          x.dtype,
          x.shape.with(place, n * x.shape[place]!),
          (index) => elementAt(x, index.with(place, Math.floor(index[place]! / n))),
        );
        expect(elementsOf(np.repeat(x, n))).toEqual(
          elementsOf(x).flatMap((value) => Array.from({ length: n }, () => value)),
        );
        const rank = Math.max(reps.length, x.shape.length);
        const lead = <T>(list: readonly T[], filler: T): T[] => [
          ...Array.from({ length: rank - list.length }, () => filler),
          ...list,
        ];
        const [own, times] = [lead(x.shape, 1), lead(reps, 1)];
        expectTensor(
          agree((a) => np.tile(a, reps), x),
          x.dtype,
          own.map((m, i) => m * times[i]!),
          (index) => elementAt(x, index.map((i, at) => i % own[at]!).slice(rank - x.shape.length)),
        );
      },
    ),
    settings,
  );
});

test("diff(x, { n, axis }) is the differences of neighbours", () => {
  const cases = fullShapes({ least: 1 }).chain((shape) =>
    fc.tuple(tensorsOf(shape), fc.nat({ max: shape.length - 1 })),
  );
  fc.assert(
    fc.property(cases, ([x, axis]) => {
      expectTensor(
        agree((a) => np.diff(a, { axis }), x),
        "float64",
        x.shape.with(axis, x.shape[axis]! - 1),
        (index) => elementAt(x, index.with(axis, index[axis]! + 1)) - elementAt(x, index),
      );
    }),
    settings,
  );
  expect(agree((a) => np.diff(a, { n: 2 }), np.tensor([1, 4, 9, 16])).toArray()).toEqual([2, 2]);
  expect(np.diff(np.ones(2), { n: 3 }).shape).toEqual([0]);
});
