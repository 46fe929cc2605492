// Stands in for vitest in the pages of the browser tests: `test`, and the few matchers of `expect`
// that a smoke test needs. Assertion libraries are larger than what is to be tested there.

interface Test {
  readonly title: string;
  readonly body: () => unknown;
}

const tests: Test[] = [];
addEventListener("load", () => void report());

/** Registers a test. */
export function test(title: string, body: () => unknown): void {
  tests.push({ title, body });
}

/** What vitest's `expect` does, for values that JSON can write and the matchers below. */
export function expect(actual: unknown) {
  const check = (holds: boolean, what: string, expected: unknown): void => {
    if (!holds) throw new Error(`expected ${show(actual)} ${what} ${show(expected)}`);
  };
  return {
    toBe: (expected: unknown) => check(Object.is(actual, expected), "to be", expected),
    toEqual: (expected: unknown) => check(show(actual) === show(expected), "to equal", expected),
    toBeCloseTo: (expected: number, digits = 2) =>
      check(Math.abs(Number(actual) - expected) < 10 ** -digits / 2, "to be close to", expected),
    toBeLessThan: (expected: number) =>
      check(Number(actual) < expected, "to be less than", expected),
    toThrow: (message: string | RegExp = "") => {
      try {
        (actual as () => unknown)();
      } catch (error) {
        const found = String(error);
        const fits = typeof message === "string" ? found.includes(message) : message.test(found);
        if (!fits)
          throw new Error(`expected an error with ${message}, got ${found}`, { cause: error });
        return;
      }
      throw new Error("expected an error, got none");
    },
  };
}

/** Runs what was registered, one after the other, and tells the server that served the page. */
async function report(): Promise<void> {
  const results: { title: string; error?: string }[] = [];
  const violations: string[] = [];
  if (tests.length === 0) results.push({ title: "the file has tests", error: "it has none" });
  if (evaluates()) violations.push("it is not in force: code made from a string runs");
  await tick();
  document.addEventListener("securitypolicyviolation", (event) =>
    violations.push(`${event.violatedDirective}: ${event.blockedURI}`),
  );
  for (const { title, body } of tests) {
    try {
      await body();
      results.push({ title });
    } catch (error) {
      results.push({
        title,
        error: error instanceof Error ? (error.stack ?? String(error)) : String(error),
      });
    }
  }
  await tick();
  await fetch(`${location.pathname}/results`, {
    method: "POST",
    body: JSON.stringify({ results, violations }),
  });
}

/** Violations are told of a little later than they happen. */
function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function evaluates(): boolean {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- whether this is refused is the question
    return new Function("return true")() === true;
  } catch {
    return false;
  }
}

function show(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) =>
      ArrayBuffer.isView(part)
        ? Array.from(part as Float64Array)
        : typeof part === "bigint" || (typeof part === "number" && !Number.isFinite(part))
          ? String(part)
          : Object.is(part, -0)
            ? "-0"
            : part,
    ) ?? String(value)
  );
}
