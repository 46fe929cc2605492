import type { Leaf, Tensor } from "@diffrax-ts/pytree";
import { apply, applyOwn } from "./apply.ts";
import { asOperand, isOwn, numberAs } from "./asTensor.ts";
import { broadcastShapes } from "./broadcastShapes.ts";
import { isTraced } from "./isTraced.ts";
import type { BinaryPrimitive, ComparePrimitive } from "./primitives.ts";
import { sameList } from "./Type.ts";

/**
 * A binary operation, element by element, with broadcasting as NumPy has it: shapes are aligned at their last
 * axes, and an axis of length 1 is repeated. A number takes the dtype of the tensor it meets.
 *
 * @throws TypeError if two dtypes or two shapes do not go together.
 */
export function elementwise(
  primitive: BinaryPrimitive | ComparePrimitive,
  a: Leaf,
  b: Leaf,
  params: object = noParams,
): Tensor {
  const operands =
    isOwn(a) && isOwn(b) && a.dtype === b.dtype && sameList(a.shape, b.shape)
      ? [a, b]
      : broadcastTogether(primitive, a, b);
  return applyOwn(primitive, operands, params)[0]!;
}

/** One for all operations that have none. */
const noParams: object = {};

/** Operands brought to one dtype and one shape; a concrete scalar stays a scalar, which fits every shape. */
export function broadcastTogether(name: string, ...leaves: readonly Leaf[]): Tensor[] {
  const operands = leaves.map((x) => asOperand(x, name));
  const dtype = operands.find(isNoNumber)?.dtype ?? "float64";
  let shape: readonly number[] = [];
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i]!;
    const x = typeof operand === "number" ? numberAs(name, operand, dtype) : operand;
    operands[i] = x;
    if (x.dtype !== dtype) {
      throw new TypeError(`${name}: ${dtype} met ${x.dtype}; convert one of them with astype`);
    }
    if (!sameList(x.shape, shape)) shape = broadcastShapes(name, shape, x.shape);
  }
  const tensors = operands as Tensor[]; // numbers no longer, since the loop
  for (let i = 0; i < tensors.length; i++) {
    const x = tensors[i]!;
    if (!sameList(x.shape, shape) && (x.shape.length > 0 || isTraced(x)))
      tensors[i] = broadcastTo(x, shape);
  }
  return tensors;
}

function isNoNumber(x: Tensor | number): x is Tensor {
  return typeof x !== "number";
}

/** `x` repeated to `shape`, aligned at the last axes. */
export function broadcastTo(x: Tensor, shape: readonly number[]): Tensor {
  if (sameList(x.shape, shape)) return x;
  const axes = x.shape.map((_, i) => i + shape.length - x.shape.length);
  return apply("broadcast", [x], { shape, axes })[0]!;
}
