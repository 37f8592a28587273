"""The addresses of the queue, under `/admin/queue/`."""

from django.contrib import admin
from django.urls import path

from trials.admin.queue import views

urlpatterns = [
    path("", admin.site.admin_view(views.waiting), name="queue"),
    path("undo/", admin.site.admin_view(views.undo), name="queue-undo"),
    path("name/", admin.site.admin_view(views.name), name="queue-name"),
    path("<slug:kind>/<path:key>/", admin.site.admin_view(views.one), name="queue-item"),
]
