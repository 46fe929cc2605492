import { type Equation, isElementwise, type Primitive } from "@diffrax-ts/program";

const views: { readonly [P in Primitive]?: true } = {
  broadcast: true,
  bufferFreeze: true,
  reshape: true,
  reverse: true,
  slice: true,
  transpose: true,
};

/** Whether an equation only says where elements are that are there already. */
export function copiesNothing({ primitive }: Equation): boolean {
  return views[primitive] === true;
}

const many = "an element is made of many";
const moves = "elements go to other places";
const row = "a row is written or read where it is";

const reasons: { readonly [P in Primitive]?: string } = {
  argmax: many,
  argmin: many,
  assert: "a truth value is checked",
  bufferNew: "memory for rows",
  bufferWrite: row,
  concatenate: moves,
  cumsum: "an element needs the one before it",
  dotGeneral: many,
  dynamicSlice: row,
  dynamicUpdateSlice: moves,
  gather: moves,
  hostCallback: "JavaScript is called back: this function is not compiled",
  iota: "a constant",
  pack: "scalars become an array",
  pad: moves,
  reduceMax: many,
  reduceMin: many,
  reduceProd: many,
  reduceSum: many,
  scatterAdd: moves,
};

/** Why an equation is no part of a fused loop. */
export function reasonOf({ primitive }: Equation): string {
  if (isElementwise(primitive))
    return "called for all elements: so many are in this module that only those that run most often are part of loops";
  return reasons[primitive] ?? "an operation of its own";
}
