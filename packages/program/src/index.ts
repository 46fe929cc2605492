/**
 * Tensors, primitives and Programs: what a traced function becomes.
 *
 * @packageDocumentation
 */
export {};
