"""The driver of a submission to Ray: rayDriver.py FOLDER [NODE_FOLDER], on the cluster's own Python.

Places the tasks of FOLDER/submission.json, each a process of Node (`auscult placed FOLDER INDEX --with-parent`), once what stands in its
`after` has ended, however it ended, and `atOnce` at a time where that is said. It keeps nothing: what was done stands in the runs' own
folders, and where it dies they are submitted anew. What it tells:

    ray.json       {"at": TIME, "tasks": {INDEX: [STATE, WORDS]}}; STATE is pending, running or ended
    exits/INDEX    "CODE HOST" of a task whose process ended
    logs/INDEX.log what its process printed, each try after the one before

and what it is told: cancel-*.json, lists of tasks that are not to begin. A task whose worker was lost is placed again. NODE_FOLDER holds
the `node` of whoever submitted, for machines that have the same.
"""

import datetime
import glob
import json
import os
import signal
import subprocess
import sys
import time

import ray

# How often files are looked at, and how old the told state becomes at most while nothing changes.
LOOK_SECONDS = 1.0
TELL_SECONDS = 10.0
# A run whose worker dies is probably the cause (its memory); that a machine is lost says little of the run.
WORKER_LOSSES = 3
NODE_LOSSES = 20
# As the shell test in the job's entrypoint says it.
NOT_SHARED = 3

# Not its last command, which a shell would become: Ray kills the children of a worker that ends, and this one's child is to end in order.
START = 'node scripts/setup.mjs </dev/null && node scripts/auscult.mjs placed "$0" "$1" --with-parent; exit $?'


def write(file, text):
    beside = f"{file}.{os.getpid()}.tmp"
    with open(beside, "w") as written:
        written.write(text)
    os.replace(beside, file)


def carry_out(submission, index, attempt, node_folder):
    """On the node that Ray chose. Answers the exit code and the host's name."""
    folder, project = submission["folder"], submission["project"]
    host = os.uname().nodename
    try:
        with open(os.path.join(folder, "token")) as token:
            shared = token.read().strip() == submission["token"] and os.path.isdir(project)
    except OSError:
        shared = False
    if not shared:
        return NOT_SHARED, host
    node = ray.get_runtime_context().get_node_id()[:8]
    write(os.path.join(folder, "begun", f"{index}.{attempt}"), f"{node} {host}\n")
    env = dict(os.environ)
    # Ray's own idea of how many threads an operation has; the run has planned its number.
    env.pop("OMP_NUM_THREADS", None)
    env.update(AUSCULT_ROOT=project, AUSCULT_MLRUNS=submission["mlruns"], AUSCULT_PLACE=f"ray node {node}")
    if "cache" in submission:
        env["AUSCULT_CACHE"] = submission["cache"]
    if "engine" in submission["resources"]:
        env["AUSCULT_ENGINE"] = submission["resources"]["engine"]
    if not submission["resources"].get("gpus"):
        # Ray shows all devices to a task that has asked for none.
        env["CUDA_VISIBLE_DEVICES"] = ""
    if "tracking" in submission:
        env["MLFLOW_TRACKING_URI"] = submission["tracking"]
    if node_folder and os.path.exists(os.path.join(node_folder, "node")):
        env["PATH"] = node_folder + os.pathsep + env.get("PATH", os.defpath)
    with open(os.path.join(folder, "logs", f"{index}.log"), "ab") as log:
        # A session of its own: who ends this worker's group leaves it the time to stop in order.
        child = subprocess.Popen(
            ["sh", "-c", START, folder, str(index)],
            cwd=project,
            env=env,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        code = child.wait()
    finally:
        # The end of its standard input asks it to stop; so does the death of this process, however it dies.
        child.stdin.close()
        child.wait()
    return (code if code >= 0 else 128 - code), host


class Task:
    def __init__(self, line):
        self.index, self.after, self.line = line["index"], line["after"], line
        self.state, self.says = "pending", "waits for its turn"
        self.ref = None
        self.attempt = 0
        self.losses = {"worker": 0, "node": 0}
        self.lost = ""
        self.taken_back = False


class Driver:
    def __init__(self, folder, node_folder):
        with open(os.path.join(folder, "submission.json")) as text:
            self.submission = json.load(text)
        self.folder, self.node_folder = folder, node_folder
        self.tasks = {line["index"]: Task(line) for line in self.submission["tasks"]}
        self.told, self.told_at = None, 0.0
        self.lists = set()
        os.makedirs(os.path.join(folder, "begun"), exist_ok=True)
        resources = self.submission["resources"]
        # Ray's own retries would be neither told nor counted apart.
        options = {"num_cpus": resources["threads"], "num_gpus": resources.get("gpus", 0), "max_retries": 0}
        if "memoryGb" in resources:
            options["memory"] = int(resources["memoryGb"] * 2**30)
        self.remote = ray.remote(**options)(carry_out)

    def carry_out(self):
        self.common = ray.put({**self.submission, "tasks": []})
        while True:
            self.take_back()
            self.place()
            self.look()
            self.tell()
            open_refs = {task.ref: task for task in self.tasks.values() if task.ref is not None}
            if not open_refs:
                return
            if ray.wait(list(open_refs), num_returns=1, timeout=LOOK_SECONDS)[0]:
                for ref in ray.wait(list(open_refs), num_returns=len(open_refs), timeout=0)[0]:
                    self.ended(open_refs[ref])

    def place(self):
        """What may begin and has not been handed to Ray."""
        at_once = self.submission["resources"].get("atOnce") or len(self.tasks)
        room = at_once - sum(task.ref is not None for task in self.tasks.values())
        for task in self.tasks.values():
            if room <= 0:
                return
            if task.state != "pending" or task.ref is not None:
                continue
            if any(self.tasks[one].state != "ended" for one in task.after):
                continue
            task.ref = self.remote.options(name=self.name(task)).remote(
                self.common, task.index, task.attempt, self.node_folder
            )
            task.says = "waits for a node" + task.lost
            room -= 1

    def name(self, task):
        stage = task.line.get("stage")
        return f"{stage} for {task.line['runId']}" if stage else task.line["runId"]

    def look(self):
        """Which tasks have begun, as they tell by a file."""
        try:
            begun = set(os.listdir(os.path.join(self.folder, "begun")))
        except OSError:
            return
        for task in self.tasks.values():
            name = f"{task.index}.{task.attempt}"
            if task.ref is None or task.state != "pending" or name not in begun:
                continue
            try:
                with open(os.path.join(self.folder, "begun", name)) as text:
                    node, host = text.read().split()
            except (OSError, ValueError):
                continue
            task.state, task.says = "running", f"running on {host} (node {node})"

    def take_back(self):
        for file in glob.glob(os.path.join(glob.escape(self.folder), "cancel-*.json")):
            if file in self.lists:
                continue
            try:
                with open(file) as text:
                    indices = json.load(text)
            except (OSError, ValueError):
                continue
            self.lists.add(file)
            for index in indices:
                if index in self.tasks:
                    self.tasks[index].taken_back = True
        self.look()
        for task in self.tasks.values():
            # One that runs was asked through its folder, and ends in order; it is not placed again.
            if not task.taken_back or task.state != "pending":
                continue
            if task.ref is None:
                self.end(task, "cancelled")
            else:
                ray.cancel(task.ref)

    def ended(self, task):
        ref, task.ref = task.ref, None
        try:
            code, host = ray.get(ref)
        except ray.exceptions.TaskCancelledError:
            self.end(task, "cancelled")
        except ray.exceptions.RayTaskError as error:
            self.end(task, f"could not be started: {last_line(error)}")
        except ray.exceptions.RayError as error:
            self.lost(task, error)
        else:
            self.write(os.path.join("exits", str(task.index)), f"{code} {host}\n")
            self.end(task, "ended")

    def lost(self, task, error):
        kind = "node" if isinstance(error, ray.exceptions.NodeDiedError) else "worker"
        task.losses[kind] += 1
        print(f"task {task.index}: lost its {kind} ({type(error).__name__}: {last_line(error)})", flush=True)
        words = f"its {kind} was lost ({type(error).__name__})"
        if task.losses[kind] >= {"worker": WORKER_LOSSES, "node": NODE_LOSSES}[kind]:
            self.end(task, f"{words} {task.losses[kind]} times")
            return
        task.attempt += 1
        task.state, task.lost = "pending", f"; {words}"

    def end(self, task, words):
        task.state, task.says = "ended", words

    def tell(self):
        state = {task.index: [task.state, task.says] for task in self.tasks.values()}
        if state == self.told and time.monotonic() - self.told_at < TELL_SECONDS:
            return
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
        if self.write("ray.json", json.dumps({"at": now, "tasks": state})):
            self.told, self.told_at = state, time.monotonic()

    def write(self, name, text):
        """A folder that cannot be written now, such as on a full disk, holds up no task."""
        try:
            write(os.path.join(self.folder, name), text)
            return True
        except OSError as error:
            print(f"{name}: {error}", flush=True)
            return False


def last_line(error):
    lines = str(error).strip().splitlines()
    return lines[-1][:300] if lines else type(error).__name__


def main():
    driver = Driver(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
    ray.init(log_to_driver=False)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Whoever submitted waits for this as a sign of life.
    driver.tell()
    driver.carry_out()


main()
