/**
 * Keys and samplers, with the numbers of JAX but for roundings.
 *
 * @packageDocumentation
 */
export { bernoulli } from "./bernoulli.ts";
export { beta } from "./beta.ts";
export { bits, type BitsOptions } from "./bits.ts";
export { categorical, type CategoricalOptions } from "./categorical.ts";
export { choice, type ChoiceOptions } from "./choice.ts";
export { exponential } from "./exponential.ts";
export { foldIn } from "./foldIn.ts";
export { gamma, loggamma } from "./gamma.ts";
export { gumbel } from "./gumbel.ts";
export { key, type Key, requireKey } from "./key.ts";
export { foldInWords, type KeyWords, keyWords } from "./keyWords.ts";
export { multivariateNormal } from "./multivariateNormal.ts";
export { normal, normalAt, type NormalAtOptions } from "./normal.ts";
export { permutation, type PermutationOptions } from "./permutation.ts";
export { poisson, type PoissonOptions } from "./poisson.ts";
export { rademacher, type RademacherOptions } from "./rademacher.ts";
export { randint, type RandintOptions } from "./randint.ts";
export { split } from "./split.ts";
export { type KeyList, splitList } from "./splitList.ts";
export { threefry2x32 } from "./threefry2x32.ts";
export { truncatedNormal } from "./truncatedNormal.ts";
export { type FloatOptions, uniform, type UniformOptions } from "./uniform.ts";
