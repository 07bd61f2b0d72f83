"""Prints the path of a Chromium; as root on Debian, installs one first where there is none."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A mirror that hangs must not take the whole run with it.
MOST_SECONDS = 300


def found() -> str | None:
    """The path of an installed browser: what $CHROMIUM says, else the first known name."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Installs Debian's chromium; raises CalledProcessError or TimeoutExpired with apt's own words."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patient = ("-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3", "-qq")
    for words in (("update",), ("install", "-y", "--no-install-recommends", "chromium")):
        subprocess.run(
            ["apt-get", *patient, *words],
            check=True,
            timeout=MOST_SECONDS,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
        )


def main() -> int:
    # Two workers that find none at once must not install it twice, nor other packages meanwhile.
    with Path(tempfile.gettempdir(), "apt-for-tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if found() is None and shutil.which("apt-get") and os.geteuid() == 0:
            try:
                install()
            except (subprocess.SubprocessError, OSError) as error:
                print(f"chromium could not be installed: {error}", file=sys.stderr)  # noqa: T201 - for a person
    path = found()
    if path is None:
        print("there is no chromium; install one, or name it in $CHROMIUM", file=sys.stderr)  # noqa: T201 - for a person
        return 1
    print(path)  # noqa: T201 - this script's only output
    return 0


if __name__ == "__main__":
    sys.exit(main())
