/** What to do about a fit that failed, or that is no good. */
export const advice = `What may help:
  - columns in the order time, prey, predator: the peaks of the prey come before those of the predator
  - at least one whole cycle, better two, and only rows that belong together
  - another place to begin: --alpha and --gamma of about 2π divided by the time that a cycle takes
  - a look at where the fit begins: --no-fit`;
