import { apply, asOperand, numberAs, roomFor } from "@diffrax-ts/program";
import type { Leaf, Tensor } from "@diffrax-ts/pytree";

/** Two operands of one dtype that can be multiplied and added. A number takes the dtype of the other. */
export function factors(name: string, a: Leaf, b: Leaf): [Tensor, Tensor] {
  const [x, y] = [asOperand(a, name), asOperand(b, name)];
  const dtype = typeof x === "object" ? x.dtype : typeof y === "object" ? y.dtype : "float64";
  const operands = [x, y].map((one) =>
    typeof one === "number" ? numberAs(name, one, dtype) : one,
  );
  const other = operands.find((one) => one.dtype !== dtype);
  if (other !== undefined) {
    throw new TypeError(`${name}: ${dtype} met ${other.dtype}; convert one of them with astype`);
  }
  if (dtype === "bool") {
    throw new TypeError(`${name}: expected numbers, got truth values; convert them with astype`);
  }
  return operands as [Tensor, Tensor];
}

/**
 * The sums of products along pairs of axes. What is left are the first `batch` axes, which both have, then
 * the other axes of `a`, then those of `b`.
 */
export function contract(
  name: string,
  [a, b]: readonly [Tensor, Tensor],
  [axesA, axesB]: readonly [readonly number[], readonly number[]],
  batch = 0,
): Tensor {
  for (const [i, axis] of axesA.entries()) {
    const [m, n] = [a.shape[axis]!, b.shape[axesB[i]!]!];
    if (m === n) continue;
    const last = axis === a.shape.length - 1 ? "the last axis" : `axis ${axis}`;
    const first = axesB[i] === 0 ? "the first axis" : `axis ${axesB[i]}`;
    throw new TypeError(
      `${name}: shapes [${a.shape.join()}] and [${b.shape.join()}] do not fit: ` +
        `${last} of the first (${m}) meets ${first} of the second (${n})`,
    );
  }
  const kept = Array.from({ length: batch }, (_, axis) => axis);
  const params = { contract: [axesA, axesB], batch: [kept, kept] } as const;
  return roomFor(name, () => apply("dotGeneral", [a, b], params))[0]!;
}
