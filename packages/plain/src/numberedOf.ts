import {
  calleeIn,
  calleeTensor,
  hasType,
  leafType,
  showType,
  type Type,
} from "@diffrax-ts/program";
import {
  type Callable,
  type Closure,
  closure,
  flatten,
  type Leaf,
  match,
  type Structure,
  type Tensor,
} from "@diffrax-ts/pytree";
import { formOf, textOf } from "./callback/Form.ts";
import { callBack, type Callback, callbackOf, resultOf } from "./callbackOf.ts";
import { marked } from "./marks.ts";
import type { PlainError } from "./PlainError.ts";
import { dtypeOfState, type ResultKind } from "./stateDtype.ts";

/** What was made of functions, by the forms of their results. */
let numbered: WeakMap<Callable, Map<string, Callable>> | undefined;
/** What makes them, by why the functions are not read, which is one object for each source. */
let makers: WeakMap<PlainError, Map<string, Closure["make"]>> | undefined;

/**
 * A function that is called back as one on tensors, of which the function is an input of what is compiled: all functions with one
 * source, and one form of their results, share it.
 *
 * @param sample - Arguments like those that it will be called with, if `kind` is "any": it is tried with 0.5 in the place of each
 * number in them, once for each form of arguments.
 */
export function numberedOf(
  f: Callable,
  kind: ResultKind,
  reason: PlainError,
  sample: readonly unknown[] | null,
): Callable {
  const form = kind === "any" ? formFor(f, sample, reason) : { text: kind, like: undefined };
  if (form === null) return callbackOf(f, kind, reason);
  numbered ??= new WeakMap();
  let known = numbered.get(f);
  if (known === undefined) numbered.set(f, (known = new Map()));
  let made = known.get(form.text);
  if (made === undefined) {
    makers ??= new WeakMap();
    let ofSource = makers.get(reason);
    if (ofSource === undefined) makers.set(reason, (ofSource = new Map()));
    let make = ofSource.get(form.text);
    if (make === undefined)
      ofSource.set(form.text, (make = makerFor({ f, kind, reason, like: form.like })));
    known.set(form.text, (made = make(calleeTensor(f))));
  }
  return made;
}

function makerFor(callback: Omit<Callback, "number">): Closure["make"] {
  const make: Closure["make"] = (data) => {
    const number = data as Tensor;
    const f = calleeIn(number);
    const called = (...args: readonly unknown[]): unknown =>
      callBack(f === undefined ? { ...callback, number } : { ...callback, f, number: null }, args);
    return closure(marked(called, callback.f, true), { make, data });
  };
  return make;
}

/** What a function returned when it was tried: as a text, and itself. */
interface Tried {
  readonly text: string;
  readonly like: unknown;
}

interface Trial {
  readonly structure: Structure;
  readonly types: readonly Type[];
  readonly tried: Tried | null;
}

let trials: WeakMap<Callable, Trial[]> | undefined;

/** The form of what a function returns for arguments of one form; `null` if no text stands for it. */
function formFor(f: Callable, sample: readonly unknown[] | null, reason: PlainError): Tried | null {
  if (sample === null) return null;
  trials ??= new WeakMap();
  let list = trials.get(f);
  if (list === undefined) trials.set(f, (list = []));
  const out: Leaf[] = [];
  const known = list.find(
    ({ structure, types }) =>
      match(structure, sample, out) && types.every((type, i) => hasType(out[i]!, type)),
  );
  if (known !== undefined) return known.tried;
  const { structure, leaves } = flatten(sample);
  const like = resultOf(f, sample, reason);
  const types: Type[] = [];
  const text = textOf(formOf(like, types, dtypeOfState(sample[1]) ?? "float64"));
  const tried =
    text === undefined || types.length === 0
      ? null
      : { text: `any ${text} ${types.map(showType).join()}`, like };
  if (list.length === mostForms) list.shift();
  list.push({ structure, types: leaves.map((leaf) => leafType(leaf, "plain")), tried });
  return tried;
}

/** As many forms of arguments are remembered for one function. */
const mostForms = 8;
