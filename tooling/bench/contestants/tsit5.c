// The same solver in C: Tsitouras' 5(4) pair, steps from an I-controller. One program for each problem:
//
//   cc -O3 -march=native -D lorenz tsit5.c -lm
//
// It answers each line `tolerance milliseconds` on its input with a line of JSON.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(lorenz) || defined(lorenz10)

#define N 3
#ifdef lorenz
static const double t1 = 100;
#else
static const double t1 = 10;
#endif
static const double dt0 = 0.01;

static void start(double *y) { y[0] = y[1] = y[2] = 1; }

static inline void field(const double *y, double *dy) {
  dy[0] = 10 * (y[1] - y[0]);
  dy[1] = y[0] * (28 - y[2]) - y[1];
  dy[2] = y[0] * y[1] - 8.0 / 3 * y[2];
}

#elif defined(lotkaVolterra)

#define N 2
static const double t1 = 140, dt0 = 0.1;

static void start(double *y) { y[0] = y[1] = 10; }

static inline void field(const double *y, double *dy) {
  dy[0] = 0.1 * y[0] - 0.02 * y[0] * y[1];
  dy[1] = 0.01 * y[0] * y[1] - 0.4 * y[1];
}

#elif defined(pleiades)

#define N 28
static const double t1 = 3, dt0 = 1e-3;

static void start(double *y) {
  static const double y0[N] = {3, 3, -1, -3, 2, -2, 2, 3, -3, 2, 0,    0, -4, 4,
                               0, 0, 0,  0,  0, 1.75, -1.5, 0, 0, 0, -1.25, 1, 0, 0};
  memcpy(y, y0, sizeof y0);
}

static inline void field(const double *y, double *dy) {
  for (int i = 0; i < 7; i++) {
    double ax = 0, ay = 0;
    for (int j = 0; j < 7; j++) {
      if (j == i) continue;
      double dx = y[j] - y[i], dz = y[7 + j] - y[7 + i];
      double r2 = dx * dx + dz * dz;
      double pull = (j + 1) / (r2 * sqrt(r2));
      ax += pull * dx;
      ay += pull * dz;
    }
    dy[i] = y[14 + i];
    dy[7 + i] = y[21 + i];
    dy[14 + i] = ax;
    dy[21 + i] = ay;
  }
}

#elif defined(lorenz96)

#define N 128
static const double t1 = 5, dt0 = 0.01;

static void start(double *y) {
  for (int i = 0; i < N; i++) y[i] = 8;
  y[0] = 8.01;
}

static inline void field(const double *y, double *dy) {
  dy[0] = (y[1] - y[N - 2]) * y[N - 1] - y[0] + 8;
  dy[1] = (y[2] - y[N - 1]) * y[0] - y[1] + 8;
  for (int i = 2; i < N - 1; i++) dy[i] = (y[i + 1] - y[i - 2]) * y[i - 1] - y[i] + 8;
  dy[N - 1] = (y[0] - y[N - 3]) * y[N - 2] - y[N - 1] + 8;
}

#elif defined(linear)

#define N 1000
static const double t1 = 5, dt0 = 0.1;
static double matrix[N][N];

static void start(double *y) {
  for (int i = 0; i < N; i++) y[i] = 1 + i / 1000.0;
  if (matrix[0][0] != 0) return;
  for (uint32_t k = 0; k < N * N; k++) {
    double noise = k * 2654435761u / 4294967296.0 - 0.5;
    matrix[k / N][k % N] = 2 / sqrt(N) * noise - (k % (N + 1) == 0);
  }
}

static inline void field(const double *y, double *dy) {
  for (int i = 0; i < N; i++) {
    double sums[8] = {0}; // so that the compiler may use vectors
    for (int j = 0; j < N; j += 8)
      for (int l = 0; l < 8; l++) sums[l] += matrix[i][j + l] * y[j + l];
    dy[i] = sums[0] + sums[1] + sums[2] + sums[3] + sums[4] + sums[5] + sums[6] + sums[7];
  }
}

#endif

#define EACH for (int i = 0; i < N; i++)

__attribute__((noinline)) static int solve(double *y, double tol) {
  static double k1[N], k2[N], k3[N], k4[N], k5[N], k6[N], k7[N], u[N];
  double t = 0, t_next = dt0;
  int steps = 0;
  field(y, k1);
  while (t < t1) {
    double h = t_next - t, squares = 0;
    steps++;
    EACH u[i] = y[i] + h * (0.161 * k1[i]);
    field(u, k2);
    EACH u[i] = y[i] + h * (-0.008480655492356989 * k1[i] + 0.335480655492357 * k2[i]);
    field(u, k3);
    EACH u[i] = y[i] + h * (2.8971530571054935 * k1[i] - 6.359448489975075 * k2[i] + 4.3622954328695815 * k3[i]);
    field(u, k4);
    EACH u[i] = y[i] + h * (5.325864828439257 * k1[i] - 11.748883564062828 * k2[i] + 7.4955393428898365 * k3[i] -
                            0.09249506636175525 * k4[i]);
    field(u, k5);
    EACH u[i] = y[i] + h * (5.86145544294642 * k1[i] - 12.92096931784711 * k2[i] + 8.159367898576159 * k3[i] -
                            0.071584973281401 * k4[i] - 0.028269050394068383 * k5[i]);
    field(u, k6);
    EACH u[i] = y[i] + h * (0.09646076681806523 * k1[i] + 0.01 * k2[i] + 0.4798896504144996 * k3[i] +
                            1.379008574103742 * k4[i] - 3.290069515436081 * k5[i] + 2.324710524099774 * k6[i]);
    field(u, k7);
    EACH {
      double error = h * (0.0017800110522257773 * k1[i] + 0.0008164344596567463 * k2[i] -
                          0.007880878010261994 * k3[i] + 0.1447110071732629 * k4[i] - 0.5823571654525552 * k5[i] +
                          0.45808210592918686 * k6[i] - 0.015151515151515152 * k7[i]);
      double scaled = error / (tol + tol * fmax(fabs(y[i]), fabs(u[i])));
      squares += scaled * scaled;
    }
    double norm = sqrt(squares / N), factor = 0.9 * pow(norm, -0.2);
    if (norm < 1) {
      t = t_next;
      memcpy(y, u, sizeof u);
      memcpy(k1, k7, sizeof k1);
      t_next = t + h * fmin(fmax(factor, 1), 10);
      if (t_next > t1 * (1 - 1e-14)) t_next = t1;
    } else {
      t_next = t + h * fmin(fmax(factor, 0.2), 0.9);
    }
  }
  return steps;
}

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

int main(void) {
  double tol, milliseconds, y[N];
  while (scanf("%lf %lf", &tol, &milliseconds) == 2) {
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_THREAD_CPUTIME_ID), elapsed;
    int solves = 0, steps;
    do {
      start(y);
      steps = solve(y, tol);
      solves++;
      elapsed = seconds(CLOCK_MONOTONIC) - wall;
    } while (elapsed * 1e3 < milliseconds);
    cpu = seconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
    printf("{\"ns\":%.17g,\"cpuNs\":%.17g,\"steps\":%d,\"y\":[", elapsed / solves * 1e9, cpu / solves * 1e9, steps);
    EACH printf("%s%.17g", i ? "," : "", y[i]);
    printf("]}\n");
    fflush(stdout);
  }
}
