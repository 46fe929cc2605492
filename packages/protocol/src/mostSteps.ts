/** The most steps that can be counted: the largest int32. It is no float32, in which it would be one more. */
export const mostSteps: number = 2 ** 31 - 1;
