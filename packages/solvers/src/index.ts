/**
 * Explicit Runge–Kutta methods.
 *
 * @packageDocumentation
 */
export {};
