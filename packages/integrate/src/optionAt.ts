/**
 * What the user calls that which lies at a path of the list that a solve is traced with, which holds its configuration alone:
 * `args.k` for `[0].args.params.k`.
 */
export function optionAt(path: string): string {
  return path.replace("[0].", "").replace(/^args\.params/u, "args");
}
