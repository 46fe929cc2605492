import type {
  Concrete,
  Field,
  Fixed,
  Plain,
  Pytree,
  Saved,
  Scalar,
  Tensor,
  Traced,
} from "@diffrax-ts/pytree";
import { expectTypeOf, test } from "vitest";

interface State {
  x: number;
  q: [number, Float64Array];
}

test("Saved<number> is a vector, and each leaf gets one more axis", () => {
  expectTypeOf<Saved<number>>().toEqualTypeOf<Tensor<readonly [number]>>();
  expectTypeOf<Saved<Scalar>>().toEqualTypeOf<Tensor<readonly [number]>>();
  expectTypeOf<Saved<Float64Array>>().toEqualTypeOf<Tensor<readonly [number, number]>>();
  expectTypeOf<Saved<Tensor<readonly [number, number]>>>().toEqualTypeOf<
    Tensor<readonly [number, number, number]>
  >();
  expectTypeOf<Saved<State>>().toEqualTypeOf<{
    readonly x: Tensor<readonly [number]>;
    readonly q: readonly [Tensor<readonly [number]>, Tensor<readonly [number, number]>];
  }>();
});

test("Saved<Plain<Y>> is Saved<Y>", () => {
  expectTypeOf<Saved<Plain<State>>>().toEqualTypeOf<Saved<State>>();
  expectTypeOf<Saved<Plain<Tensor>>>().toEqualTypeOf<Saved<Tensor>>();
  expectTypeOf<Saved<Plain<Tensor<readonly [number, number]>>>>().toEqualTypeOf<
    Saved<Tensor<readonly [number, number]>>
  >();
});

test("Plain<T> shows numbers, tuples and array-likes, and what is static as it is", () => {
  expectTypeOf<Plain<Scalar>>().toEqualTypeOf<number>();
  expectTypeOf<Plain<Fixed>>().toEqualTypeOf<number>();
  expectTypeOf<Plain<readonly [1, 2]>>().toEqualTypeOf<[number, number]>();
  expectTypeOf<Plain<{ mode: "fast"; f: (x: number) => number }>>().toEqualTypeOf<{
    readonly mode: "fast";
    readonly f: (x: number) => number;
  }>();
  expectTypeOf<Plain<Float64Array>[number]>().toEqualTypeOf<number>();
  expectTypeOf<Plain<undefined>>().toEqualTypeOf<undefined>();
});

test("Field<T> takes what a plain function sees, and numbers in arrays for vectors", () => {
  expectTypeOf<Plain<State>>().toExtend<Field<State>>();
  expectTypeOf<{ x: number; q: [number, number[]] }>().toExtend<Field<State>>();
  expectTypeOf<{ x: number }>().not.toExtend<Field<State>>();
  expectTypeOf<Plain<Tensor>>().toExtend<Field<Tensor>>();
  expectTypeOf<Field<string>>().toEqualTypeOf<never>();
});

test("Traced<T> has tensors for numbers, and Concrete<Traced<T>> takes T back", () => {
  expectTypeOf<Traced<State>>().toEqualTypeOf<{
    readonly x: Scalar;
    readonly q: readonly [Scalar, Tensor<readonly [number]>];
  }>();
  expectTypeOf<Traced<Fixed>>().toEqualTypeOf<number>();
  expectTypeOf<State>().toExtend<Concrete<Traced<State>>>();
  expectTypeOf<Traced<State>>().toExtend<Concrete<Traced<State>>>();
  expectTypeOf<Fixed>().toExtend<Concrete<Traced<Fixed>>>();
});

test("Pytree<T> is T, and never where T has a leaf that cannot be in a tree", () => {
  expectTypeOf<State>().toExtend<Pytree<State>>();
  expectTypeOf<Pytree<{ x: Map<string, number> }>>().toEqualTypeOf<{ readonly x: never }>();
});
