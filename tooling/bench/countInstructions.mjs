/**
 * How many instructions a WebAssembly module has. Of every instruction its immediates are known, so that the next one is
 * found: the WebAssembly Core Specification 2.0, section 5.4.
 *
 * @param {Uint8Array} module
 */
export function countInstructions(module) {
  let place = 8; // behind the magic number and the version
  let count = 0;
  const number = () => {
    let [value, shift, byte] = [0, 1, 0];
    do {
      byte = module[place++];
      value += (byte & 127) * shift;
      shift *= 128;
    } while (byte > 127);
    return value;
  };
  const numbers = (/** @type {number} */ n) => {
    for (let i = 0; i < n; i++) number();
  };
  const immediates = (/** @type {number} */ opcode) => {
    if (opcode === 0xfd) ofVectors(number());
    else if (opcode === 0xfc) numbers([0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2][number()] ?? 1);
    else if (opcode === 0x0e || opcode === 0x1c) numbers(number() + (opcode === 0x0e ? 1 : 0));
    else if (opcode === 0x43) place += 4;
    else if (opcode === 0x44) place += 8;
    else if (opcode >= 0x28 && opcode <= 0x3e) numbers(2);
    else if (opcode === 0x11) numbers(2);
    else if (withOne.has(opcode)) number();
  };
  const ofVectors = (/** @type {number} */ opcode) => {
    if (opcode <= 11 || opcode === 92 || opcode === 93) numbers(2);
    else if (opcode === 12 || opcode === 13) place += 16;
    else if (opcode >= 84 && opcode <= 91) numbers(3);
    else if (opcode >= 21 && opcode <= 34) place++;
  };

  while (place < module.length) {
    const section = module[place++];
    const size = number();
    const end = place + size;
    if (section === 10) {
      for (let functions = number(); functions > 0; functions--) {
        const length = number();
        const last = place + length;
        for (let groups = number(); groups > 0; groups--) numbers(2); // of locals
        for (; place < last; count++) immediates(module[place++]);
        if (place !== last)
          throw new Error(`an instruction ends at ${place}, its function at ${last}`);
      }
    }
    place = end;
  }
  return count;
}

/** block, loop, if, br, br_if, call; locals, globals, tables; memory.size, memory.grow; i32.const, i64.const; ref.null, ref.func */
const withOne = new Set([
  0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x3f, 0x40, 0x41,
  0x42, 0xd0, 0xd2,
]);
