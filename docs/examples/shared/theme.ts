import type { Config } from "vega-lite";

/** How all pictures look. */
export const theme: Config = {
  font: "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
  view: { stroke: null },
  title: {
    anchor: "start",
    color: "#111111",
    fontSize: 20,
    fontWeight: 600,
    offset: 20,
    subtitleColor: "#555555",
    subtitleFontSize: 13,
    subtitleLineHeight: 18,
    subtitlePadding: 8,
  },
  legend: {
    orient: "top",
    labelFontSize: 14,
    labelLimit: 0,
    symbolStrokeWidth: 3,
    symbolOpacity: 1,
    columnPadding: 24,
  },
  axis: {
    domainColor: "#888888",
    gridColor: "#e4e4e4",
    labelColor: "#333333",
    labelFontSize: 12,
    labelPadding: 6,
    tickColor: "#888888",
    titleColor: "#333333",
    titleFontSize: 13,
    titleFontWeight: 400,
    titlePadding: 12,
  },
  axisX: { grid: false, labelFlush: false },
  axisY: { domain: false, ticks: false, tickCount: 6 },
};
