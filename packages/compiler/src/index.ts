/**
 * Programs compiled to WebAssembly.
 *
 * @packageDocumentation
 */
export {};
