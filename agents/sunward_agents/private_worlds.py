"""Test worlds that nobody can train on: drawn from a salt that only an operator knows.

A world follows from the name of its split, its seed and its episode. The private split's name holds
a hash of the salt, so its worlds cannot be foreseen without it. Results carry a commitment, another
hash of the salt: it tells nothing about the worlds, and once the salt is published, anybody can
check that they were those promised and play them again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from sunward_agents.errors import UsageError

PRIVATE = "private"
#: Where the salt is: the text itself, or the path of a file with it.
SALT, SALT_FILE = "SUNWARD_PRIVATE_SALT", "SUNWARD_PRIVATE_SALT_FILE"
#: Shorter ones could be found by trying: 32 hexadecimal digits are 128 bits.
FEWEST_CHARACTERS = 32


def namespace(split: str, environment: Mapping[str, str] | None = None) -> str:
    """Returns the split's name as worlds are drawn from it: secret for the private one.

    Raises:
        UsageError: the split is private, and there is no usable salt.
    """
    if split != PRIVATE:
        return split
    return f"{PRIVATE}/{_hash('worlds', _salt(environment))}"


def commitment(environment: Mapping[str, str] | None = None) -> str:
    """Returns the SHA-256 that may be published before the salt is.

    It is that of the text `sunward private commitment`, a zero byte and the salt.

    Raises:
        UsageError: there is no usable salt.
    """
    return _hash("commitment", _salt(environment))


def _hash(purpose: str, salt: str) -> str:
    return hashlib.sha256(f"sunward private {purpose}\0{salt}".encode()).hexdigest()


def _salt(environment: Mapping[str, str] | None) -> str:
    environment = os.environ if environment is None else environment
    salt = environment.get(SALT, "")
    if not salt and SALT_FILE in environment:
        salt = _read(Path(environment[SALT_FILE]))
    if not salt:
        raise UsageError(
            f"split private needs a secret salt: set {SALT}, or {SALT_FILE} to a file that holds it"
        )
    if len(salt) < FEWEST_CHARACTERS:
        raise UsageError(
            f"the secret salt has {len(salt)} characters, must have at least {FEWEST_CHARACTERS}: "
            "take one from `openssl rand -hex 32`"
        )
    return salt


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{SALT_FILE} {path}: cannot be read ({error})") from error
