import {
  abs,
  add,
  arange,
  astype,
  div,
  greater,
  less,
  maximum,
  mul,
  pow,
  sqrt,
  sub,
  where,
  zeros,
} from "@diffrax-ts/array";
import { scan } from "@diffrax-ts/autodiff";
import { epsilon, scalarTensor } from "@diffrax-ts/program";
import type { LevyArea } from "@diffrax-ts/protocol";
import { part, type Part, type Scalar, type Tensor } from "@diffrax-ts/pytree";
import { foldInWords, type Key, type KeyWords, keyWords, normalAt } from "@diffrax-ts/random";
import { keysOfHalf } from "./keysOfHalf.ts";
import { wordsOfRun } from "./wordsOfRun.ts";
import type { LeafShape } from "./shapes.ts";
import { type Draw, type FullPiece, halfWithAreas, withinWithAreas } from "./spaceTimeTime.ts";

/** What is the same at all times of arrays of a tree that are alike, whose interval is [0, 1]. */
export interface TreeLeaf extends Part, LeafShape {
  /** How many arrays: they lie along a first axis; `null` for one alone. */
  readonly count: number | null;
  readonly levyArea: LevyArea;
  /** How often the interval is halved. */
  readonly levels: number;
}

export function TreeLeaf(fields: Omit<TreeLeaf, keyof Part>): TreeLeaf {
  return part("BrownianTreeLeaf", { ...fields });
}

/** An array of a Brownian motion at a time, or several along a first axis. */
export interface Level {
  readonly r: Tensor;
  readonly W: Tensor;
  /** `r H`; left out without Lévy areas. */
  readonly barH?: Tensor;
  /** `r² K`; left out without space-time-time areas. */
  readonly barK?: Tensor;
}

/** What is known of the piece from `s` to `u` of the interval that holds the time. */
interface Piece {
  readonly s: Tensor;
  readonly key: KeyWords;
  /** `W(s)` and `W(u) - W(s)` */
  readonly w: Tensor;
  readonly wSU: Tensor;
  /** The same of `H`, times the lengths of the intervals from 0 and from `s`. */
  readonly h?: Tensor;
  readonly hSU?: Tensor;
}

/**
 * The motion at a time: the interval is halved again and again, and each middle drawn from what is known of its ends, by the keys of
 * the halves. Within the last piece it is drawn once more, so that its law is exact at every single time.
 *
 * @see Jelinčič, Foster, Kidger (2024), Single-seed generation of Brownian paths and integrals, arXiv:2405.06464, and Foster (2020),
 * thesis, theorems 6.1.4 and 6.1.6
 */
export function motionAt(leaf: TreeLeaf, key: Key, time: Scalar): Level {
  const { count, shape, dtype, levyArea, levels } = leaf;
  const draw: Draw = (one, more = []) =>
    normalAt(one, scalarTensor("uint32", 0), [...shape, ...more], { dtype });
  const r = astype(time, dtype);
  const own = count === null ? shape : [count, ...shape];
  const words: KeyWords = count === null ? keyWords(key) : wordsOfRun(key, { count });
  const [first, keyW, keyH, keyK] = [0, 1, 2, 3].map((i) => foldInWords(words, i));
  const nothing = { s: astype(0, dtype), key: first!, w: zeros(own, { dtype }) };
  // The lengths of the pieces: 1, ½, ¼, …
  const lengths: Tensor = pow(astype(0.5, dtype), astype(arange(levels), dtype));
  const last = 2 ** -levels;
  const wSU = draw(keyW!);
  if (levyArea === "BrownianIncrement") {
    const start: Piece = { ...nothing, wSU };
    return within(
      halved(start, lengths, (piece, su) => halfOf(piece, su, r, draw)),
      last,
      r,
      draw,
    );
  }
  const hSU = div(draw(keyH!), Math.sqrt(12));
  if (levyArea === "SpaceTimeLevyArea") {
    const start: Piece = { ...nothing, wSU, h: nothing.w, hSU };
    const end = halved(start, lengths, (piece, su) => halfWithArea(piece, su, r, draw));
    return withinWithArea(end, last, r, draw);
  }
  const kSU = div(draw(keyK!), Math.sqrt(720));
  const start: FullPiece = { ...nothing, wSU, h: nothing.w, hSU, k: nothing.w, kSU };
  const end = halved(start, lengths, (piece, su) => halfWithAreas(piece, su, r, draw));
  return withinWithAreas(end, last, r, draw);
}

/** What becomes of a piece that is halved again and again. */
function halved<P>(start: P, lengths: Tensor, half: (piece: P, su: Tensor) => P): P {
  const turn = (piece: P, su: Tensor) => ({ carry: half(piece, su), row: null });
  return scan(turn, start, lengths, { inStep: true }).carry;
}

/** The half of a piece of length `su` that holds `r`. */
function halfOf({ s, key, w, wSU }: Piece, su: Tensor, r: Tensor, draw: Draw): Piece {
  const t = add(s, div(su, 2));
  const isLater = greater(r, t);
  const { middle, half } = keysOfHalf(key, isLater);
  const mean = mul(wSU, 0.5);
  const rest = mul(div(sqrt(su), 2), draw(middle));
  const wST = add(mean, rest);
  return {
    s: where(isLater, t, s),
    key: half,
    w: where(isLater, add(w, wST), w),
    wSU: where(isLater, sub(mean, rest), wST),
  };
}

/** The same with the space-time Lévy area. */
function halfWithArea({ s, key, w, wSU, h, hSU }: Piece, su: Tensor, r: Tensor, draw: Draw): Piece {
  const t = add(s, div(su, 2));
  const isLater = greater(r, t);
  const { middle, half } = keysOfHalf(key, isLater);
  const z = mul(draw(foldInWords(middle, 0)), div(sqrt(su), 4));
  const n = mul(draw(foldInWords(middle, 1)), sqrt(div(su, 12)));
  const wMean = div(wSU, 2);
  const wRest = add(mul(div(3, mul(su, 2)), hSU!), z);
  const hMean = sub(div(hSU!, 8), mul(div(su, 4), z));
  const hRest = mul(div(su, 4), n);
  const [wST, hST] = [add(wMean, wRest), add(hMean, hRest)];
  const wT = add(w, wST);
  const hT = add(add(h!, hST), mul(0.5, sub(mul(t, w), mul(s, wT))));
  return {
    s: where(isLater, t, s),
    key: half,
    w: where(isLater, wT, w),
    wSU: where(isLater, sub(wMean, wRest), wST),
    h: where(isLater, hT, h!),
    hSU: where(isLater, sub(hMean, hRest), hST),
  };
}

/** The lengths from `s` to `r` and from `r` to `u`, whose sum is `su`. */
function lengthsWithin(s: Tensor, r: Tensor, su: number): readonly [sr: Tensor, ru: Tensor] {
  const sr = maximum(sub(r, s), 0);
  return [sr, maximum(sub(su, sr), 0)];
}

function within({ s, key, w, wSU }: Piece, su: number, r: Tensor, draw: Draw): Level {
  const [sr, ru] = lengthsWithin(s, r, su);
  const mean = add(w, mul(div(sr, su), wSU));
  return { r, W: add(mean, mul(sqrt(div(mul(sr, ru), su)), draw(key))) };
}

function withinWithArea(
  { s, key, w, wSU, h, hSU }: Piece,
  su: number,
  r: Tensor,
  draw: Draw,
): Level {
  const [sr, ru] = lengthsWithin(s, r, su);
  const [x1, x2] = [draw(foldInWords(key, 0)), draw(foldInWords(key, 1))];
  const cube = (x: Tensor): Tensor => mul(mul(x, x), x);
  const [sr3, ru3, su3] = [cube(sr), cube(ru), su ** 3];
  const root = sqrt(mul(sr, ru));
  const d = sqrt(add(sr3, ru3));
  const scale = div(1, mul(2 * su, d));
  const a = mul(mul(scale, sr3), root);
  const b = mul(mul(scale, ru3), root);
  const c = div(sqrt(mul(mul(3, sr3), ru3)), mul(6, d));
  const wSR = add(
    add(mul(div(sr, su), wSU), mul(div(mul(mul(6, sr), ru), su3), hSU!)),
    mul(div(mul(2, add(a, b)), su), x1),
  );
  const W = add(w, wSR);
  const hSR = add(sub(mul(div(sr3, su3), hSU!), mul(a, x1)), mul(c, x2));
  const barH = add(add(h!, hSR), mul(0.5, sub(mul(r, w), mul(s, W))));
  return { r, W, barH };
}

/** One array over the interval between two times, or from the start. */
export interface LeafIncrement {
  readonly dt: Tensor;
  readonly W: Tensor;
  readonly H?: Tensor;
  readonly K?: Tensor;
}

/** What is known from the start to a time. */
export function fromStart({ r, W, barH, barK }: Level): LeafIncrement {
  if (barH === undefined) return { dt: r, W };
  if (barK === undefined) return { dt: r, W, H: mul(inverse(r, r), barH) };
  const each = inverse(r, mul(r, r));
  return { dt: r, W, H: mul(each, barH), K: mul(mul(each, each), barK) };
}

/** What is known between two times. */
export function between(from: Level, to: Level): LeafIncrement {
  const dt = sub(to.r, from.r);
  const W = sub(to.W, from.W);
  if (from.barH === undefined) return { dt, W };
  const bridge = sub(mul(to.r, from.W), mul(from.r, to.W));
  const barH = sub(sub(to.barH!, from.barH), mul(0.5, bridge));
  const H = mul(inverse(dt, dt), barH);
  if (from.barK === undefined) return { dt, W, H };
  const inner = sub(mul(div(from.r, 2), barH), mul(div(dt, 2), from.barH));
  const lean = mul(div(sub(to.r, mul(from.r, 2)), 12), bridge);
  const barK = sub(add(sub(to.barK!, from.barK), inner), lean);
  const dt2 = mul(dt, dt);
  return { dt, W, H, K: mul(inverse(dt2, dt2), barK) };
}

/** `1 / x`, and 0 where a length is as good as none. */
function inverse(x: Tensor, length: Tensor): Tensor {
  const isNothing = less(abs(length), epsilon(x.dtype));
  return where(isNothing, 0, div(1, where(isNothing, 1, x)));
}
