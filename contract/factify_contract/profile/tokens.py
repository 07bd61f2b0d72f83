"""Where an identity's token comes from, and how it is had."""

import os
import shlex
import subprocess
from dataclasses import dataclass

from factify_contract.errors import ProfileError

# Long enough for a password manager that asks a person.
_COMMAND_SECONDS = 120


@dataclass(frozen=True, slots=True)
class TokenSource:
    """Where an identity's token comes from: the profile itself, the environment, or a command's output."""

    kind: str
    value: str | tuple[str, ...]

    def read(self, name: str) -> str:
        """The token; ProfileError names the identity and what to do when there is none."""
        if self.kind == "token":
            token = str(self.value)
        elif self.kind == "token_env":
            token = os.environ.get(str(self.value), "")
            if not token:
                raise ProfileError(
                    f"identity {name!r}: the environment variable {self.value} is not set; export it"
                )
        else:
            token = self._from_command(name)
        if not token or any(character.isspace() or not character.isprintable() for character in token):
            raise ProfileError(
                f"identity {name!r}: its token is empty or contains a space; check {self.kind}"
            )
        return token

    def _from_command(self, name: str) -> str:
        argv = list(self.value)
        try:
            done = subprocess.run(argv, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False)  # noqa: S603 - the user's own command
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ProfileError(
                f"identity {name!r}: token_command {shlex.join(argv)!r} failed: {error}"
            ) from error
        if done.returncode != 0:
            said = f"token_command {shlex.join(argv)!r} ended with exit code {done.returncode}"
            raise ProfileError(f"identity {name!r}: {said}")
        return done.stdout.strip()
