/**
 * Trees of containers and leaves: flatten, unflatten, map, compare, and the types that carry them.
 *
 * @packageDocumentation
 */
export { checkOptions, ownCopy } from "./checkOptions.ts";
export { type Closure, closure, closureOf, codeOf, ConstantWanted, derived } from "./closure.ts";
export type { Concrete } from "./Concrete.ts";
export { describeStructure } from "./describeStructure.ts";
export { describeValue, isMaker } from "./describeValue.ts";
export type { Field, FieldList, FieldTensor, FieldUnknown } from "./Field.ts";
export { type Fixed, fixed, isFixed } from "./fixed.ts";
export {
  type Flat,
  flatten,
  type FlattenOptions,
  leaves,
  type NameOfTree,
  structure,
} from "./flatten.ts";
export { flattenLike } from "./flattenLike.ts";
export { hashStructure, hashTree } from "./hashTree.ts";
export { keyPaths, keyPath } from "./keyPaths.ts";
export {
  type Callable,
  isLeaf,
  isDetached,
  isStrided,
  isTypedArray,
  type Leaf,
  type Static,
  type Strided,
  type StridedArray,
  type TensorRecord,
  type TypedArray,
} from "./Leaf.ts";
export { type LeafOf, map, type Mapped } from "./map.ts";
export { match } from "./match.ts";
export { isPart, kindOf, type Part, part, partBrand } from "./part.ts";
export type {
  Plain,
  PlainArray,
  PlainList,
  PlainPart,
  PlainTensor,
  PlainUnknown,
} from "./Plain.ts";
export type { Opaque, Pytree } from "./Pytree.ts";
export type { PlainShape, Saved } from "./Saved.ts";
export type { Structure } from "./Structure.ts";
export { structuresEqual } from "./structuresEqual.ts";
export {
  type DType,
  isDType,
  isTensor,
  type NestedArray,
  type NestedByRank,
  type NestedNumbers,
  type IteratorByRank,
  type JoinByRank,
  type JoinedTensor,
  type PartByRank,
  type Scalar,
  type Tensor,
  tensorBrand,
  type TensorData,
} from "./Tensor.ts";
export type { Traced } from "./Traced.ts";
export {
  isTracedFunction,
  markTraced,
  markWritten,
  traced,
  type TracedFunction,
  writtenOf,
} from "./tracedFunction.ts";
export { unflatten } from "./unflatten.ts";
export { unflattenUnwrapped, type Unwrapped, unwrapFixed } from "./unwrapFixed.ts";
