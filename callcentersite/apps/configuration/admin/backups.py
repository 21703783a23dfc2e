"""The backups that are kept: to see and to take home; the way back is ``loaddata``."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from callcentersite.apps.audit.services import Target, downloaded
from callcentersite.apps.common.browsing import BrowseOnlyAdmin
from callcentersite.apps.common.links import run_link
from opsconsole import OperationError, permissions
from opsconsole.admin.downloads import attachment
from opsconsole.admin.pages import problem_page
from opsconsole.exceptions import NotAllowed

from ..models import ConfiguracionBackup

MAY_TAKE = "configuration.view_configuracionbackup"


@admin.register(ConfiguracionBackup)
class ConfiguracionBackupAdmin(BrowseOnlyAdmin):
    """Made by ``backup_configuration``, forgotten by it; nobody edits them."""

    list_display = ("name", "made_at", "take", "settings", "changes", "made_by")
    ordering = ("-made_at", "-id")
    search_fields = ("name", "sha256")
    search_help_text = _("Parte del nombre o de la huella.")
    fields = (
        "name", "take", "sha256", "settings", "changes", "made_at", "made_by", "run_link",
        "way_back",
    )  # fmt: skip
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(download)
        name = "configuration_configuracionbackup_download"
        return [path("<int:pk>/descargar/", view, name=name), *super().get_urls()]

    @admin.display(description=_("descargar"))
    def take(self, backup: ConfiguracionBackup) -> SafeString:
        address = reverse("admin:configuration_configuracionbackup_download", args=[backup.pk])
        size = filesizeformat(backup.size_bytes)
        return format_html('<a href="{}">{}</a> {}', address, gettext("Descargar"), size)

    @admin.display(description=_("corrida"))
    def run_link(self, backup: ConfiguracionBackup) -> SafeString | str:
        return run_link(backup.run)

    @admin.display(description=_("cómo se restaura"))
    def way_back(self, backup: ConfiguracionBackup) -> SafeString:
        command = f"python manage.py loaddata {backup.name}"
        return format_html("{} <code>{}</code>", gettext("Descárguelo y, en su carpeta:"), command)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Always as a download, and written down: the values of every setting are in it."""
    title = gettext("No se puede descargar el respaldo")
    try:
        permissions.require_permission(MAY_TAKE, request.user, title=gettext("descargar respaldos"))
    except NotAllowed as error:
        return problem_page(request, error, title=title)
    backup = get_object_or_404(ConfiguracionBackup, pk=pk)
    if not backup.file.storage.exists(str(backup.file.name)):
        gone = OperationError(gettext("El archivo ya no está."), remedy=gettext("Haga otro."))
        return problem_page(request, gone, title=title, status=404)
    if request.method == "GET":
        downloaded(target_of(backup), bytes=backup.size_bytes)
    return attachment(backup.file, name=backup.name, content_type="application/json")


def target_of(backup: ConfiguracionBackup) -> Target:
    """A backup by its number and its file's name."""
    kind = "configuration.configuracionbackup"
    return Target(kind=kind, number=str(backup.pk), name=backup.name)
