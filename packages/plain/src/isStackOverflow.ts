/** Whether calls were nested too deeply, for the engine or for the parser, each of which says it in its own words. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof Error && /call stack|stack space|too much recursion/.test(error.message);
}
