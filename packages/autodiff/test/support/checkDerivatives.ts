import { jit, jvp, vjp, vmap } from "@diffrax-ts/autodiff";
import { add, astype, mul } from "@diffrax-ts/program";
import { apply } from "@diffrax-ts/program";
import type { DType, Tensor } from "@diffrax-ts/pytree";
import fc from "fast-check";
import { Draw, numbersOf, tensorFrom } from "./Draw.ts";
import type { MakeCase, SmoothCase } from "./SmoothCase.ts";

function check(
  numRuns: number,
  make: NonNullable<MakeCase>,
  property: (draw: Draw, one: SmoothCase) => void,
): void {
  const thoroughness = Number(process.env["THOROUGHNESS"] ?? 1);
  fc.assert(
    fc.property(fc.gen(), (next) => {
      const draw = new Draw(next);
      property(draw, make(draw));
    }),
    { numRuns: Math.ceil(numRuns * thoroughness), includeErrorInReport: true },
  );
}

/** Fails unless two lists agree within `tolerance` times one plus the size of the second, which has to be finite. */
function close(
  what: string,
  got: readonly number[],
  wanted: readonly number[],
  tolerance: number,
): void {
  if (got.length !== wanted.length)
    throw new Error(`${what}: ${got.length} numbers and not ${wanted.length}`);
  for (const [i, x] of wanted.entries()) {
    const y = got[i]!;
    if (!Number.isFinite(x) || !(Math.abs(x - y) <= tolerance * (1 + Math.abs(x))))
      throw new Error(`${what}: number ${i}: ${y} and not ${x}`);
  }
}

const flat = (xs: readonly Tensor[]): number[] => xs.flatMap(numbersOf);
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const size = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + Math.abs(x * b[i]!), 0);

/** Inputs, a direction, and what makes them as another dtype. */
function drawInputs(draw: Draw, { shapes, fill }: SmoothCase) {
  const data = shapes.map(fill);
  const direction = shapes.map((shape) => draw.floats(shape, [0.1, 1], true));
  return {
    inputs: (dtype: DType): Tensor[] =>
      shapes.map((shape, i) => tensorFrom(dtype, shape, data[i]!)),
    directions: (dtype: DType): Tensor[] =>
      shapes.map((shape, i) => tensorFrom(dtype, shape, direction[i]!)),
    /** A step in the direction. */
    moved: (h: number): Tensor[] =>
      shapes.map((shape, i) =>
        tensorFrom(
          "float64",
          shape,
          data[i]!.map((x, j) => x + h * direction[i]![j]!),
        ),
      ),
  };
}

/** A cotangent for these tensors. */
function cotangents(draw: Draw, values: readonly Tensor[]): Tensor[] {
  return values.map(({ shape, dtype }) =>
    tensorFrom(dtype, shape, draw.floats(shape, [0.1, 1], true)),
  );
}

/** `(8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12 h`: the error is `h⁴ f⁗'/30`, and `eps/h` of rounding. */
function difference(f: (h: number) => readonly number[]): number[] {
  const h = 2 ** -9;
  const [a, b, c, d] = [f(h), f(-h), f(2 * h), f(-2 * h)];
  return a.map((x, i) => (8 * (x - b[i]!) - (c[i]! - d[i]!)) / (12 * h));
}
// 2^-36 / 30 is 5e-13, and the fifth derivatives stay below 1e6 (atanh at 0.8 has 7e4).
const ofDifferences = 1e-6;

/** First derivatives against differences and against each other. */
export function checkFirst(numRuns: number, make: NonNullable<MakeCase>, dtype: DType): void {
  check(numRuns, make, (draw, one) => {
    const { inputs, directions, moved } = drawInputs(draw, one);
    const f = one.f;
    const wide = jvp(f, inputs("float64"), directions("float64"));
    const run = jit(f);
    close(
      "jvp and differences",
      flat(wide.tangent),
      difference((h) => flat(run(...moved(h)))),
      ofDifferences,
    );

    const x = inputs(dtype);
    const { value, tangent } = jvp(f, x, directions(dtype));
    // Some tens of operations, each with 2^-24.
    close(
      "jvp in float32 and float64",
      flat(tangent),
      flat(wide.tangent),
      dtype === "float32" ? 1e-4 : 0,
    );
    close("value of jvp", flat(value), flat(jit(f)(...x)), 0);

    const ct = cotangents(draw, value);
    const back = vjp(f, ...x);
    close("value of vjp", flat(back.value), flat(value), 0);
    const gradients = back.vjp(ct);
    for (const [i, gradient] of gradients.entries()) {
      if (gradient.dtype !== dtype || gradient.shape.join() !== x[i]!.shape.join())
        throw new Error(`gradient ${i} is ${gradient.dtype}[${gradient.shape.join()}]`);
    }
    const [u, jv, g, v] = [flat(ct), flat(tangent), flat(gradients), flat(directions(dtype))];
    const scale = 1 + size(u, jv) + size(g, v);
    close(
      "dot products",
      [dot(g, v) / scale],
      [dot(u, jv) / scale],
      dtype === "float32" ? 1e-5 : 1e-13,
    );
  });
}

/** `Σ outputs · weights`. */
function weighted(outputs: readonly Tensor[], weights: readonly Tensor[]): Tensor {
  return outputs
    .map((y, i) => {
      const [sum] = apply("reduceSum", [mul(y, weights[i]!)], { axes: [...y.shape.keys()] });
      return sum!;
    })
    .reduce((sum, y) => add(sum, y));
}

/** Products of the Hessian of a weighted sum of outputs with a vector. */
export function checkSecond(numRuns: number, make: NonNullable<MakeCase>): void {
  check(numRuns, make, (draw, one) => {
    const { inputs, directions, moved } = drawInputs(draw, one);
    const f = one.f;
    const [x, v] = [inputs("float64"), directions("float64")];
    const weights = cotangents(draw, jit(f)(...x));
    const loss = (...at: Tensor[]): Tensor => weighted(f(...at), weights);
    const ct = astype(1, "float64");
    const gradient = (...at: Tensor[]): Tensor[] => [...vjp(loss, ...at).vjp(ct)];
    const run = jit(gradient);

    const forwardOverReverse = flat(jvp(gradient, x, v).tangent);
    close(
      "forward over reverse and differences",
      forwardOverReverse,
      difference((h) => flat(run(...moved(h)))),
      100 * ofDifferences,
    );
    const slope = (...at: Tensor[]): Tensor => jvp(loss, at, v).tangent;
    close("reverse over forward", flat(vjp(slope, ...x).vjp(ct)), forwardOverReverse, 1e-11);
    const along = (...at: Tensor[]): Tensor => weighted(gradient(...at), v);
    close("reverse over reverse", flat(vjp(along, ...x).vjp(ct)), forwardOverReverse, 1e-11);
    const [second] = [jvp((...at: Tensor[]) => [jvp(loss, at, v).tangent], x, v).tangent];
    close("forward over forward", [flat(second)[0]!], [dot(forwardOverReverse, flat(v))], 1e-11);
  });
}

/** A batch against one element after the other, to the last bit. */
export function checkBatch(numRuns: number, make: NonNullable<MakeCase>, dtype: DType): void {
  check(numRuns, make, (draw, one) => {
    const f = one.f;
    const count = draw.int(1, 4);
    const elements = Array.from({ length: count }, () => drawInputs(draw, one));
    const xs = elements.map(({ inputs }) => inputs(dtype));
    const vs = elements.map(({ directions }) => directions(dtype));
    // What is the same for all is taken from the first.
    const axes: (number | null)[] = one.shapes.map(({ length }) =>
      draw.once(4) ? null : draw.int(0, length),
    );
    if (!axes.some((axis) => axis !== null)) axes[0] = 0;
    const rowOf = (rows: readonly (readonly Tensor[])[], i: number): Tensor[] =>
      axes.map((axis, j) => rows[axis === null ? 0 : i]![j]!);
    const batchOf = (rows: readonly (readonly Tensor[])[]): Tensor[] =>
      axes.map((axis, j) =>
        axis === null
          ? rows[0]![j]!
          : stack(
              rows.map((row) => row[j]!),
              axis,
            ),
      );
    const same = (
      what: string,
      batch: readonly Tensor[],
      wanted: (i: number) => readonly Tensor[],
    ): void => {
      const all = Array.from({ length: count }, (_, i) => wanted(i));
      close(
        what,
        flat(batch),
        flat(
          all[0]!.map((_, j) =>
            stack(
              all.map((row) => row[j]!),
              0,
            ),
          ),
        ),
        0,
      );
    };

    const inAxes = axes;
    same("vmap", vmap(f, { inAxes })(...batchOf(xs)), (i) => jit(f)(...rowOf(xs, i)));
    const tangent = (...all: readonly Tensor[]): readonly Tensor[] => {
      const half = all.length / 2;
      return jvp(f, all.slice(0, half), all.slice(half)).tangent;
    };
    same(
      "vmap of jvp",
      vmap(tangent, { inAxes: [...axes, ...axes] })(...batchOf(xs), ...batchOf(vs)),
      (i) => jit(tangent)(...rowOf(xs, i), ...rowOf(vs, i)),
    );
    const weights = cotangents(draw, jit(f)(...xs[0]!));
    const gradient = (...x: readonly Tensor[]): readonly Tensor[] => vjp(f, ...x).vjp(weights);
    same("vmap of vjp", vmap(gradient, { inAxes })(...batchOf(xs)), (i) =>
      jit(gradient)(...rowOf(xs, i)),
    );
  });
}

/** Tensors of one shape along a new axis. */
function stack(tensors: readonly Tensor[], axis: number): Tensor {
  const parts = tensors.map(
    (x) => apply("reshape", [x], { shape: x.shape.toSpliced(axis, 0, 1) })[0]!,
  );
  return apply("concatenate", parts, { axis })[0]!;
}
