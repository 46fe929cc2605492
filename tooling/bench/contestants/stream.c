// How fast this core reads and writes: `cc -O3 -march=native -D triad stream.c`. A step is one byte.
//
// -D triad: McCalpin's STREAM, a = b + 3 c, on arrays of 80 MB.
// Without: reads 8 MB again and again, as a product with a matrix of 1000 × 1000 numbers does.
#include <string.h>
#include "serve.h"

#ifdef triad
enum { LENGTH = 10000000 };
double a[LENGTH], b[LENGTH], c[LENGTH]; // not static: what they hold is not known when this is compiled

static int work(double *y, double tol) {
  for (int i = 0; i < LENGTH; i++) a[i] = b[i] + 3 * c[i];
  *y = a[LENGTH / 2] + tol;
  return 3 * sizeof a;
}
#else
enum { LENGTH = 1000000 };
typedef double Lanes __attribute__((vector_size(64)));
double a[LENGTH];

static int work(double *y, double tol) {
  Lanes sums[4] = {{0}};
  for (int i = 0; i < LENGTH; i += 32) {
    for (int l = 0; l < 4; l++) {
      Lanes some;
      memcpy(&some, a + i + 8 * l, sizeof some);
      sums[l] += some;
    }
  }
  *y = tol;
  for (int l = 0; l < 8; l++) *y += sums[0][l] + sums[1][l] + sums[2][l] + sums[3][l];
  return sizeof a;
}
#endif

int main(void) {
  double y;
  serve(work, &y, 1);
}
