"""Where JUnit 5 and Jackson are; as root on Debian, installs them first where they are not."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

_PACKAGES = ("junit5", "libjackson2-databind-java")
_FOLDER = Path("/usr/share/java")
_NAMES = (
    "junit-jupiter-api", "junit-jupiter-engine", "junit-platform-commons", "junit-platform-console",
    "junit-platform-engine", "junit-platform-launcher", "junit-platform-reporting",
    "opentest4j", "opentest4j-reporting-events", "apiguardian-api", "picocli",
    "jackson-annotations", "jackson-core", "jackson-databind",
)  # fmt: skip
# A mirror that hangs must not take the whole run with it.
_MOST_SECONDS = 300


class NotInstalled(Exception):
    """The libraries are not there, and cannot be installed here."""


def class_path() -> str:
    """The libraries, as Java's option takes them; NotInstalled says what to install."""
    found = [_FOLDER / f"{name}.jar" for name in _NAMES]
    # Two workers must not install at once; tests/report/chromium.py waits for the same lock.
    with Path(tempfile.gettempdir(), "apt-for-tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = [each.name for each in found if not each.exists()]
        if missing and shutil.which("apt-get") and os.geteuid() == 0:
            _install()
        elif missing:
            raise NotInstalled(f"{', '.join(missing)}: install Debian's {' and '.join(_PACKAGES)}")
    return os.pathsep.join(map(str, found))


def _install() -> None:
    # The lists of packages are fetched only where those at hand are missing or outdated.
    patient = ("apt-get", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3", "-qq")
    install = (*patient, "install", "-y", "--no-install-recommends", *_PACKAGES)
    for words in (install, (*patient, "update"), install):
        done = subprocess.run(
            words, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=_MOST_SECONDS,
        )  # fmt: skip
        if words is install and done.returncode == 0:
            return
    raise NotInstalled(done.stderr)
