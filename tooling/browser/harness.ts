// Stands in for vitest in the pages and workers of the browser tests: `test`, and the few matchers of `expect`
// that a smoke test needs. Assertion libraries are larger than what is to be tested there.

interface Test {
  readonly title: string;
  readonly body: () => unknown;
}

const tests: Test[] = [];
/** What goes wrong outside of the tests. */
const accidents: string[] = [];
addEventListener("error", (event) => {
  accidents.push(event.message);
  event.preventDefault(); // or a worker hands it on to its page
});
addEventListener("unhandledrejection", ({ reason }) => accidents.push(String(reason)));
// Behind the last line of the file, which is in the same script.
setTimeout(() => void report());

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

/** Runs what was registered, one after the other, tells the server, and goes where that leads. */
async function report(): Promise<void> {
  const results: { title: string; error?: string }[] = [];
  if (tests.length === 0) results.push({ title: "the file has tests", error: "it has none" });
  const told: string[] = [];
  addEventListener("securitypolicyviolation", (event) =>
    told.push(`${event.violatedDirective}: ${event.blockedURI}`),
  );
  const provoked = await provoke(told);
  for (const { title, body } of tests) {
    try {
      await body();
      results.push({ title });
    } catch (error) {
      results.push({ title, error: textOf(error) });
    }
  }
  await pause(10); // for violations, of which pages are told a little later
  for (const error of accidents) results.push({ title: "no error outside of tests", error });
  const violations = [...provoked, ...told];
  await fetch("/report", {
    method: "POST",
    body: JSON.stringify({ agent: navigator.userAgent, results, violations }),
  });
  if (typeof document === "undefined") postMessage("reported");
  else location.assign("/next");
}

/** Does once what the policy forbids: that is to be refused, and told of. */
async function provoke(told: string[]): Promise<string[]> {
  if (evaluates()) return ["it is not in force: code made from a string runs"];
  for (let i = 0; i < 200; i++) {
    await pause(10);
    if (told.splice(0).length > 0) return [];
  }
  return ["nothing is told of what is done against it"];
}

/** Firefox leaves the message out of `stack`. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { stack = "" } = error;
  return stack.includes(error.message) ? stack : `${String(error)}\n${stack}`;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
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
