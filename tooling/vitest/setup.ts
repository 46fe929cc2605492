// In our own tests traces that are found are made again and compared, often enough to find a function that uses what changes.
import { checkTraces } from "../../packages/autodiff/src/checkTraces.ts";

checkTraces("rarely");
