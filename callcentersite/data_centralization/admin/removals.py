"""What was removed, to look at."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.browsing import NOTHING, BrowseOnlyAdmin

from ..domain.sizes import in_words
from ..models import RetentionRemoval


@admin.register(RetentionRemoval)
class RetentionRemovalAdmin(BrowseOnlyAdmin):
    """One table of one run each; the run's page leads to undoing it."""

    list_display = ("policy", "action", "rows", "size", "removed_at", "job", "restorable_until")
    list_filter = ("policy",)
    ordering = ("-id",)
    fields = (
        "policy", "target", "action", "cutoff", "rows", "size", "removed_at", "job",
        "restorable_until", "restored_at", "archive",
    )  # fmt: skip

    @admin.display(description=_("tamaño"))
    def size(self, removal: RetentionRemoval) -> str:
        return in_words(removal.size_bytes)

    @admin.display(description=_("corrida"))
    def job(self, removal: RetentionRemoval) -> Any:
        if not removal.run:
            return NOTHING
        url = reverse("admin:opsconsole_jobrun_change", args=[removal.run])
        return format_html('<a href="{}">#{}</a>', url, removal.run)
