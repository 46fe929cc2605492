// What a visitor does with the page. `tooling/browser/run.mjs` builds it, opens it and runs these, one after the other, in one page.

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {{ readonly title: string, readonly run: (page: Page) => Promise<void> }} PageTest
 */

/** Some three thousand oscillations. */
export const hash = "#t1=1e6";

/** @type {readonly PageTest[]} */
export const tests = [
  {
    title: "a reaction runs, its progress moves, and it can be paused",
    async run(page) {
      await expectState(page, "new");
      await page.click("#run");
      const before = await progressOf(page);
      await page.waitForFunction(
        (x) => document.querySelector("progress").value > x + 0.01,
        before,
      );
      await page.click("#run");
      await expectState(page, "paused");
      const stopped = await progressOf(page);
      await page.waitForTimeout(50);
      expect(await progressOf(page), stopped);
    },
  },
  {
    title: "the slider changes a reaction that is running",
    async run(page) {
      await page.click("#run");
      await page.fill("#f", "1.4");
      expect(await page.textContent("#f-value"), "1.40");
      const changed = await progressOf(page);
      await page.waitForFunction((x) => document.querySelector("progress").value > x, changed);
      await expectState(page, "running");
    },
  },
  {
    title: "it can be cancelled, and goes on where it was after the page was loaded again",
    async run(page) {
      await page.click("#cancel");
      await expectState(page, "cancelled");
      const text = await textOf(page);
      await page.reload();
      await expectState(page, "taken up");
      expect((await textOf(page)).replace("taken up", "cancelled"), text);
      expect(await page.textContent("#f-value"), "1.40");
    },
  },
  {
    title:
      "the end after the page was loaded again has the bits of an end that was not interrupted",
    async run(page) {
      await page.click("#anew");
      await page.click("#run");
      const end = await endOf(page);
      await page.click("#anew");
      await page.click("#run");
      await page.waitForFunction(() => document.querySelector("progress").value > 0.2);
      await page.reload();
      await page.click("#run");
      expect(await endOf(page), end);
    },
  },
];

/**
 * The bytes of the state at the end, as the page keeps them.
 *
 * @param {Page} page
 */
async function endOf(page) {
  await expectState(page, "at its end");
  return page.evaluate(() => {
    const { carried } = JSON.parse(localStorage.getItem("diffrax-ts/oregonator") ?? "");
    return carried.join();
  });
}

/** @param {Page} page */
async function progressOf(page) {
  return page.evaluate(() => document.querySelector("progress")?.value ?? Number.NaN);
}

/** @param {Page} page */
async function textOf(page) {
  return (await page.textContent("#status")) ?? "";
}

/**
 * @param {Page} page
 * @param {string} state
 */
async function expectState(page, state) {
  await page.waitForSelector(`#status[data-state="${state}"]`);
}

/**
 * @param {unknown} actual
 * @param {unknown} expected
 */
function expect(actual, expected) {
  if (!Object.is(actual, expected)) throw new Error(`expected ${expected}, got ${actual}`);
}
