import { adjointRmsSeminorm } from "@diffrax-ts/core";
import { abs, add, greater, less, mul, sub, sum } from "@diffrax-ts/array";
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

interface Levels {
  readonly level: Scalar;
  readonly tstop: Scalar;
}

interface PlainLevels {
  readonly level: number;
  readonly tstop: number;
}

/** Conditions of events. */
export const conditions: Readonly<Record<string, SaveFunction>> = {
  firstComponent: saveFunctions["firstComponent"]!,
  secondComponent: saveFunctions["secondComponent"]!,
  firstMinusArg: {
    onTensors: (_t: Scalar, y: Tensor, { level }: Levels) => sub(y.at(0), level),
    plain: (_t: number, y: readonly number[], { level }: PlainLevels) => y[0]! - level,
  },
  timeMinusArg: {
    onTensors: (t: Scalar, _y: Tensor, { tstop }: Levels) => sub(t, tstop),
    plain: (t: number, _y: readonly number[], { tstop }: PlainLevels) => t - tstop,
  },
  timePastArg: {
    onTensors: (t: Scalar, _y: Tensor, { tstop }: Levels) => greater(t, tstop),
    plain: (t: number, _y: readonly number[], { tstop }: PlainLevels) => t > tstop,
  },
  productMinusArg: {
    onTensors: (_t: Scalar, y: Tensor, { level }: Levels) => sub(mul(y.at(0), y.at(1)), level),
    plain: (_t: number, [x, z]: readonly [number, number], { level }: PlainLevels) => x * z - level,
  },
  firstNegative: {
    onTensors: (_t: Scalar, y: Tensor) => less(y.at(0), 0),
    plain: (_t: number, y: readonly number[]) => y[0]! < 0,
  },
  scalarMinusArg: {
    onTensors: (_t: Scalar, y: Scalar, { level }: Levels) => sub(y, level),
    plain: (_t: number, y: number, { level }: PlainLevels) => y - level,
  },
  dictXMinusArg: {
    onTensors: (_t: Scalar, { x }: { readonly x: Scalar }, { level }: Levels) => sub(x, level),
    plain: (_t: number, { x }: { readonly x: number }, { level }: PlainLevels) => x - level,
  },
};
