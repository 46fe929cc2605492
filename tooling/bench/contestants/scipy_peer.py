"""One stiff problem by SciPy: answers each line `tolerance milliseconds` on its input with a line of JSON.

    python3 scipy_peer.py robertson Radau
"""

import json
import sys
import time

import numpy as np
from scipy.integrate import solve_ivp
from scipy.sparse import diags
from stiff_problems import problem

name, method = sys.argv[1:]
field, t1, _, atol, y0, width = problem(name)
options = {}
if width is not None and method == "LSODA":
    options = {"lband": width, "uband": width}
elif width is not None:
    n = len(y0)
    options = {"jac_sparsity": diags([np.ones(n)] * (2 * width + 1), list(range(-width, width + 1)), shape=(n, n))}

for line in sys.stdin:
    rtol, milliseconds = map(float, line.split())
    wall, cpu, solves = time.perf_counter(), time.process_time(), 0
    while True:
        solution = solve_ivp(field, (0, t1), np.array(y0), method, rtol=rtol, atol=rtol * atol, **options)
        solves += 1
        elapsed = time.perf_counter() - wall
        if elapsed * 1e3 >= milliseconds:
            break
    answer = {
        "ns": elapsed / solves * 1e9,
        "cpuNs": (time.process_time() - cpu) / solves * 1e9,
        "failed": not solution.success,
        "steps": len(solution.t) - 1,
        "evaluations": int(solution.nfev),
        "factorisations": int(solution.nlu),
        "y": solution.y[:, -1].tolist(),
    }
    print(json.dumps(answer), flush=True)
