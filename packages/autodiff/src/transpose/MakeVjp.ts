import type { Program } from "@diffrax-ts/program";

/** A program and its derivative backwards. */
export interface VjpProgram {
  /** `(...inputs, ...cotangents of outputs that have one) => (...outputs, ...cotangents of the masked inputs)`. */
  readonly program: Program;
  /** Which outputs depend on the masked inputs, so that their cotangents matter. */
  readonly outMask: readonly boolean[];
}

/** The reverse-mode derivative of a program, handed in so that no module has to import itself. */
export type MakeVjp = (program: Program, mask: readonly boolean[]) => VjpProgram;
