import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { InputError } from "./InputError.ts";

/**
 * Writes a picture, and the folder that it goes to if there is none.
 *
 * @throws InputError if it cannot be written there.
 */
export function writePicture(file: string, svg: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, svg);
  } catch (error) {
    const message = `the picture cannot be written to ${file} (${(error as Error).message}); name another place with --svg FILE`;
    throw new InputError(message, { cause: error });
  }
}
