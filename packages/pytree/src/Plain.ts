import type { Fixed } from "./fixed.ts";
import type { Static, Strided, TypedArray } from "./Leaf.ts";
import type { Part } from "./part.ts";
import type { Tensor } from "./Tensor.ts";

/**
 * What a plain function sees of `T`: numbers for numbers and scalars, array-likes for typed arrays and tensors,
 * tuples and records as they are, a number for a `fixed` one, parts whose functions give such. A tensor of unknown rank can be used as
 * a number and as an array.
 */
export type Plain<T> = unknown extends T
  ? T
  : T extends number
    ? number
    : T extends Tensor
      ? PlainTensor<T["shape"]>
      : T extends TypedArray
        ? PlainArray<number>
        : T extends Strided
          ? PlainTensor<readonly number[]>
          : T extends Fixed
            ? number
            : T extends Static
              ? T
              : T extends Part
                ? PlainPart<T>
                : T extends readonly [...infer Elements] // for `NoInfer<[1, 2]>`, over which a map is no tuple
                  ? { -readonly [Key in keyof Elements]: Plain<Elements[Key]> } // so that functions of `number[]` take it
                  : { readonly [Key in keyof T]: Plain<T[Key]> };

/** A part, whose functions give a plain function what it can reckon with: `path.evaluate(t)` is a number there. */
export type PlainPart<T> = {
  readonly [Key in keyof T]: T[Key] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Plain<Result>
    : T[Key];
};

/** What a plain function sees of a tensor with this shape. */
export type PlainTensor<Shape extends readonly number[]> = number extends Shape["length"]
  ? number & PlainUnknown
  : Shape extends readonly [number, ...infer Rest extends readonly number[]]
    ? PlainArray<PlainTensor<Rest>>
    : number;

declare const made: unique symbol;

/**
 * An array with elements that can be read, looped over and counted: what a function has for a vector, whether it is
 * read or called. A vector maps numbers to numbers, as a `Float64Array` does.
 */
export interface PlainArray<Element>
  extends ArrayLike<Element>, Iterable<Element>, PlainArrayOf2023<Element> {
  /** For the type checker. */
  readonly [made]?: false;
  at(index: number): Element | undefined;
  entries(): IterableIterator<[number, Element]>;
  every(predicate: (value: Element, index: number, array: this) => unknown): boolean;
  filter(predicate: (value: Element, index: number, array: this) => unknown): PlainList<Element>;
  find(predicate: (value: Element, index: number, array: this) => unknown): Element | undefined;
  findIndex(predicate: (value: Element, index: number, array: this) => unknown): number;
  forEach(fn: (value: Element, index: number, array: this) => void): void;
  keys(): IterableIterator<number>;
  map<Result extends Mapped<Element>>(
    fn: (value: Element, index: number, array: this) => Result,
  ): Element extends number ? PlainList<number> : Result[];
  reduce(fn: (previous: Element, value: Element, index: number, array: this) => Element): Element;
  reduce(
    fn: (previous: Element, value: Element, index: number, array: this) => Element,
    first: Element,
  ): Element;
  reduce<Result>(
    fn: (previous: Result, value: Element, index: number, array: this) => Result,
    first: Result,
  ): Result;
  reduceRight(
    fn: (previous: Element, value: Element, index: number, array: this) => Element,
  ): Element;
  reduceRight(
    fn: (previous: Element, value: Element, index: number, array: this) => Element,
    first: Element,
  ): Element;
  reduceRight<Result>(
    fn: (previous: Result, value: Element, index: number, array: this) => Result,
    first: Result,
  ): Result;
  slice(start?: number, end?: number): PlainList<Element>;
  some(predicate: (value: Element, index: number, array: this) => unknown): boolean;
  values(): IterableIterator<Element>;
}

/** What a function makes of such an array: a list of numbers, where it is saved too. */
export interface PlainList<Element> extends Omit<PlainArray<Element>, typeof made> {
  /** For the type checker. */
  readonly [made]?: true;
}

/** What arrays have had since ES2023, where the library that TypeScript was told of has it: a `Float64Array` has to fit. */
type PlainArrayOf2023<Element> = "toReversed" extends keyof Float64Array
  ? {
      findLast(
        predicate: (value: Element, index: number, array: PlainArray<Element>) => unknown,
      ): Element | undefined;
      findLastIndex(
        predicate: (value: Element, index: number, array: PlainArray<Element>) => unknown,
      ): number;
      toReversed(): PlainList<Element>;
      with(index: number, value: Element): PlainList<Element>;
    }
  : object;

/** What the elements of such an array may be mapped to: numbers, where they are known to be numbers. */
type Mapped<Element> =
  Element extends ArrayLike<unknown> ? unknown : Element extends number ? number : unknown;

/** An array of unknown depth. */
export interface PlainUnknown extends PlainArray<number & PlainUnknown> {}
