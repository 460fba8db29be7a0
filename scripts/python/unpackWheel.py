"""unpackWheel.py WHEEL FOLDER PATTERN...: the files of a wheel whose names match a pattern, with their permissions, on the disk."""

import fnmatch
import os
import sys
import zipfile

wheel, folder, *patterns = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for member in archive.infolist():
        if member.is_dir() or not any(fnmatch.fnmatchcase(member.filename, pattern) for pattern in patterns):
            continue
        file = archive.extract(member, folder)
        mode = member.external_attr >> 16 & 0o777
        if mode:
            os.chmod(file, mode | 0o600)
        with open(file, "rb") as written:
            os.fsync(written.fileno())
