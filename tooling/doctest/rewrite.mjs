/**
 * Turns an example into the body of an asynchronous test: imports become dynamic, and a statement
 * with a remark `// → value`, behind it or on the next line, becomes an expectation. An arrow that
 * is not understood is an error, so that no claim goes unchecked.
 *
 * @param {string} code
 * @returns {string}
 */
export function rewrite(code) {
  const body = code
    .replace(/^import type [^;]+;/gm, "")
    .replace(/^import ([^;]+?) from ("[^"]+");/gm, (_, clause, from) => importOf(clause, from))
    .replace(/^(\S.*);(?:\n| *)\/\/ → (.+)$/gm, (_, statement, value) => {
      const expression = statement.replace(/^console\.log\((.*)\)$/, "$1");
      return `expect(${expression}).toEqual(${expected(value)});`;
    });
  const unread = body.split("\n").find((line) => line.includes("// →"));
  if (unread !== undefined) {
    throw new Error(
      `doctest: "${unread.trim()}" does not follow a statement that stands on one line and ends with a semicolon`,
    );
  }
  return body;
}

/**
 * @param {string} clause `{ a, type B, c as d }`, `a`, `* as a`, or `a, { b }`
 * @param {string} from
 */
function importOf(clause, from) {
  const names = [];
  const braces = /\{([^}]*)\}/.exec(clause)?.[1];
  for (const name of (braces ?? "").split(",").map((part) => part.trim())) {
    if (name !== "" && !name.startsWith("type ")) names.push(name.replace(/ as /, ": "));
  }
  const outside = clause.replace(/,?\s*\{[^}]*\}/, "").trim();
  const namespace = /^\* as (\w+)$/.exec(outside)?.[1];
  if (namespace !== undefined) return `const ${namespace} = await import(${from});`;
  if (outside !== "") names.push(`default: ${outside}`);
  return `const { ${names.join(", ")} } = await import(${from});`;
}

/**
 * Numbers with a fraction agree to 12 decimals, or to the digits written if an ellipsis follows
 * them (`0.3679…`); whole numbers and all the rest agree exactly.
 *
 * @param {string} value
 */
function expected(value) {
  return value
    .trim()
    .replace(
      /("(?:[^"\\]|\\.)*")|(?<![\w$.])(-?\d+(?:\.(\d+))?(?:e([+-]?\d+))?)(…)?(?![\w$])/g,
      (text, string, number, decimals = "", exponent = "0", ellipsis) => {
        if (string !== undefined || (decimals === "" && ellipsis === undefined)) return text;
        const digits = ellipsis === undefined ? 12 : decimals.length - Number(exponent);
        return `expect.closeTo(${number}, ${digits})`;
      },
    );
}
