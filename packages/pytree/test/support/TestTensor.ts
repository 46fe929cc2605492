import {
  type DType,
  type NestedArray,
  type NestedNumbers,
  type Tensor,
  tensorBrand,
  type TensorData,
} from "@diffrax-ts/pytree";

/** A tensor that holds numbers and cannot compute. Its brand is on the prototype, as a class would have it. */
export class TestTensor<Shape extends readonly number[]> implements Tensor<Shape> {
  readonly dtype: DType = "float64";
  readonly offset = 0;
  readonly shape: Shape;
  readonly data: TensorData;

  constructor(shape: Shape) {
    this.shape = shape;
    this.data = new Float64Array(this.size);
  }

  get [tensorBrand](): true {
    return true;
  }
  get size(): number {
    return this.shape.reduce((product, n) => product * n, 1);
  }
  get length(): number {
    return this.shape[0]!;
  }
  get stride(): readonly number[] {
    return this.shape.map((_, i) => this.shape.slice(i + 1).reduce((product, n) => product * n, 1));
  }
  add = refuse;
  sub = refuse;
  mul = refuse;
  div = refuse;
  pow = refuse;
  neg = refuse;
  at = refuse;
  item(): number {
    return Number(this.data[0]);
  }
  toArray(): NestedArray<Shape> {
    const nest = ([n, ...rest]: readonly number[]): NestedNumbers =>
      n === undefined ? 0 : Array.from({ length: n }, () => nest(rest));
    return nest(this.shape);
  }
  toJSON(): NestedArray<Shape> {
    return this.toArray();
  }
  [Symbol.iterator](): Iterator<number> {
    return Array.from(this.data, Number).values();
  }
}

function refuse(): never {
  throw new Error("TestTensor does not compute");
}

/** A strided array as a scijs ndarray has it: an instance of a class without a brand. */
export class TestStrided {
  readonly data: Float64Array = new Float64Array(2);
  readonly shape: readonly number[] = [2];
  readonly stride: readonly number[] = [1];
  readonly offset = 0;
  get(i: number): number {
    return this.data[i]!;
  }
}
