import { expect, test } from "vitest";
import { parseObservations } from "../parseObservations.ts";

const rows = "1900,30,4\n1901,47.2,6.1\n1902,70.2,9.8\n1903,77.4,35.2\n";
const observations = {
  names: { time: "year", prey: "hare", predator: "lynx" },
  times: [1900, 1901, 1902, 1903],
  prey: [30, 47.2, 70.2, 77.4],
  predator: [4, 6.1, 9.8, 35.2],
};

test("the header names the columns", () => {
  expect(parseObservations(`year,hare,lynx\n${rows}`)).toEqual(observations);
});

test("without a header, or with empty names in it, the columns are time, prey and predator", () => {
  const names = { time: "time", prey: "prey", predator: "predator" };
  expect(parseObservations(rows)).toEqual({ ...observations, names });
  expect(parseObservations(`,prey,\n${rows}`)).toEqual({ ...observations, names });
});

test.each([
  ["a byte order mark", `\uFEFFyear,hare,lynx\n${rows}`],
  ["lines that end as in Windows", `year,hare,lynx\n${rows}`.replaceAll("\n", "\r\n")],
  ["lines that end as on old Macs", `year,hare,lynx\n${rows}`.replaceAll("\n", "\r")],
  ["blank lines, comments and spaces", `# pelts\n\nyear, hare ,lynx\n \n${rows}\n# end\n\n`],
  ["tabs", `year,hare,lynx\n${rows}`.replaceAll(",", "\t")],
  ["semicolons", `year,hare,lynx\n${rows}`.replaceAll(",", ";")],
  [
    "semicolons, and commas as decimal marks",
    "year;hare;lynx\n1900;30,0;4\n1901;47,2;6,1\n1902;70,2;9,8\n1903;77,4;35,2",
  ],
  [
    "quoted cells",
    `"year","hare","lynx"\n"1900","30","4"\n1901,47.2,6.1\n1902,"70.2",9.8\n1903,77.4,35.2`,
  ],
  [
    "numbers in other forms",
    "year,hare,lynx\n+1900,3e1,4.\n1901,47.20,6.1\n1902.0,70.2,98E-1\n1903,.774e2,35.2",
  ],
])("%s: read as it is meant", (_, text) => {
  expect(parseObservations(text)).toEqual(observations);
});

test("names may be quoted, and lose line breaks, codes for terminals, and what is beyond 24 characters", () => {
  const { names } = parseObservations(`"t; s","ha\u001B[31mre\nx",${"lynx".repeat(9)}\n${rows}`);
  expect(names).toEqual({
    time: "t; s",
    prey: "ha [31mre x",
    predator: "lynxlynxlynxlynxlynxlyn…",
  });
});

test.each([
  ["", "0 rows of numbers, expected at least 4"],
  ["year,hare,lynx", "0 rows of numbers, expected at least 4"],
  ["1900,30,4", "1 row of numbers, expected at least 4"],
  ["1900,30,4\n1901,47,6\n1902,70,9", "3 rows of numbers, expected at least 4"],
  ["1900 30 4\n1901 47 6", "line 1: 1 column, expected 3"],
  ["year,hare\n1900,30", "line 1: 2 columns, expected 3"],
  [`year,hare,lynx\n${rows}1903,77.4,35.2,`, "line 6: 4 columns, expected 3"],
  ["1900,30,4\n\n# two are missing\n1901", "line 4: 1 column, expected 3"],
  ["1900,30,4\r\n1901,NA,6", 'line 2, prey: "NA" is not a number'],
  ["year,hare,lynx\n1900,30,4 000", 'line 2, lynx: "4 000" is not a number'],
  ["1900,30,0x4", 'line 1, predator: "0x4" is not a number'],
  ["year,1900,lynx\n1900,30,4", 'line 1, time: "year" is not a number'],
  [`year,hare,lynx\n1900,"30,5",4`, '"30,5" is not a number, expected one such as 30.5'],
  ["year;hare;lynx\n1900;1,000,000;4", 'line 2, hare: "1,000,000" is not a number'],
  ["1900,30,4\n1901,,6", "line 2, prey: the cell is empty"],
  ["1900,30,4\n1901,1e999,6", "line 2, prey: 1e999 is too large"],
  ["1900,30,4\n1901,47,-6", "line 2, predator: -6 has no logarithm"],
  ["year,hare,lynx\n1900,30,4\n1901,0.0,6", "line 3, hare: 0.0 has no logarithm"],
  [`${rows}1903,5,5`, "line 5, time: 1903 does not come after 1903"],
  ["1902,5,5\n1901,5,5\n1903,5", "line 2, time: 1901 does not come after 1902"],
  [`1900,30,4\n1901,4"7,6\n1902,5,6`, 'line 2: a quote (") inside a cell'],
  [`1900,30,4\n1901,"4"7,6\n1902,5,6`, 'line 2: a quote (") inside a cell'],
  [`1900,30,4\n\n1901,"47,6\n1902,5,6\n`, 'line 3: a quote (") is opened and never closed'],
])("%j: %s", (text, message) => {
  expect(() => parseObservations(text)).toThrow(message);
});

test("columns that are further right or further down do not hide the first mistake", () => {
  expect(() => parseObservations("1900,x,y\n1901\n")).toThrow('line 1, prey: "x"');
});
