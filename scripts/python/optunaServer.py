"""Optuna by ask and tell over JSON lines: one request on a line of stdin, one answer on a line of stdout.

A request is {"id": n, "op": name, ...}; the answer {"id": n, "ok": {...}} or {"id": n, "error": "..."}. Operations:
  open        file, space, sampler, seed, startupTrials, maxSteps, pruner {minResource, reductionFactor}  -> {"trials": [...]}
  ask         -> {"number", "values"}
  report      number, step, value   -> {"prune"}
  tell        number, state ("complete", "pruned", "failed"), value of a complete one  -> {}
  trials      -> {"trials": [...]}
  importance  seed   -> {"importance": {name: share} or null, "why": in words where it is null}

The study is Optuna's journal file. Whatever is decided follows from it, the seed and the trial's number: the sampler is made anew for each trial,
and what the pruner keeps is rebuilt from the values that were reported. So a study that was killed goes on as if it never was.
"""

import fcntl
import hashlib
import itertools
import json
import logging
import math
import os
import sys
import warnings

try:
    import optuna
except ImportError as error:
    print(json.dumps({"id": 0, "error": f"no Optuna here: {error}"}), flush=True)
    sys.exit(1)
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import Trial, TrialState, create_trial

STATES = {"complete": TrialState.COMPLETE, "pruned": TrialState.PRUNED, "failed": TrialState.FAIL}


def sampler_seed(seed, number):
    """A seed of its own for each trial: 32 bits."""
    return int.from_bytes(hashlib.sha256(f"{seed} {number}".encode()).digest()[:4], "big")


def distribution(one):
    kind = one["type"]
    if kind == "choice":
        return CategoricalDistribution(one["of"])
    if kind == "whole number":
        return IntDistribution(one["from"], one["to"], step=one.get("step", 1))
    return FloatDistribution(one["from"], one["to"], log=kind == "log-uniform")


def whole_lines(file):
    """A process that was killed may have left a lock, and half a line, to which the next would be appended."""
    lock = file + ".lock"
    if os.path.lexists(lock):
        os.unlink(lock)
    if not os.path.exists(file):
        return
    with open(file, "rb+") as journal:
        content = journal.read()
        journal.truncate(content.rfind(b"\n") + 1)
        os.fsync(journal.fileno())


class Study:
    """A journal that keeps, and a study in memory that thinks."""

    def __init__(self, q):
        self.space = {name: distribution(one) for name, one in q["space"].items()}
        self.sampler, self.seed, self.startup = q["sampler"], q["seed"], q["startupTrials"]
        self.max_steps = q["maxSteps"]
        # Held until this process ends: another may be about to end, and still write.
        self.alone = open(q["file"] + ".process", "w")
        fcntl.flock(self.alone, fcntl.LOCK_EX)
        whole_lines(q["file"])
        storage = JournalStorage(JournalFileBackend(q["file"]))
        self.kept = optuna.create_study(
            study_name="search", storage=storage, direction="maximize", load_if_exists=True
        )
        pruner = optuna.pruners.SuccessiveHalvingPruner(
            min_resource=q["pruner"]["minResource"], reduction_factor=q["pruner"]["reductionFactor"]
        )
        self.memory = optuna.create_study(direction="maximize", pruner=pruner)
        settings = {name: value for name, value in q.items() if name != "file"}
        before = self.kept.user_attrs.get("settings", settings)
        if before != settings:
            changed = [name for name in settings if settings[name] != before.get(name)]
            raise ValueError(f"{q['file']} holds another search: {', '.join(changed)} differ")
        self.kept.set_user_attr("settings", settings)
        self.open = {}
        for trial in self.kept.get_trials(deepcopy=False):
            self.replay(trial)

    def replay(self, trial):
        self.memory.enqueue_trial(trial.params)
        again = self.memory.ask(self.space)
        if not trial.state.is_finished():
            # Who goes on with it reports its values again.
            self.open[again.number] = again
            return
        for step, value in sorted(trial.intermediate_values.items()):
            again.report(value, step)
            self.should_prune(again, step)
        if trial.state == TrialState.COMPLETE:
            self.memory.tell(again, trial.value)
        else:
            self.memory.tell(again, state=trial.state)

    def should_prune(self, trial, step):
        return step < self.max_steps and trial.should_prune()

    def sampler_of(self, number):
        seed = sampler_seed(self.seed, number)
        if self.sampler == "random":
            return optuna.samplers.RandomSampler(seed=seed)
        if self.sampler == "gp":
            return optuna.samplers.GPSampler(seed=seed, n_startup_trials=self.startup)
        return optuna.samplers.TPESampler(seed=seed, n_startup_trials=self.startup)

    def grid_point(self, number):
        names = list(self.space)
        points = list(itertools.product(*(self.space[name].choices for name in names)))
        return dict(zip(names, points[number % len(points)]))

    def ask(self):
        number = len(self.memory.get_trials(deepcopy=False))
        self.memory.sampler = self.sampler_of(number)
        if self.sampler == "grid":
            self.memory.enqueue_trial(self.grid_point(number))
        trial = self.memory.ask(self.space)
        # One line of the journal: a trial is there with all its values, or it is not.
        self.kept.add_trial(
            create_trial(state=TrialState.RUNNING, params=trial.params, distributions=self.space)
        )
        self.open[number] = trial
        return {"number": number, "values": trial.params}

    def report(self, number, step, value):
        trial = self.open[number]
        kept = self.kept.get_trials(deepcopy=False)[number]
        if step not in kept.intermediate_values:
            Trial(self.kept, kept._trial_id).report(value, step)
        elif kept.intermediate_values[step] != value:
            raise ValueError(f"trial {number} reported {kept.intermediate_values[step]} at step {step}, now {value}")
        trial.report(value, step)
        return {"prune": self.should_prune(trial, step)}

    def tell(self, number, state, value=None):
        result = {"state": STATES[state]} if state != "complete" else {"values": value}
        self.kept.tell(number, **result)
        self.memory.tell(self.open.pop(number), **result)
        return {}

    def trials(self):
        names = {TrialState.RUNNING: "running", **{state: name for name, state in STATES.items()}}
        return {
            "trials": [
                {
                    "number": trial.number,
                    "values": trial.params,
                    "state": names[trial.state],
                    "reports": [[step, value] for step, value in sorted(trial.intermediate_values.items())],
                    **({"value": trial.value} if trial.value is not None else {}),
                }
                for trial in self.kept.get_trials(deepcopy=False)
            ]
        }

    def importance(self, seed):
        done = [trial for trial in self.memory.get_trials(deepcopy=False) if trial.state == TrialState.COMPLETE]
        if len(done) < 2:
            return {"importance": None, "why": "fewer than two trials ran to their end"}
        if len({trial.value for trial in done}) < 2:
            return {"importance": None, "why": "all trials that ran to their end have one value"}
        evaluator = optuna.importance.FanovaImportanceEvaluator(seed=seed % 2**32)
        found = optuna.importance.get_param_importances(self.memory, evaluator=evaluator)
        if not all(math.isfinite(share) for share in found.values()):
            return {"importance": None, "why": "it cannot be told from so few trials"}
        return {"importance": found}


def main():
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    logging.getLogger("optuna").handlers.clear()
    warnings.simplefilter("ignore")
    study = None
    for line in sys.stdin:
        q = json.loads(line)
        number, op = q.pop("id"), q.pop("op")
        try:
            if op == "open":
                if q["sampler"] == "gp":
                    # Now, so that nobody finds out after the first trials.
                    import torch  # noqa: F401
                study = Study(q)
                ok = study.trials()
            elif op in ("ask", "report", "tell", "trials", "importance"):
                ok = getattr(study, op)(**q)
            else:
                raise ValueError(f"unknown operation {op}")
            answer = {"id": number, "ok": ok}
        except Exception as error:  # noqa: BLE001
            answer = {"id": number, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
