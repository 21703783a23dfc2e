"""The site is the admin; beside it the API, health and metrics, and the profile of requests."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from callcentersite.apps.monitoring.page import show as health_page
from callcentersite.apps.monitoring.scraping import metrics

handler403 = "callcentersite.apps.common.error_pages.refused"
handler404 = "callcentersite.apps.common.error_pages.missing"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/perfiles/", include("callcentersite.apps.common.measuring.urls")),
    path("admin/salud/", admin.site.admin_view(health_page), name="monitoring_health"),
    path("admin/llamadas/", include("callcentersite.apps.etl.files.urls")),
    path("api/", include("callcentersite.apps.analytics.api.urls")),
    path("api/", include("callcentersite.apps.integrations.urls")),
    path("admin/", admin.site.urls),
    # Silk's own pages are not served: one of them reads any file that the address names.
    path("silk/", RedirectView.as_view(pattern_name="admin:silk_request_changelist")),
    path("metrics", metrics, name="metrics"),
    path("health/", include("callcentersite.apps.monitoring.urls")),
]
