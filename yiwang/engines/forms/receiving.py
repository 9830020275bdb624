"""Takes large uploads from the network: no more of a file than may be kept, and a full disk is no crash.

A file that is too long, or for which there is no room, is read to its end and thrown away; what the form then gets
says so when it is stored (`storing`), in its own field, with everything else the person typed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

if TYPE_CHECKING:
    Upload = UploadedFile[bytes]
else:
    Upload = UploadedFile  # Django's own class takes no type


class LostFile(Upload):
    """A file that was not kept: it knows its size, and reading it fails as keeping it did."""

    def __init__(self, name: str, size: int, error: OSError | None) -> None:
        super().__init__(io.BytesIO(), name, size=size)
        self.error = error

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        if self.error is not None:
            raise self.error
        yield from ()


class BoundedFileHandler(TemporaryFileUploadHandler):
    """Keeps a file in a temporary one, up to the limit of the settings."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.seen, self.is_lost = 0, False
        self.error: OSError | None = None
        self.__dict__.pop("file", None)  # the file before this one belongs to the request by now
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._lose(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.seen += len(raw_data)
        if not self.is_lost and self.seen > settings.YIWANG["YIWANG_UPLOAD_LIMIT"]:
            self._lose(None)
        if self.is_lost:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._lose(error)

    def file_complete(self, file_size: int) -> Upload | None:
        if self.is_lost:
            return LostFile(self.file_name or "", self.seen, self.error)
        try:
            return super().file_complete(file_size)
        except OSError as error:  # what the system had not written yet
            self._lose(error)
            return LostFile(self.file_name or "", self.seen, error)

    def _lose(self, error: OSError | None) -> None:
        self.is_lost, self.error = True, error
        if "file" in self.__dict__:
            with suppress(OSError):  # closing writes what is left
                self.file.close()
