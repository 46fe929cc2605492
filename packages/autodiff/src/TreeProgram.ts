import type { Program, Type } from "@diffrax-ts/program";
import type { Structure, Tensor } from "@diffrax-ts/pytree";

/** A function of trees as a Program of their leaves. */
export interface TreeProgram {
  /** Of the list of arguments. */
  readonly structure: Structure;
  /** Of the leaves of the arguments. */
  readonly types: readonly Type[];
  readonly program: Program;
  /** Values of surrounding traces that the function uses: the first inputs of the program. */
  readonly captured: readonly Tensor[];
  /** Of the result. */
  readonly output: Structure;
  /** What it takes, about. */
  readonly bytes: number;
}
