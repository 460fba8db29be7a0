"""One writer of metric points by MLflow's own client: mlflowWriter.py ADDRESS EXPERIMENT.

Answers lines of stdin as the contestants of `auscult bench` do: "0" begins a run; a number writes so many points, the
most to a request that a server takes, and ends the run; "quit" ends.
"""

import json
import resource
import sys
import time

from mlflow import MlflowClient, __version__
from mlflow.entities import Metric

KEYS = [f"made-up/{i}" for i in range(10)]
POINTS_PER_REQUEST = 1000

# MLflow tells people of a run that ends on stdout, where answers are read.
answers, sys.stdout = sys.stdout, sys.stderr


def say(answer):
    print(json.dumps(answer), file=answers, flush=True)


def metrics(points):
    now = int(time.time() * 1000)
    return [Metric(KEYS[i % 10], i // 10 + (i % 10) / 10, now, i // 10) for i in range(points)]


def main(address, experiment):
    client = MlflowClient(address)
    found = client.get_experiment_by_name(experiment)
    experiment_id = found.experiment_id if found else client.create_experiment(experiment)
    run_id = None
    say({"ready": True, "version": __version__})
    for line in sys.stdin:
        if line.strip() == "quit":
            break
        points = int(line)
        started, cpu = time.perf_counter(), time.process_time()
        if points == 0:
            run_id = client.create_run(experiment_id, run_name="MLflow's own client").info.run_id
        else:
            every = metrics(points)
            for first in range(0, points, POINTS_PER_REQUEST):
                client.log_batch(run_id, metrics=every[first : first + POINTS_PER_REQUEST])
            client.set_terminated(run_id)
        say(
            {
                "seconds": [time.perf_counter() - started],
                "cpuSeconds": time.process_time() - cpu,
                "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "loss": 0,
            }
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
