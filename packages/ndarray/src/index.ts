/**
 * Tensors to and from scijs ndarrays.
 *
 * @packageDocumentation
 */
export { fromNdarray } from "./fromNdarray.ts";
export { type NumberData, toNdarray } from "./toNdarray.ts";
