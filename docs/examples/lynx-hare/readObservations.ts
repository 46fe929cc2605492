import { readFileSync } from "node:fs";
import { InputError } from "../shared/InputError.ts";
import type { Observations } from "./Observations.ts";
import { parseObservations } from "./parseObservations.ts";

/**
 * Reads a CSV file of two species.
 *
 * @throws InputError with the name of the file, and the line if one is at fault.
 */
export function readObservations(path: string): Observations {
  const bytes = readBytes(path);
  const text = decode(bytes, path);
  try {
    return parseObservations(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${path}: ${error.message}`, { cause: error });
  }
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: "there is no such file",
      EISDIR: "this is a folder; name a CSV file in it",
      EACCES: "you may not read this file",
    };
    throw new InputError(`${path}: ${reasons[code ?? ""] ?? message}`, { cause: error });
  }
}

function decode(bytes: Uint8Array, path: string): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new InputError(`${path}: the text is in UTF-16; save it as "CSV UTF-8"`);
  }
  if (bytes.includes(0)) {
    throw new InputError(`${path}: this is not a text file; save the table as "CSV UTF-8"`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const message = `${path}: the text is not in UTF-8; save it as "CSV UTF-8"`;
    throw new InputError(message, { cause: error });
  }
}
