"""The pages of imports of calls, below the admin and behind its door."""

from django.contrib import admin
from django.urls import path

from . import views

urlpatterns = [
    path("importar/", admin.site.admin_view(views.import_calls), name="calls_import"),
]
