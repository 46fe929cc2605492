import { astype } from "@diffrax-ts/array";
import { closureConvert, nondifferentiable } from "@diffrax-ts/autodiff";
import {
  isList,
  isMultiTerm,
  type MultiTerm,
  type ReadField,
  type SolveArgs,
  type SolveInputs,
  type Term,
  termRound,
  type TermRound,
  type Tree,
} from "@diffrax-ts/protocol";
import { part, type Scalar, type Tensor } from "@diffrax-ts/pytree";

type Converted = (
  t: Scalar,
  y: Tree,
  args: SolveArgs,
  term: Term,
  ...captured: readonly Tensor[]
) => Tree;

/** A term with what its vector field takes from outside as data. */
interface ClosedTerm extends TermRound {
  readonly kind: "ClosedTerm";
  readonly converted: Converted;
  readonly captured: readonly Tensor[];
}

/**
 * The term of a solve, with what its vector field takes from outside as data of its own: rules see only what they are given. To
 * differentiate with respect to that is an error, which says where it should be put.
 *
 * @throws TypeError if there are several terms, for parts of the state.
 */
export function closedTerm(inputs: SolveInputs, adjoint: string): Term {
  const { terms } = inputs;
  if (isList(terms)) {
    throw new TypeError(
      `diffeqsolve: adjoint: ${adjoint}() cannot be used with several terms; leave the adjoint out`,
    );
  }
  return closed(terms, inputs, adjoint);
}

/** What is read of a `ControlTerm`. */
interface Controlled extends Term {
  readonly control: unknown;
}

/** A term whose control may not depend on what is differentiated: the equations backward have no gradient with respect to it. */
function withFixedControl(term: Controlled, adjoint: string): Controlled {
  const message =
    `diffeqsolve: adjoint: the control of a ControlTerm is being differentiated, and ${adjoint}() has no gradient with respect to it; ` +
    "leave the adjoint out, or solve term.toOde()";
  return { ...term, control: nondifferentiable(term.control, message) };
}

function closed(given: Term, inputs: SolveInputs, adjoint: string): Term {
  const term =
    given.kind === "ControlTerm" ? withFixedControl(given as Controlled, adjoint) : given;
  if (isMultiTerm(term)) {
    const sum: MultiTerm = {
      ...term,
      terms: term.terms.map((one) => closed(one, inputs, adjoint)),
    };
    return sum;
  }
  const { t0, dtype, y0, args } = inputs;
  const { converted, captured } = closureConvert<Parameters<Converted>, Tree>(
    (t, y, { params }, ofTerm) => ofTerm.vf(t, y, params),
    astype(t0, dtype),
    y0,
    args,
    term,
  );
  if (captured.length === 0) return term;
  const constants = captured.map((x) =>
    nondifferentiable(
      x,
      `diffeqsolve: adjoint: a ${describe(x)} that the vector field takes from outside is being differentiated; ` +
        `${adjoint}() has gradients with respect to y0, args and the parameters in the term only: pass it in args, ` +
        "or as ODETerm(vf, params), which is called as vf(t, y, args, params)",
    ),
  );
  return termRound("ClosedTerm", term, { converted, captured: constants, readFields, vf });
}

function describe({ dtype, shape }: Tensor): string {
  return shape.length === 0 ? `scalar of ${dtype}` : `${dtype}[${shape.join()}]`;
}

/** Its functions work on tensors already. */
function readFields(this: ClosedTerm, _read: ReadField): ClosedTerm {
  return this;
}

function vf(this: ClosedTerm, t: Scalar, y: Tree, args: unknown): Tree {
  return this.converted(t, y, part("args", { params: args }), this.term, ...this.captured);
}
