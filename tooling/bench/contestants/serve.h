// Answers each line `tolerance milliseconds` on the input with a line of JSON.
#include <stdio.h>
#include <time.h>

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

/// Does the work again and again for about as long as was asked for, and at least once: it returns its steps, and may write `n` numbers.
static void serve(int (*work)(double *y, double tol), double *y, int n) {
  double tol, milliseconds;
  while (scanf("%lf %lf", &tol, &milliseconds) == 2) {
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_THREAD_CPUTIME_ID), elapsed;
    int times = 0, steps;
    do {
      steps = work(y, tol);
      times++;
      elapsed = seconds(CLOCK_MONOTONIC) - wall;
    } while (elapsed * 1e3 < milliseconds);
    cpu = seconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
    printf("{\"ns\":%.17g,\"cpuNs\":%.17g,\"steps\":%d,\"y\":[", elapsed / times * 1e9, cpu / times * 1e9, steps);
    for (int i = 0; i < n; i++) printf("%s%.17g", i ? "," : "", y[i]);
    printf("]}\n");
    fflush(stdout);
  }
}
