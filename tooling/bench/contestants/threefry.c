// Threefry-2x32 with 20 rounds of the counters 0, 1, 2, …: answers each line `tolerance milliseconds` with a line of JSON.
//
//   cc -O3 -msse4.2 threefry.c -o threefry
#include <stdint.h>
#include <stdio.h>
#include <time.h>

enum { N = 4096 };
static uint32_t first[N], second[N];

#define ROUND(r) a += b, b = (b << r | b >> (32 - r)) ^ a
#define FOUR(r0, r1, r2, r3) ROUND(r0), ROUND(r1), ROUND(r2), ROUND(r3)

__attribute__((noinline)) static void blocks(uint32_t k0, uint32_t k1) {
  const uint32_t k2 = k0 ^ k1 ^ 0x1bd11bda;
  for (uint32_t i = 0; i < N; i++) {
    uint32_t a = k0, b = i + k1;
    FOUR(13, 15, 26, 6), a += k1, b += k2 + 1;
    FOUR(17, 29, 16, 24), a += k2, b += k0 + 2;
    FOUR(13, 15, 26, 6), a += k0, b += k1 + 3;
    FOUR(17, 29, 16, 24), a += k1, b += k2 + 4;
    FOUR(13, 15, 26, 6), a += k2, b += k0 + 5;
    first[i] = a, second[i] = b;
  }
}

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(void) {
  double tol, milliseconds;
  while (scanf("%lf %lf", &tol, &milliseconds) == 2) {
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_THREAD_CPUTIME_ID), elapsed;
    uint32_t calls = 0;
    do {
      blocks(0, calls++);
      elapsed = seconds(CLOCK_MONOTONIC) - wall;
    } while (elapsed * 1e3 < milliseconds);
    cpu = seconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
    printf("{\"ns\":%.17g,\"cpuNs\":%.17g,\"steps\":%d,\"y\":[%u,%u]}\n", elapsed / calls * 1e9, cpu / calls * 1e9, N, first[1], second[1]);
    fflush(stdout);
  }
}
