import { asOperand, numberAs } from "@diffrax-ts/program";
import { describeValue, isTensor, type Leaf, type Tensor } from "@diffrax-ts/pytree";

/** Arrays of one dtype, at least one. Numbers take the dtype of the others. */
export function alike(name: string, arrays: readonly Leaf[]): readonly [Tensor, ...Tensor[]] {
  if (!Array.isArray(arrays) || arrays.length === 0) {
    throw new TypeError(
      `${name}: expected a list of arrays, at least one, got ${describeValue(arrays)}`,
    );
  }
  const operands = arrays.map((x: Leaf) => asOperand(x, name));
  const dtype = operands.find(isTensor)?.dtype ?? "float64";
  const tensors = operands.map((x, i) => {
    if (typeof x === "number") return numberAs(name, x, dtype);
    if (x.dtype === dtype) return x;
    throw new TypeError(
      `${name}: arrays[${i}]: ${x.dtype} met ${dtype}; convert one of them with astype`,
    );
  });
  return tensors as unknown as readonly [Tensor, ...Tensor[]];
}
