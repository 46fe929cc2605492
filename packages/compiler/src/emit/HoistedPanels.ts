import type { MemoryPlace } from "./Place.ts";

/** Pieces of one length that lie side by side along an axis. */
export interface Cut {
  readonly start: number;
  readonly size: number;
  readonly count: number;
  /** Whether the numbers of each piece are to be copied to memory of their own. */
  readonly isPacked: boolean;
}

/** A matrix that does not change while a loop turns, and a copy of it in panels: `[panel, column, row]` in memory. */
export interface HoistedPanels {
  readonly matrix: MemoryPlace;
  /** The axis of the matrix that is cut. */
  readonly row: number;
  readonly cut: Cut;
  /** With the axes of the matrix, and that of the panels last. */
  readonly panels: MemoryPlace;
}
