"""The addresses of the figures, as the guide has them."""

from django.urls import path

from . import views

app_name = "metrics"
urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("reports/", views.report, name="reports"),
    path("reports/call-analytics/", views.call_analytics, name="call_analytics"),
    path("openapi.json", views.openapi, name="openapi"),
]
