// Elementary functions of C's library in float32, on 4096 numbers: `cc -O3 -march=native -D FUNCTION=expf functions.c -lm`. A step is one
// turn.
#include <math.h>
#include "serve.h"

enum { LENGTH = 4096, TURNS = 100 };

static int work(double *y, double tol) {
  static float from[LENGTH], to[LENGTH];
  for (int i = 0; i < LENGTH; i++) from[i] = sin((i + 1.0) * (i + 1.0));
  for (int turn = 0; turn < TURNS; turn++) {
    float carry = to[0] * 0;
    for (int i = 0; i < LENGTH; i++) to[i] = FUNCTION(OF(from[i] + carry));
  }
  *y = to[0] + tol;
  return TURNS;
}

int main(void) {
  double y;
  serve(work, &y, 1);
}
