/**
 * Tensors to and from scijs ndarrays.
 *
 * @packageDocumentation
 */
export {};
