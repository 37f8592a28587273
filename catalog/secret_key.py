"""Makes the secret key once, and keeps it in a file that only its owner can read."""

import os
import secrets
from pathlib import Path


def kept_secret_key(path: Path) -> str:
    """The key in `path`; made first where there is none. Safe when several processes start."""
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        _make(path)
        return path.read_text(encoding="ascii")


def _make(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
        # A link appears whole or not at all, so nobody reads half a key; the first one stays.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
