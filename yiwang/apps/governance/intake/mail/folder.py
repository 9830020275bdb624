"""The Maildir on the disk: any mail server delivers into `new`; from there each mail goes to one place, whole.

`cur` holds what was taken or ignored, `refused` what waits for a person, each with a file that says why; `out` holds
prepared receipts, which the mail server fetches.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_PARTS = ("tmp", "new", "cur", "refused", "out")
_REASON = ".reason.txt"
_PLAIN = re.compile(r"[A-Za-z0-9.,:=_+@-]{1,200}")


@dataclass(frozen=True, slots=True)
class MailFolder:
    root: Path

    def waiting(self, most: int) -> Iterator[Path]:
        """The oldest mails that came in. Links and folders are nobody's mail."""
        found = (entry for entry in os.scandir(self.root / "new") if not entry.name.startswith("."))
        files = sorted(entry.name for entry in found if entry.is_file(follow_symlinks=False))
        yield from (self._plainly_named(self.root / "new" / name) for name in files[:most])

    @staticmethod
    def _plainly_named(path: Path) -> Path:
        """A name no database can hold, or too long for the reason beside it, is exchanged for a plain one."""
        if _PLAIN.fullmatch(path.name):
            return path
        target = path.with_name(hashlib.sha256(os.fsencode(path.name)).hexdigest())
        MailFolder._move(path, target)
        return target

    def keep(self, path: Path, name: str) -> None:
        """Settled: out of the way. A file another worker has moved is no error."""
        self._move(path, self.root / "cur" / name)

    def refuse(self, path: Path, name: str, reason: str) -> None:
        """Set aside with the reason beside it."""
        (self.root / "refused" / f"{name}{_REASON}").write_text(f"{reason}\n", encoding="utf-8")
        self._move(path, self.root / "refused" / name)

    def find(self, name: str) -> Path | None:
        """A mail that was set aside or kept, by the name it came with."""
        if not name or name != Path(name).name:
            return None
        places = (self.root / part / name for part in ("refused", "cur", "new"))
        return next((place for place in places if _is_plain(place)), None)

    def forget_reason(self, name: str) -> None:
        (self.root / "refused" / f"{name}{_REASON}").unlink(missing_ok=True)

    def lay_out(self, name: str, content: bytes) -> None:
        """A mail to be sent, there whole or not at all; the same name again is the same mail."""
        temporary = self.root / "tmp" / f"{os.getpid()}.{name}"
        temporary.write_bytes(content)
        temporary.replace(self.root / "out" / name)

    @staticmethod
    def _move(path: Path, target: Path) -> None:
        if path != target:
            with suppress(FileNotFoundError):
                path.replace(target)


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def mail_folder() -> MailFolder:
    """The folder of this deployment, made when first needed: `mail` in the data folder, or where YIWANG_MAIL says."""
    told = settings.YIWANG["YIWANG_MAIL"]
    root = Path(told) if told else settings.DATA_DIR / "mail"
    for part in _PARTS:
        (root / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    return MailFolder(root)
