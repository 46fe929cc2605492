import {
  abs,
  add,
  concatenate,
  div,
  equal,
  max,
  mul,
  reshape,
  sub,
  tensor,
  where,
  zeros,
} from "@diffrax-ts/array";
import { callTraced, resultTypes } from "@diffrax-ts/autodiff";
import {
  type NoiseType,
  type SolveArgs,
  type Term,
  type Tree,
  treeLeaves,
  treeMap,
} from "@diffrax-ts/protocol";
import { type Scalar, structure, type Tensor, unflatten } from "@diffrax-ts/pytree";

/** For each kind of noise, how far a diffusion is from it, as a part of what would have to be alike: 0, but for rounding, if it is of the kind. */
export type NoiseErrors = Readonly<Record<Exclude<NoiseType, "general">, number>>;

/**
 * Holds the diffusion `g` of a term against what the kinds of noise mean, at one point. What has to hold for all directions is linear in
 * each, so that it holds for all if it does for one whose components have nothing to do with one another.
 */
export function noiseErrors(
  term: Term,
  at: { readonly t0: unknown; readonly y0: unknown; readonly args: unknown },
): NoiseErrors {
  const found = callTraced(products, [term, at.t0, at.y0, at.args], "diffusion");
  const { gu, scaledU, slopeR, scaledR, across, back, factors } = found as Record<string, Tensor>;
  const numbers = (x: Tensor | undefined): readonly number[] =>
    x === undefined ? [] : (x.toArray() as readonly number[]);
  const [ofNoise, ofState, s] = [numbers(gu), numbers(slopeR), numbers(factors)];
  const scaled = (x: readonly number[]): readonly number[] => x.map((xi, i) => xi * s[i]!);
  const nothing = ofState.map(() => 0);
  return {
    additive: apart([ofState, nothing], [...ofNoise, ...ofState]),
    // Whether what is done to one component of the noise, or of the state, is done to that of the increment and to no other
    diagonal:
      factors === undefined
        ? Infinity
        : Math.max(
            apart([numbers(scaledU), scaled(ofNoise)], ofNoise),
            apart([numbers(scaledR), scaled(ofState)], [...ofNoise, ...ofState]),
          ),
    commutative: apart([numbers(across), numbers(back)], [...numbers(across), ...numbers(back)]),
  };
}

/** How far two lists are apart, as a part of the largest number of a third. What is no number decides nothing. */
function apart(
  [a, b]: readonly [readonly number[], readonly number[]],
  scale: readonly number[],
): number {
  const difference = Math.max(0, ...a.map((x, i) => Math.abs(x - b[i]!)));
  return difference === 0 ? 0 : difference / Math.max(...scale.map(Math.abs));
}

/** What is compared, as vectors: increments `g u`, and derivatives of them with respect to the state. */
function products(
  term: Term,
  t: Scalar,
  y: Tree,
  { params }: SolveArgs,
): Readonly<Record<string, Tensor>> {
  const like = controlLike(term, t);
  const [m, n] = [size(like), size(y)];
  const [u, v] = [filled(like, spread(m, 2)), filled(like, spread(m, 3))];
  const increment = (at: Tree, along: Tree): Tree => term.vfProd(t, at, params, along);
  /**
   * `∂(g along)/∂y · change`, by a central difference: it asks no more of the diffusion than a solve does, and of an application no rule of a
   * derivative. The step is the third root of the rounding, as a part of the state.
   */
  const slope = (along: Tree, change: Tree): Tree => {
    const part = treeLeaves(y)[0]?.dtype === "float32" ? 2 ** -8 : 2 ** -17;
    const by = div(mul(orOne(largest(y)), part), orOne(largest(change)));
    const moved = (sign: 1 | -1): Tree =>
      treeMap((x, d) => add(x, mul(mul(d, by), sign)), y, change);
    const [ahead, behind] = [increment(moved(1), along), increment(moved(-1), along)];
    return treeMap((a, b) => div(sub(a, b), mul(by, 2)), ahead, behind);
  };
  const [gu, gv] = [increment(y, u), increment(y, v)];
  const [r, s] = [spread(n, 5), spread(n, 7)];
  const common = {
    gu: flat(gu),
    slopeR: flat(slope(u, filled(y, r))),
    across: flat(slope(v, gu)), // (∂g/∂y · g u) v
    back: flat(slope(u, gv)), //   (∂g/∂y · g v) u
  };
  if (m !== n) return common;
  const scaled = (x: readonly number[]): readonly number[] => x.map((xi, i) => xi * s[i]!);
  return {
    ...common,
    scaledU: flat(increment(y, filled(like, scaled(spread(m, 2))))),
    scaledR: flat(slope(u, filled(y, scaled(r)))),
    factors: tensor([...s]),
  };
}

/** Numbers between ½ and 3/2 without relations: the fractional parts of the multiples of the root of a prime. */
function spread(count: number, prime: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => 0.5 + (((i + 1) * Math.sqrt(prime)) % 1));
}

function largest(tree: Tree): Tensor {
  return max(abs(flat(tree)));
}

function orOne(x: Tensor): Tensor {
  return where(equal(x, 0), 1, x);
}

function size(tree: Tree): number {
  return treeLeaves(tree).reduce((sum, leaf) => sum + leaf.size, 0);
}

function flat(tree: Tree): Tensor {
  return concatenate(treeLeaves(tree).map((x) => reshape(x, [-1])));
}

/** A tree like another one, of these numbers. */
function filled(like: Tree, numbers: readonly number[]): Tree {
  let next = 0;
  const leaves = treeLeaves(like).map(({ shape, dtype, size: length }) => {
    const own = tensor(numbers.slice(next, next + length), { dtype });
    next += length;
    return reshape(own, shape);
  });
  return unflatten(structure(like), leaves) as Tree;
}

/** A control: only its structure, shapes and dtypes count. */
function controlLike(term: Term, t: Scalar): Tree {
  // Without types: TypeScript does not find an end of what a tree may hold.
  const increment: (at: Scalar) => unknown = (at) => term.contr(at, at);
  const { structure: form, types } = resultTypes(increment, [t], "control");
  const leaves = types.map(({ dtype, shape }) => zeros(shape, { dtype }));
  return unflatten(form, leaves) as Tree;
}
