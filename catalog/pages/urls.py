"""The addresses of the pages."""

from django.urls import path

from catalog.pages import about, browse, changes, coverage, method, trial, trials

urlpatterns = [
    path("", about.home, name="home"),
    path("about/", about.about, name="about"),
    path("about/coverage/", coverage.coverage, name="coverage"),
    path("about/method/", method.method, name="method"),
    path("trials/", trials.trials, name="trials"),
    path("trials/<str:number>/", trial.trial, name="trial"),
    path("trials/<str:number>.ris", trial.as_ris, name="trial-ris"),
    path("trials/<str:number>.bib", trial.as_bibtex, name="trial-bibtex"),
    path("trials/<str:number>/changes/", changes.trial_changes, name="trial-changes"),
    path("changes/", changes.changes, name="changes"),
    path("sponsors/", browse.sponsors, name="sponsors"),
    path("sponsors/<slug:slug>/", browse.sponsor, name="sponsor"),
    path("cell-sources/", browse.cell_sources, name="cell-sources"),
    path("cell-sources/<slug:slug>/", browse.cell_source, name="cell-source"),
    path("indications/", browse.indications, name="indications"),
    path("indications/<slug:slug>/", browse.indication, name="indication"),
    path("countries/", browse.countries, name="countries"),
    path("countries/<str:code>/", browse.country, name="country"),
    path("products/", browse.products, name="products"),
    path("products/<slug:slug>/", browse.product, name="product"),
    path("publications/", browse.publications, name="publications"),
    path("publications/<slug:slug>/", browse.publication, name="publication"),
    path("documents/", browse.documents, name="documents"),
    path("documents/<slug:slug>/", browse.document, name="document"),
]
