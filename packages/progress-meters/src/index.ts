/**
 * Show how far a solve has come.
 *
 * @packageDocumentation
 */
export {
  HtmlProgressMeter,
  type HtmlProgressMeterOptions,
  type ProgressElement,
} from "./HtmlProgressMeter.ts";
export { NoProgressMeter } from "./NoProgressMeter.ts";
export { TextProgressMeter, type TextProgressMeterOptions } from "./TextProgressMeter.ts";
export {
  type BarStream,
  TqdmProgressMeter,
  type TqdmProgressMeterOptions,
} from "./TqdmProgressMeter.ts";
