"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView

from catalog.feeds import changes_feed
from catalog.health import healthz, readyz

urlpatterns = [
    path("", include("catalog.pages.urls")),
    path("changes.atom", changes_feed, name="changes-feed"),
    path("trials/<str:number>/changes.atom", changes_feed, name="trial-changes-feed"),
    path("api/v1/", include("catalog.api.urls")),
    path("admin/queue/", include("trials.admin.queue.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path(
        "robots.txt",
        TemplateView.as_view(template_name="robots.txt", content_type="text/plain"),
        name="robots",
    ),
    # Browsers ask for it unasked. The plain name, not the one with a hash: it never moves.
    path(
        "favicon.ico",
        RedirectView.as_view(url=f"{settings.STATIC_URL}catalog/favicon.svg", permanent=True),
    ),
]
