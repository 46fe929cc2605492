/** How many instructions of WebAssembly there are, and how many of them are on vectors. */
export interface InstructionCount {
  readonly all: number;
  readonly vectors: number;
}

/** The functions of a module, and all of their instructions. */
export function countModule(bytes: Uint8Array): {
  readonly functions: number;
  readonly instructions: number;
} {
  const reader = new Reader(bytes, 8); // behind the magic number and the version
  let [functions, instructions] = [0, 0];
  while (reader.place < bytes.length) {
    const section = reader.byte();
    const length = reader.number();
    const end = reader.place + length;
    if (section === 10) {
      functions = reader.number();
      for (let i = 0; i < functions; i++) {
        const size = reader.number();
        const next = reader.place + size;
        reader.skip(2 * reader.number()); // the locals: how many of which type
        instructions += countInstructions(bytes.subarray(reader.place, next)).all;
        reader.place = next;
      }
    }
    reader.place = end;
  }
  return { functions, instructions };
}

/**
 * Counts the instructions of a piece of code. Of every instruction its immediates are known, so that the next one is found.
 *
 * @see the WebAssembly Core Specification 2.0, section 5.4
 */
export function countInstructions(code: ArrayLike<number>, from = 0): InstructionCount {
  const reader = new Reader(code, from);
  let [all, vectors] = [0, 0];
  while (reader.place < code.length) {
    all++;
    const opcode = reader.byte();
    if (opcode === 0xfd) {
      vectors++;
      const which = reader.number();
      if (which <= 11 || which === 92 || which === 93) reader.skip(2); // a load or a store: alignment and offset
      if (which === 12 || which === 13) reader.place += 16; // a constant, or a shuffle
      if (which >= 84 && which <= 91) reader.skip(3); // a load or a store of one lane
      if (which >= 21 && which <= 34) reader.place++;
    } else if (opcode === 0xfc) reader.skip([2, 1][reader.number() - 10] ?? 0);
    else if (opcode === 0x44) reader.place += 8;
    else if (opcode === 0x43) reader.place += 4;
    else if (opcode >= 0x28 && opcode <= 0x3e) reader.skip(2);
    else if (withOne.has(opcode)) reader.skip(1);
  }
  if (reader.place !== code.length) throw new Error("an instruction of unknown length");
  return { all, vectors };
}

/** With one immediate: blocks, branches, calls, locals, sizes of memory, and integers. */
const withOne = new Set([2, 3, 4, 12, 13, 16, 32, 33, 34, 35, 36, 63, 64, 65, 66]);

/** Reads bytes, and numbers of 7 bits a byte. */
class Reader {
  readonly #bytes: ArrayLike<number>;
  place: number;

  constructor(bytes: ArrayLike<number>, place: number) {
    this.#bytes = bytes;
    this.place = place;
  }

  byte(): number {
    return this.#bytes[this.place++]!;
  }

  number(): number {
    let [value, shift, byte] = [0, 1, 0];
    do {
      byte = this.byte();
      value += (byte & 127) * shift;
      shift *= 128;
    } while (byte > 127);
    return value;
  }

  skip(numbers: number): void {
    for (let i = 0; i < numbers; i++) this.number();
  }
}
