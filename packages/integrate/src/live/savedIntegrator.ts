import { allocate, type ArrayValue } from "@diffrax-ts/program";
import { describeValue, type DType } from "@diffrax-ts/pytree";
import { bytesIn } from "./carried.ts";

/** An array in a text, to the last bit: `data` are its bytes, the lowest of each number first, in base64. */
export interface SavedArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: string;
}

/** An input of a solve: its numbers; `null` for a function that is called back. */
export interface SavedInput {
  /** Which one: `y0.x`. */
  readonly name: string;
  readonly value: SavedArray | null;
}

/** An integrator as JSON. Numbers are kept to the last bit, -0, not-a-numbers, infinities and 64-bit integers among them. */
export interface SavedIntegrator {
  readonly format: typeof savedFormat;
  /** A hash of the program that was compiled, which has to be the same where it goes on. */
  readonly program: string;
  /** What the program was made of, to say what differs. */
  readonly madeOf: Readonly<Record<string, string>>;
  /** To be read by people. */
  readonly t: number;
  readonly numSteps: number;
  readonly inputs: readonly SavedInput[];
  /** The bytes of each value that the loop carries, in base64. */
  readonly carried: readonly string[];
  /** What was saved step by step so far: the times and the leaves of each thing to save; `null` for what has its place in `carried`. */
  readonly rows: readonly (readonly SavedArray[] | null)[];
}

/** Another number for another form. */
export const savedFormat = "diffrax-ts/integrator/1";

/** Bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  // A call takes so many arguments at most.
  for (let i = 0; i < bytes.length; i += 8192)
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/** @throws TypeError if it is none. */
export function fromBase64(name: string, text: unknown): Uint8Array {
  const decoded = typeof text === "string" ? decode(text) : null;
  if (decoded === null)
    throw new TypeError(`${name}: expected bytes in base64, got ${describeValue(text)}`);
  return Uint8Array.from(decoded, (c) => c.charCodeAt(0));
}

function decode(text: string): string | null {
  try {
    return atob(text);
  } catch {
    return null;
  }
}

/** An array, with its bytes. */
export function saveArray(value: ArrayValue): SavedArray {
  const { dtype, shape } = value;
  return { dtype, shape, data: toBase64(bytesIn(value)) };
}

/** Whether something that was parsed has the form of an array in a text. */
export function isSavedArray(given: unknown): given is SavedArray {
  if (typeof given !== "object" || given === null) return false;
  const { dtype, shape } = given as Partial<SavedArray>;
  return typeof dtype === "string" && Array.isArray(shape);
}

/** @throws TypeError if it is none. */
export function loadArray(name: string, saved: SavedArray): ArrayValue {
  const { dtype, shape } = saved;
  const data = allocate(dtype, shape);
  fill(name, bytesIn({ data }), fromBase64(name, saved.data));
  return { dtype, shape, data };
}

/** @throws TypeError if there are not as many bytes as there have to be. */
export function fill(name: string, place: Uint8Array, bytes: Uint8Array): void {
  if (bytes.length !== place.length)
    throw new TypeError(`${name}: expected ${place.length} bytes, got ${bytes.length}`);
  place.set(bytes);
}
