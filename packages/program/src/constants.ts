// What a function uses from outside has in its trace the value of that moment: whoever owns the memory may write to it later.
import type { TensorData } from "@diffrax-ts/pytree";
import { type ArrayValue, valueOf } from "./ArrayValue.ts";
import type { Known } from "./Atom.ts";
import { ArrayConstant, Constant, FilledTensor, mostFilled } from "./tensors.ts";
import { rowMajor, sameList } from "./Type.ts";

/** The last constant that was made of some memory. */
let known: WeakMap<TensorData, ArrayConstant> | undefined;

/** A tensor as a constant of a Program: the numbers that it has now. Those of an array are copied, once for each state of its memory. */
export function asConstant(x: Known): Known {
  if (isConstant(x)) return x;
  const { dtype, shape } = x;
  if (shape.length === 0) return new Constant(dtype, x.scalar);
  known ??= new WeakMap();
  const value = valueOf(x);
  const before = known.get(x.data);
  if (before !== undefined && isSame(before, value)) return before;
  const data = value.data === x.data ? value.data.slice() : value.data;
  const constant = arrayConstant({ dtype, shape: [...shape], data });
  known.set(x.data, constant);
  return constant;
}

/** A large array whose elements are all one number, bit for bit; `undefined` for any other. */
export function filledOf(x: Known): FilledTensor | undefined {
  if (x instanceof FilledTensor) return x;
  const { dtype, shape } = x;
  if (x.size < mostFilled) return undefined;
  const { data } = valueOf(x);
  const [first] = data;
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], first)) return undefined;
  return Number.isNaN(first) ? undefined : new FilledTensor(dtype, [...shape], first!);
}

/** Whether a tensor has memory that nobody else has. */
export function isConstant(x: object): boolean {
  return x instanceof Constant || x instanceof ArrayConstant;
}

/** A constant over memory that is handed over to it. */
export function constantFrom(value: ArrayValue): Known {
  return value.shape.length === 0
    ? new Constant(value.dtype, value.data[0]!)
    : arrayConstant(value);
}

function arrayConstant({ dtype, shape, data }: ArrayValue): ArrayConstant {
  return new ArrayConstant(dtype, shape, data, rowMajor(shape), 0);
}

function isSame(a: ArrayValue, b: ArrayValue): boolean {
  if (a.dtype !== b.dtype || !sameList(a.shape, b.shape)) return false;
  for (let i = 0; i < a.data.length; i++) if (!Object.is(a.data[i], b.data[i])) return false;
  return true;
}
