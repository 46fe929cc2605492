// A worker that ends as soon as it has something to do.
import process from "node:process";

export function runJob() {
  process.exit(3);
}
