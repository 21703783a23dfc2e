"""The admin site of the console."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from .. import permissions
from .panels import Panel


class ConsoleSite(AdminSite):
    """Django's admin with the operations on its home page."""

    site_header = _("Consola de operaciones · IACT")
    site_title = _("Consola de operaciones")
    index_title = _("Hoy")
    site_url = None  # the admin is the whole site

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._panels: list[Panel] = []

    def register_panel(self, panel: Panel) -> Panel:
        """Put a card on the home page; as a decorator, in ``<app>/panels.py``."""
        self._panels.append(panel)
        return panel

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """As Django does; and let each ModelAdmin check who may run its operation actions."""
        from .actions import let_site_check

        super().register(model_or_iterable, admin_class, **options)
        for modeladmin in self._registry.values():
            let_site_check(modeladmin)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """As Django does; of a library as its admin says: ``menu_section``, ``menu_title``."""
        found: list[Any] = super().get_app_list(request, app_label)
        for app in found:
            for model in app["models"]:
                own = self._registry.get(model["model"])
                model["name"] = getattr(own, "menu_title", None) or model["name"]
                app["name"] = getattr(own, "menu_section", None) or app["name"]
        return found

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """As Django does; the header leads to the runs whoever has any to see."""
        return super().each_context(request) | {
            "may_see_runs": permissions.may_see_runs(request.user)
        }

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The console's pages before Django's catch-all."""
        from .manual import manual_page
        from .operations import operation_page
        from .plan_page import plan_page
        from .queue import queue_page
        from .whocan import whocan_page

        return [
            path(
                "operaciones/<slug:name>/",
                self.admin_view(operation_page),
                name="opsconsole_operation",
            ),
            path(
                "operaciones/<slug:name>/quien/",
                self.admin_view(whocan_page),
                name="opsconsole_whocan",
            ),
            path(
                "operaciones/<slug:name>/ayuda/",
                self.admin_view(manual_page),
                name="opsconsole_manual",
            ),
            path("planes/<int:pk>/", self.admin_view(plan_page), name="opsconsole_sealedplan_show"),
            path("cola/", self.admin_view(queue_page), name="opsconsole_queue"),
            *super().get_urls(),
        ]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The home page."""
        from .home import home_context

        context = home_context(request, self._panels) | (extra_context or {})
        return super().index(request, context)
