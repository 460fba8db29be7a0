"""Looks at an MLflow database in SQLite, and copies it. The result is one JSON object on stdout.

  state FILE           its schema's revision, and what the installed MLflow knows: {tables, revision, head, known, mlflow}
  count FILE           reads all of it; rows of each table: {damage, rows}
  backup FILE TARGET   copies it by SQLite's own means, whoever else reads or writes it: {damage, rows} of the copy

What SQLite refuses is {error}. Only the standard library is used: importing MLflow would take seconds.
"""

import importlib.util
import json
import os
import re
import sqlite3
import sys
from urllib.parse import quote


def installed():
    """Of the MLflow beside this Python: its version, and the revisions of the schema that it knows, the newest apart."""
    folder = importlib.util.find_spec("mlflow").submodule_search_locations[0]
    with open(os.path.join(folder, "version.py"), encoding="utf-8") as handle:
        version = re.search(r'^VERSION = "(.+?)"', handle.read(), re.M)
    revisions, older = set(), set()
    scripts = os.path.join(folder, "store", "db_migrations", "versions")
    for name in os.listdir(scripts):
        if not name.endswith(".py"):
            continue
        with open(os.path.join(scripts, name), encoding="utf-8") as handle:
            text = handle.read()
        found = re.search(r"^revision\b[^=\n]*=\s*[\"'](\w+)[\"']", text, re.M)
        if found:
            revisions.add(found[1])
            after = re.search(r"^down_revision\b[^=\n]*=\s*(.+)$", text, re.M)
            older.update(re.findall(r"[\"'](\w+)[\"']", after[1] if after else ""))
    heads = sorted(revisions - older)
    return {"mlflow": version[1] if version else "", "head": heads[0] if len(heads) == 1 else None, "revisions": revisions}


def opened(file):
    # To be written, since what a process that died left half done is put right by whoever opens the file next.
    return sqlite3.connect(f"file:{quote(file)}?mode=rw", uri=True, timeout=10)


def tables(database):
    return [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]


def state(file):
    known = installed()
    database = opened(file)
    names = tables(database)
    found = database.execute("SELECT version_num FROM alembic_version").fetchall() if "alembic_version" in names else []
    revision = found[0][0] if found else None
    # What a write-ahead log holds comes into the file itself, which can then be renamed.
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return {
        "tables": len([name for name in names if name != "alembic_version"]),
        "revision": revision,
        "head": known["head"],
        "known": revision is None or revision in known["revisions"],
        "mlflow": known["mlflow"],
    }


def count(file):
    database = opened(file)
    (damage,) = database.execute("PRAGMA quick_check(1)").fetchone()
    rows = {name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in tables(database)}
    database.close()
    return {"damage": None if damage == "ok" else damage, "rows": rows}


def backup(file, target):
    source, copy = opened(file), sqlite3.connect(target)
    with copy:
        source.backup(copy)
    # A copy that needs no second file beside it.
    copy.execute("PRAGMA journal_mode = DELETE")
    copy.close()
    source.close()
    with open(target, "rb+") as handle:
        os.fsync(handle.fileno())
    return count(target)


if __name__ == "__main__":
    command, *files = sys.argv[1:]
    try:
        answer = {"state": state, "count": count, "backup": backup}[command](*files)
    except (sqlite3.Error, OSError) as caught:
        answer = {"error": str(caught)}
    print(json.dumps(answer))
