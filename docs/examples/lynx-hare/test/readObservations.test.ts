import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InputError } from "../../shared/InputError.ts";
import { readObservations } from "../readObservations.ts";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "lynx-hare-"))));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: string | Uint8Array): string {
  const path = join(folder, "file.csv");
  writeFileSync(path, content);
  return path;
}

test("pelts.csv holds 21 years of hare and lynx", () => {
  const pelts = readObservations(fileURLToPath(new URL("../pelts.csv", import.meta.url)));
  expect(pelts.names).toEqual({ time: "year", prey: "hare", predator: "lynx" });
  expect(pelts.times).toEqual(Array.from({ length: 21 }, (_, i) => 1900 + i));
  expect(pelts.prey.slice(0, 3)).toEqual([30, 47.2, 70.2]);
  expect(pelts.predator.slice(-3)).toEqual([9.7, 10.1, 8.6]);
});

test.each([
  ["a number that is none", "1900,30,4\n1901,x,6", 'file.csv: line 2, prey: "x" is not a number'],
  ["UTF-16", Buffer.from("\uFEFF1900,30,4", "utf16le"), 'in UTF-16; save it as "CSV UTF-8"'],
  [
    "Latin-1",
    Buffer.from("Jahr,Rötelmaus,Füchse", "latin1"),
    'not in UTF-8; save it as "CSV UTF-8"',
  ],
  ["a spreadsheet", Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), "not a text file"],
])("readObservations names the file and says what is wrong with it: %s", (_, content, message) => {
  expect(() => readObservations(fileOf(content))).toThrow(InputError);
  expect(() => readObservations(fileOf(content))).toThrow(message);
});

test("readObservations of a file that is not there, or of a folder, says so", () => {
  expect(() => readObservations("no/such.csv")).toThrow("no/such.csv: there is no such file");
  expect(() => readObservations(folder)).toThrow("this is a folder");
});
