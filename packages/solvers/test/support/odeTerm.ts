import { mul, sub } from "@diffrax-ts/array";
import { type Term, type Tree, treeMap } from "@diffrax-ts/protocol";
import { part, type Scalar, type Tensor } from "@diffrax-ts/pytree";

/** The vector field of an ordinary differential equation without arguments. */
export type VectorField = (t: Scalar, y: Tree) => Tree;

interface OdeTerm extends Term {
  readonly field: VectorField;
}

/** A term made of nothing but the protocol. */
export function odeTerm(field: VectorField): Term {
  return part("test/odeTerm", {
    field,
    readFields,
    vf,
    contr,
    prod,
    vfProd,
    isVfExpensive: () => false,
  });
}

function readFields(this: Term): Term {
  return this;
}

function vf(this: OdeTerm, t: Scalar, y: Tree): Tree {
  return this.field(t, y);
}

function contr(t0: Scalar, t1: Scalar): Tree {
  return sub(t1, t0);
}

function prod(field: Tree, control: Tree): Tree {
  return treeMap((f) => mul(f, control as Tensor), field);
}

function vfProd(this: OdeTerm, t: Scalar, y: Tree, _args: unknown, control: Tree): Tree {
  return this.prod(this.vf(t, y, null), control);
}
