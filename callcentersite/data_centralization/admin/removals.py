"""What was removed, to look at."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.browsing import BrowseOnlyAdmin, written
from callcentersite.apps.common.links import run_link

from .. import undoing
from ..domain.sizes import in_words
from ..models import RetentionPolicy, RetentionRemoval


@admin.register(RetentionRemoval)
class RetentionRemovalAdmin(BrowseOnlyAdmin):
    """One table of one run each; the run's page leads to undoing it."""

    list_display = ("policy", "deed", "rows", "size", "removed_at", "job", "undo_until")
    list_filter = ("policy",)
    ordering = ("-id",)
    fields = (
        "policy", "target", "deed", "cutoff", "rows", "size", "removed_at", "job",
        "undo_until", "restored_at", "archive", "archived_until",
    )  # fmt: skip

    @admin.display(description=_("acción"))
    def deed(self, removal: RetentionRemoval) -> str:
        known = dict(RetentionPolicy.Action.choices)
        return str(known.get(removal.action, removal.action))

    @admin.display(description=_("tamaño"))
    def size(self, removal: RetentionRemoval) -> str:
        return in_words(removal.size_bytes)

    @admin.display(description=_("se puede deshacer hasta"), ordering="restorable_until")
    def undo_until(self, removal: RetentionRemoval) -> str:
        return written(removal.restorable_until if undoing.is_kind(removal) else None)

    @admin.display(description=_("se archiva hasta"))
    def archived_until(self, removal: RetentionRemoval) -> str:
        return written(removal.restorable_until)

    @admin.display(description=_("corrida"))
    def job(self, removal: RetentionRemoval) -> Any:
        return run_link(removal.run or None)
