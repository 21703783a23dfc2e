"""The pages of profiles, below the admin and behind its door."""

from django.contrib import admin
from django.urls import path

from .pages import views

urlpatterns = [
    path("<int:pk>/", admin.site.admin_view(views.show), name="opsconsole_jobrun_profile"),
    path(
        "<int:pk>/comparar/",
        admin.site.admin_view(views.compared),
        name="opsconsole_jobrun_profile_compare",
    ),
]
