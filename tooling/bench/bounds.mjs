/**
 * What bounds the rows of docs/benchmarks.md that fall short, and the measurements that show it.
 *
 * @type {readonly { readonly rows: RegExp, readonly title: string, readonly text: string }[]}
 */
export const bounds = [];
