import { eye, mul, reshape, tensordot } from "@diffrax-ts/array";
import { asTensor } from "@diffrax-ts/autodiff";
import type { LinearOperator } from "@diffrax-ts/linear-solvers";
import {
  fieldLike,
  pack,
  type StatePart,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import { describeValue, isLeaf, isPart, isTensor, keyPath, type Tensor } from "@diffrax-ts/pytree";

/** How a vector field takes the increments of a control to those of the state. */
export type Coupling =
  /** By matrices: a tree like the state, each leaf with the axes of the state and then those of the control. */
  | { readonly matrices: Tree }
  /** Component by component: a tree like the state. */
  | { readonly diagonal: Tree }
  | { readonly operator: LinearOperator };

/**
 * What a vector field returned, for a state and a control.
 *
 * @param isPlain - Whether it is ordinary arithmetic: then a number for each component of a vector is a diagonal.
 * @throws TypeError that says which rows and columns were expected, and where.
 */
export function couplingOf(
  result: unknown,
  state: StatePart,
  control: Tree,
  isPlain: boolean,
): Coupling {
  requireDType(state, control);
  if (isOperator(result)) return { operator: ofSize(result, state, control) };
  const name = "ControlTerm: vector field: result";
  if (isPlain && isTensor(control)) {
    if (isDiagonal(result, state.y, control)) return { diagonal: fieldLike(result, state, name) };
    requireRows(result, state, control, name);
  }
  return { matrices: matricesOf(result, { state, control, isPlain }, name) };
}

function requireDType({ name, y }: StatePart, control: Tree): void {
  const [{ dtype: wanted } = { dtype: undefined }] = treeLeaves(y);
  const other = treeLeaves(control).find(({ dtype }) => dtype !== wanted);
  if (other === undefined || wanted === undefined) return;
  throw new TypeError(
    `ControlTerm: control: expected ${wanted}, as ${name}, got ${other.dtype}; make its values ${wanted}: those of a Brownian motion are ` +
      `of its shape: { shape, dtype: "${wanted}" }`,
  );
}

function isOperator(result: unknown): result is LinearOperator {
  return isPart(result) && typeof (result as Partial<LinearOperator>).mv === "function";
}

/** Whether there is one number for each of n components, of a vector or a list, and as many in the control. */
function isDiagonal(result: unknown, y: Tree, { shape: [n, ...rest] }: Tensor): boolean {
  if (n === undefined || rest.length > 0) return false;
  const isVector = isTensor(y) && y.shape.length === 1 && y.shape[0] === n;
  if (!isVector && !(isListOfScalars(y) && y.length === n)) return false;
  if (isTensor(result)) return result.shape.length === 1 && result.shape[0] === n;
  return Array.isArray(result) && result.length === n && result.every(isNumber);
}

function isListOfScalars(y: Tree): y is readonly Tree[] {
  return Array.isArray(y) && y.every((child) => isTensor(child) && child.shape.length === 0);
}

function isNumber(x: unknown): boolean {
  return typeof x === "number" || (isTensor(x) && x.shape.length === 0);
}

/** Says of a list of numbers as a whole which rows it wants: one by one they would be called wrong, where there are too many of them. */
function requireRows(
  result: unknown,
  { name, y }: StatePart,
  { shape }: Tensor,
  path: string,
): void {
  const [columns] = shape;
  if (shape.length !== 1 || !isListOfScalars(y)) return;
  const lengths = Array.isArray(result) ? result.map(lengthOf) : [];
  if (lengths.length === y.length && lengths.every((length) => length === columns)) return;
  throw new TypeError(
    `${path}: expected ${rowsOf(String(y.length), name, "item")} and ${columnsOf(String(columns))}, got ${described(result, lengths)}`,
  );
}

/** The length of a row; `null` for a number, and for what is no row. */
function lengthOf(row: unknown): number | null {
  if (Array.isArray(row)) return row.length;
  return isTensor(row) && row.shape.length === 1 ? row.shape[0]! : null;
}

function described(result: unknown, lengths: readonly (number | null)[]): string {
  const [first] = lengths;
  const areAlike = lengths.length > 0 && lengths.every((length) => length === first);
  if (!areAlike) return describeValue(result);
  const of = (word: string): string =>
    `${lengths.length} ${lengths.length === 1 ? word : `${word}s`}`;
  return first === null ? of("number") : `${of("row")} of ${first}`;
}

function rowsOf(count: string, state: string, of: "item" | "component"): string {
  return `${count} ${count === "1" ? "row" : "rows"}, one for each ${of} of ${state},`;
}

function columnsOf(count: string): string {
  return `${count} ${count === "1" ? "column" : "columns"}, one for each component of the control`;
}

/** @throws TypeError for an operator with other rows and columns than the state and the control have components. */
function ofSize(operator: LinearOperator, { name, y }: StatePart, control: Tree): LinearOperator {
  const wanted = [y, control].map((tree) => treeLeaves(tree).reduce((n, { size }) => n + size, 0));
  const found = [operator.outStructure(), operator.inStructure()].map(sizeOf);
  if (wanted.join() === found.join()) return operator;
  throw new TypeError(
    `ControlTerm: vector field: result: expected an operator with ${rowsOf(String(wanted[0]), name, "component")} and ` +
      `${columnsOf(String(wanted[1]))}, got a ${operator.kind} with ${found[0]} rows and ${found[1]} columns`,
  );
}

/** How many elements there are in a tree of `{ dtype, shape }`. */
function sizeOf(shapes: unknown): number {
  if (typeof shapes !== "object" || shapes === null) return 0;
  const { shape, dtype } = shapes as { readonly shape?: unknown; readonly dtype?: unknown };
  return Array.isArray(shape) && typeof dtype === "string"
    ? shape.reduce((n: number, length: number) => n * length, 1)
    : Object.values(shapes).reduce((n: number, child) => n + sizeOf(child), 0);
}

/** What a result is held against. */
interface Wanted<Y = Tree, Control = Tree> {
  readonly state: { readonly name: string; readonly y: Y };
  readonly control: Control;
  readonly isPlain: boolean;
}

function matricesOf(result: unknown, wanted: Wanted, path: string): Tree {
  const { state, control, isPlain } = wanted;
  const { name, y } = state;
  if (y === null) return null;
  if (isTensor(y)) {
    if (!isTensor(control)) refuseControl(control, name);
    return matrixOf(result, { state: { name, y }, control, isPlain }, path);
  }
  const given = childrenLike(result, state, path);
  const child = (key: string | number): Tree => {
    const own = (tree: Tree): Tree => (tree as Readonly<Record<string | number, Tree>>)[key]!;
    if (!isTensor(control) && !(control !== null && key in control)) refuseControl(control, name);
    const part = { name: name + keyPath(key), y: own(y) };
    const ofPart = isTensor(control) ? control : own(control);
    return matricesOf(given[key], { state: part, control: ofPart, isPlain }, path + keyPath(key));
  };
  return Array.isArray(y)
    ? y.map((_, i) => child(i))
    : Object.fromEntries(Object.keys(y).map((key) => [key, child(key)]));
}

function refuseControl(control: Tree, state: string): never {
  throw new TypeError(
    `ControlTerm: control: expected one tensor, or the structure of ${state}, got ${describeValue(control)}`,
  );
}

/** What a result has for the children of a state, which have to be the same. */
function childrenLike(
  result: unknown,
  { name, y }: StatePart,
  path: string,
): Readonly<Record<string | number, unknown>> {
  const keys = Object.keys(y as object);
  const isList = Array.isArray(y);
  const isAlike =
    typeof result === "object" &&
    result !== null &&
    !isLeaf(result) &&
    Array.isArray(result) === isList &&
    Object.keys(result).toSorted().join() === keys.toSorted().join();
  if (isAlike) return result as Readonly<Record<string | number, unknown>>;
  throw new TypeError(
    `${path}: expected ${isList ? `${keys.length} items` : `{ ${keys.join(", ")} }`} as in ${name}, got ${describeValue(result)}`,
  );
}

function matrixOf(
  result: unknown,
  { state: { name, y }, control, isPlain }: Wanted<Tensor, Tensor>,
  path: string,
): Tensor {
  const shape = [...y.shape, ...control.shape];
  const isPacked = Array.isArray(result) && shape.length > 0;
  const value = isPacked ? pack(result, y.dtype, path) : result;
  if (isLeaf(value)) {
    const matrix = asTensor(value, path);
    if (matrix.dtype === y.dtype && matrix.shape.join() === shape.join()) return matrix;
  }
  const expected = shape.length === 0 ? "a number" : `${y.dtype}[${shape.join()}]`;
  const got = isTensor(value) && value.shape.length === 0 ? "a number" : describeValue(value);
  throw new TypeError(
    `${path}: expected ${expected}${rowsAndColumns(name, y, control)}, got ${got}${hint(value, y, control, isPlain)}`,
  );
}

function rowsAndColumns(name: string, y: Tensor, control: Tensor): string {
  const [rows, columns] = [y.shape, control.shape].map((shape) => shape.join(" × "));
  if (columns === "") return `, as ${name}, for a control that is one number`;
  return rows === ""
    ? `, a row of ${columnsOf(columns!)}`
    : `, ${rowsOf(rows!, name, "component")} and ${columnsOf(columns!)}`;
}

function hint(value: unknown, y: Tensor, control: Tensor, isPlain: boolean): string {
  const isVector = isTensor(value) && value.shape.length === 1;
  const isSquare = y.shape.length === 1 && y.shape.join() === control.shape.join();
  return !isPlain && isVector && isSquare && value.shape.join() === y.shape.join()
    ? "; for a diagonal matrix return DiagonalLinearOperator(…)"
    : "";
}

/** The increment of a state. */
export function increment(coupling: Coupling, state: StatePart, control: Tree): Tree {
  if ("matrices" in coupling) return contract(coupling.matrices, control);
  if ("operator" in coupling) {
    const name = `ControlTerm: ${coupling.operator.kind}.mv(control)`;
    return fieldLike(coupling.operator.mv(control), state, name);
  }
  const { diagonal } = coupling;
  const one = control as Tensor;
  return isTensor(diagonal)
    ? mul(diagonal, one)
    : (diagonal as readonly Tensor[]).map((d, i) => mul(d, one.at(i)));
}

/** Matrices times the increment of a control: one for all leaves, or one for each. */
export function contract(matrices: Tree, control: Tree): Tree {
  const times = (matrix: Tensor, x: Tensor): Tensor =>
    x.shape.length === 0 ? mul(matrix, x) : tensordot(matrix, x, x.shape.length);
  return isTensor(control)
    ? treeMap((matrix) => times(matrix, control), matrices)
    : treeMap(times, matrices, control);
}

/** A coupling as matrices, for solvers that ask for the vector field without the control. */
export function matricesOfCoupling(coupling: Coupling, y: Tree, control: Tree): Tree {
  if ("matrices" in coupling) return coupling.matrices;
  if ("operator" in coupling) {
    if (isTensor(y) && isTensor(control))
      return reshape(coupling.operator.asMatrix(), [...y.shape, ...control.shape]);
    throw new TypeError(
      `ControlTerm: this solver needs the vector field as a matrix, which an operator (${coupling.operator.kind}) is only for states and controls of one tensor; return matrices`,
    );
  }
  const { diagonal } = coupling;
  const n = (control as Tensor).shape[0]!;
  const unit = eye(n, { dtype: (control as Tensor).dtype });
  return isTensor(diagonal)
    ? mul(unit, reshape(diagonal, [n, 1]))
    : (diagonal as readonly Tensor[]).map((d, i) => mul(unit.at(i), d));
}
