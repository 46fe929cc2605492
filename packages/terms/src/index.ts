/**
 * The terms of a differential equation: vector fields and their controls.
 *
 * @packageDocumentation
 */
export {};
