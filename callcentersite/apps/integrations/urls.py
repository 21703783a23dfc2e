"""The addresses of the API."""

from django.urls import path, re_path

from .views import configuration, operations, runs
from .views.missing import missing

app_name = "api"
urlpatterns = [
    path("configuracion/", configuration.every_category, name="configuration"),
    path("configuracion/<str:categoria>/", configuration.one_category, name="category"),
    path("operaciones/", operations.every_operation, name="operations"),
    path("operaciones/<slug:name>/plan/", operations.plan, name="plan"),
    path("operaciones/<slug:name>/corridas/", operations.launch, name="launch"),
    path("corridas/<int:pk>/", runs.show, name="run"),
    path("corridas/<int:pk>/cancelar/", runs.cancel, name="cancel"),
    path("corridas/<int:pk>/repetir/", runs.retry, name="retry"),
    # Last: whatever is not there is told in JSON too.
    re_path(r"", missing),
]
