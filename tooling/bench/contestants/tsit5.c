// The same solver in C: Tsitouras' 5(4) pair, steps from an I-controller. One program for each problem:
//
//   cc -O3 -march=native -D lorenz tsit5.c -lm
#include "problems.h"
#include "serve.h"

#define EACH for (int i = 0; i < N; i++)

__attribute__((noinline)) static int solve(double *y, double tol) {
  start(y);
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

int main(void) {
  double y[N];
  serve(solve, y, N);
}
