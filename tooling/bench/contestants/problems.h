// The problems of ../problems.mjs for C and C++, one for each program: `-D lorenz`.
#include <math.h>
#include <stdint.h>
#include <string.h>

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

typedef double Lanes __attribute__((vector_size(64)));

static inline void field(const double *y, double *dy) {
  for (int i = 0; i < N; i += 4) { // four rows at a time, which do not wait for one another's additions
    Lanes sums[4] = {{0}};
    for (int j = 0; j < N; j += 8) {
      Lanes at;
      memcpy(&at, y + j, sizeof at);
      for (int r = 0; r < 4; r++) {
        Lanes row;
        memcpy(&row, &matrix[i + r][j], sizeof row);
        sums[r] += row * at;
      }
    }
    for (int r = 0; r < 4; r++) {
      double sum = 0;
      for (int l = 0; l < 8; l++) sum += sums[r][l];
      dy[i + r] = sum;
    }
  }
}

#elif defined(mildBrusselator)

#define N 1000
static const double t1 = 10, dt0 = 0.01;

static void start(double *y) {
  for (int i = 0; i < N / 2; i++) {
    y[i] = 1 + sin(2 * 3.14159265358979323846 * (i + 1) / (N / 2 + 1));
    y[N / 2 + i] = 3;
  }
}

static inline void cell(double u, double uBefore, double uAfter, double v, double vBefore, double vAfter, double *dy) {
  double made = u * u * v;
  dy[0] = 1 + made - 4 * u + 2.5 * (uBefore - 2 * u + uAfter);
  dy[N / 2] = 3 * u - made + 2.5 * (vBefore - 2 * v + vAfter);
}

static inline void field(const double *y, double *dy) {
  const double *u = y, *v = y + N / 2;
  const int last = N / 2 - 1;
  cell(u[0], 1, u[1], v[0], 3, v[1], dy);
  for (int i = 1; i < last; i++) cell(u[i], u[i - 1], u[i + 1], v[i], v[i - 1], v[i + 1], dy + i);
  cell(u[last], u[last - 1], 1, v[last], v[last - 1], 3, dy + last);
}

#endif
