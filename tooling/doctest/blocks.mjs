import { filesBelow, readText } from "../files.mjs";

/**
 * A fenced `ts` block of a doc comment or a Markdown page.
 *
 * @typedef {{ readonly line: number, readonly code: string }} Block
 */

/**
 * The files that hold examples, relative to the root.
 *
 * @returns {string[]}
 */
export function filesWithExamples() {
  const files = [
    "README.md",
    ...filesBelow("packages", /^packages\/[^/]+\/(src\/.+\.ts|README\.md)$/),
    ...filesBelow("docs/guide", /\.md$/),
  ];
  return files.filter((file) => blocks(readText(file)).length > 0);
}

/**
 * @param {string} source
 * @returns {Block[]}
 */
export function blocks(source) {
  return [...source.matchAll(/^([ \t]*(\* )?)```ts\n([\s\S]*?)^\1```/gm)].map((match) => {
    const [, , star, code = ""] = match;
    return {
      line: source.slice(0, match.index).split("\n").length,
      code: star === undefined ? code : code.replace(/^\s*\* ?/gm, ""),
    };
  });
}
