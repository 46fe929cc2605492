// What a visitor does with the page, one after the other. `npm run test:browser` builds it, and runs this beside it.
import { expect, test } from "vitest";
import { visit, type Visitor } from "../../../shared/visitor.ts";

/** Some three thousand oscillations. */
const url = "/docs/examples/oregonator/index.html#t1=1e6";

let page: Visitor;

test("a reaction runs, its progress moves, and it can be paused", async () => {
  page = await visit(url);
  await state("new");
  page.click("#run");
  const before = await progress();
  await page.until((document) => progressOf(document) > before + 0.01);
  page.click("#run");
  await state("paused");
  const stopped = await progress();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await progress()).toBe(stopped);
});

test("the slider changes a reaction that is running", async () => {
  page.click("#run");
  page.fill("#f", "1.4");
  expect(page.textOf("#f-value")).toBe("1.40");
  const changed = await progress();
  await page.until((document) => progressOf(document) > changed);
  await state("running");
});

test("it can be cancelled, and goes on where it was after the page was loaded again", async () => {
  page.click("#cancel");
  await state("cancelled");
  const text = page.textOf("#status");
  await page.reload();
  await state("taken up");
  expect(page.textOf("#status").replace("taken up", "cancelled")).toBe(text);
  expect(page.textOf("#f-value")).toBe("1.40");
});

test("the end after the page was loaded again has the bits of an end that was not interrupted", async () => {
  page.click("#anew");
  page.click("#run");
  const end = await bytesAtEnd();
  page.click("#anew");
  page.click("#run");
  await page.until((document) => progressOf(document) > 0.2);
  await page.reload();
  page.click("#run");
  expect(await bytesAtEnd()).toBe(end);
});

/** The bytes of the state at the end, as the page keeps them. */
async function bytesAtEnd(): Promise<string> {
  await state("at its end");
  const saved = localStorage.getItem("diffrax-ts/oregonator") ?? "";
  return (JSON.parse(saved) as { carried: readonly string[] }).carried.join();
}

function state(name: string): Promise<void> {
  return page.until((document) => document.querySelector(`#status[data-state="${name}"]`) !== null);
}

async function progress(): Promise<number> {
  let found = Number.NaN;
  await page.until((document) => !Number.isNaN((found = progressOf(document))));
  return found;
}

function progressOf(document: Document): number {
  return document.querySelector("progress")?.value ?? Number.NaN;
}
