import type { TopLevelSpec } from "vega-lite";

/** A picture as the text of an SVG file, with coordinates to a hundredth of a pixel. */
export async function svgOf(picture: TopLevelSpec): Promise<string> {
  // Loaded only now: it takes a third of a second, which the rest of an example need not wait for.
  const [{ parse, View }, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const view = new View(parse(compile(picture).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return svg.replaceAll(/-?\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))));
}
