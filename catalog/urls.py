"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from catalog.exports.twins import CSV, NDJSON, RIS, twin
from catalog.feeds import changes_feed, trials_feed
from catalog.health import healthz, readyz
from catalog.methods import only_read
from catalog.signposts import SIGNPOSTS, signpost
from catalog.sitemap import sitemap, sitemap_part
from trials.admin.second_factor import second_factor
from trials.admin.undoing import undo_one

urlpatterns = [
    path("", include("catalog.pages.urls")),
    path("trials.csv", twin, {"form": CSV}, name="trials-csv"),
    path("trials.ndjson", twin, {"form": NDJSON}, name="trials-ndjson"),
    path("trials.ris", twin, {"form": RIS}, name="trials-ris"),
    path("trials.atom", trials_feed, name="trials-atom"),
    path("changes.atom", changes_feed, name="changes-feed"),
    path("trials/<str:number>/changes.atom", changes_feed, name="trial-changes-feed"),
    path("api/v1/", include("catalog.api.urls")),
    path("admin/second-factor/", admin.site.admin_view(second_factor), name="second-factor"),
    path("admin/decisions/<int:pk>/undo/", admin.site.admin_view(undo_one), name="decision-undo"),
    path("admin/queue/", include("trials.admin.queue.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-<slug:section>-<int:number>.xml", sitemap_part, name="sitemap-part"),
    *(path(name, signpost, {"name": name}, name=name.partition(".")[0]) for name in SIGNPOSTS),
    # Browsers ask for it unasked. The plain name, not the one with a hash: it never moves.
    path(
        "favicon.ico",
        only_read(
            RedirectView.as_view(url=f"{settings.STATIC_URL}catalog/favicon.svg", permanent=True)
        ),
    ),
]
