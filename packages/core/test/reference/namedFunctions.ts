import { adjointRmsSeminorm } from "@diffrax-ts/core";
import { abs, add, mul, sum } from "@diffrax-ts/array";
import { maxNorm, type Norm, rmsNorm, type Tree, treeLeaves, twoNorm } from "@diffrax-ts/protocol";
import type { Callable, Scalar, Tensor } from "@diffrax-ts/pytree";

/** The size of the first element of the first leaf. */
function absFirst(tree: Tree): Scalar {
  const first = treeLeaves(tree)[0]!;
  return abs(first.shape.length === 0 ? first : first.at(0)) as Scalar;
}

export const norms: Readonly<Record<string, Norm>> = {
  rmsNorm,
  maxNorm,
  twoNorm,
  absFirst,
  adjointRmsSeminorm,
};

/** A function to save, written in both ways. */
interface SaveFunction {
  readonly onTensors: Callable;
  readonly plain: Callable;
}

export const saveFunctions: Readonly<Record<string, SaveFunction>> = {
  sumSquares: {
    onTensors: (_t: Scalar, y: Tensor) => sum(mul(y, y)),
    plain: (_t: number, y: readonly number[]) => y.reduce((total, x) => total + x ** 2, 0),
  },
  firstComponent: {
    onTensors: (_t: Scalar, y: Tensor) => y.at(0),
    plain: (_t: number, y: readonly number[]) => y[0],
  },
  secondComponent: {
    onTensors: (_t: Scalar, y: Tensor) => y.at(1),
    plain: (_t: number, y: readonly number[]) => y[1],
  },
  timeAndSum: {
    onTensors: (t: Scalar, y: Tensor) => ({ t, s: add(y.at(0), y.at(1)) }),
    plain: (t: number, [x, z]: readonly [number, number]) => ({ t, s: x + z }),
  },
};
