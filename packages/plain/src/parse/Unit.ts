import type {
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  Identifier,
} from "acorn";

/** A function as it is written in a source. */
export type FunctionNode = ArrowFunctionExpression | FunctionExpression | FunctionDeclaration;

/** A function that was parsed. */
export interface Unit {
  readonly name: string;
  /** What was parsed. */
  readonly source: string;
  /** How many characters of `source` stand before the function. */
  readonly shift: number;
  readonly node: FunctionNode;
  /** Where it uses names that it does not declare and that are not known: the first use of each. */
  readonly free: readonly Identifier[];
}
