"""What other engines and pages may call of forms."""

from __future__ import annotations

from yiwang.engines.forms.bundle import form_from_json, form_to_json
from yiwang.engines.forms.compiled import Checked
from yiwang.engines.forms.lookups import Entry, add_list_source, entries, map_address
from yiwang.engines.forms.masking import mask_values
from yiwang.engines.forms.messages import FieldError
from yiwang.engines.forms.owners import owner_of, register_guard
from yiwang.engines.forms.pages import file_response
from yiwang.engines.forms.parsing import Posted
from yiwang.engines.forms.selectors import attachments_named, open_attachment
from yiwang.engines.forms.services import attach, copy_attachments, remove_unattached, store_upload
from yiwang.engines.forms.working import CompiledForm, Submission, compile_form

__all__ = [
    "Checked",
    "CompiledForm",
    "Entry",
    "FieldError",
    "Posted",
    "Submission",
    "add_list_source",
    "attach",
    "attachments_named",
    "compile_form",
    "copy_attachments",
    "entries",
    "file_response",
    "form_from_json",
    "form_to_json",
    "map_address",
    "mask_values",
    "open_attachment",
    "owner_of",
    "register_guard",
    "remove_unattached",
    "store_upload",
]
