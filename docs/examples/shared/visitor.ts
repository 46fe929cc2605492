/** Somebody who uses a page: what they do, and what they see. */
export interface Visitor {
  click(selector: string): void;
  fill(selector: string, value: string): void;
  textOf(selector: string): string;
  /** Waits until `look` holds, and gives up after half a minute. */
  until(look: (page: Document) => boolean): Promise<void>;
  /** Loads the page again. */
  reload(): Promise<void>;
}

const patience = 30_000; // milliseconds

/** Opens a page of the same origin, in a frame of this one. */
export async function visit(url: string): Promise<Visitor> {
  const frame = document.createElement("iframe");
  frame.width = "1000";
  frame.height = "1000";
  const page = (): Document => frame.contentDocument!; // the page has the origin of this one
  const loaded = (load: () => void): Promise<void> =>
    new Promise((resolve) => {
      frame.addEventListener("load", () => resolve(), { once: true });
      load();
    });
  const find = <T extends HTMLElement>(selector: string): T => {
    const element = page().querySelector<T>(selector);
    if (element === null) throw new Error(`the page has no ${selector}`);
    return element;
  };
  // What goes wrong in the page, goes wrong in the test that has it open.
  frame.addEventListener("load", () => {
    const window = frame.contentWindow!;
    window.addEventListener("error", ({ error }) => reportError(error));
    window.addEventListener("unhandledrejection", ({ reason }) => reportError(reason));
  });
  await loaded(() => {
    frame.src = url;
    document.body.append(frame);
  });
  return {
    click: (selector) => find(selector).click(),
    fill: (selector, value) => {
      const field = find<HTMLInputElement>(selector);
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
    textOf: (selector) => find(selector).textContent,
    until: async (look) => {
      const start = performance.now();
      while (!look(page())) {
        if (performance.now() - start > patience)
          throw new Error(`waited in vain until ${String(look)}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    reload: () => loaded(() => frame.contentWindow!.location.reload()),
  };
}
