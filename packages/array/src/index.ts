/**
 * NumPy-like functions on tensors.
 *
 * @packageDocumentation
 */
export {};
