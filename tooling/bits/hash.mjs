const view = new DataView(new ArrayBuffer(8));

/**
 * The hash of what a result holds: FNV-1a of 64 bits over the dtypes and shapes of tensors, the lengths of lists, the keys of
 * records, texts, and the bits of every number, in order. -0 is not 0; all NaN are one, because engines are free to choose their
 * bits.
 *
 * Where a record ends is not hashed, nor what kind of value a word came from: `{ a: { b: 1 }, c: 2 }` hashes as
 * `{ a: { b: 1, c: 2 } }` does, and `true` as `"true"`. It compares results of one case, whose structure is known.
 *
 * @param {unknown} result Tensors, numbers, texts and booleans in arrays, typed arrays and records.
 * @returns {string} 16 digits
 */
export function hash(result) {
  let state = 0xcbf29ce484222325n;
  for (const word of words(result)) {
    for (let shift = 0n; shift < 64n; shift += 8n)
      state = ((state ^ ((word >> shift) & 0xffn)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return state.toString(16).padStart(16, "0");
}

/**
 * @param {unknown} value
 * @yields {bigint} What is hashed, 64 bits at a time.
 */
function* words(value) {
  if (typeof value === "number") {
    view.setFloat64(0, Number.isNaN(value) ? Number.NaN : value);
    yield Number.isNaN(value) ? 0x7ff8000000000000n : view.getBigUint64(0);
  } else if (typeof value === "string") {
    yield BigInt(value.length);
    for (let i = 0; i < value.length; i++) yield BigInt(value.charCodeAt(i));
  } else if (typeof value !== "object" || value === null) {
    yield* words(String(value));
  } else if ("dtype" in value && "shape" in value) {
    yield* words(value.dtype);
    yield* words([...value.shape]);
    yield* words(value.toArray());
  } else if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    yield BigInt(value.length);
    for (const element of value) yield* words(element);
  } else {
    for (const key of Object.keys(value).toSorted()) {
      yield* words(key);
      yield* words(value[key]);
    }
  }
}
