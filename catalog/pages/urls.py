"""The addresses of the pages. Those that count trials read one state of the database."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from catalog.pages import (
    about,
    browse,
    changes,
    compare,
    coverage,
    data,
    landscape,
    method,
    reporting,
    suggest,
    trial,
    trials,
)
from trials.search import from_one_state


class Number(StringConverter):
    """A number or a code, right or wrong: whatever a database can be asked for, so no NUL."""

    regex = r"[^/\x00]+"


register_converter(Number, "number")

urlpatterns = [
    path("", from_one_state(about.home), name="home"),
    path("about/", about.about, name="about"),
    path("about/coverage/", coverage.coverage, name="coverage"),
    path("about/data/", data.data, name="data"),
    path("about/data/<str:file_name>", data.download, name="data-file"),
    path("about/method/", method.method, name="method"),
    path("trials/", from_one_state(trials.trials), name="trials"),
    path("trials/suggest/", from_one_state(suggest.suggest), name="suggest"),
    path("trials/<number:number>/", from_one_state(trial.trial), name="trial"),
    path("trials/<number:number>.ris", trial.as_ris, name="trial-ris"),
    path("trials/<number:number>.bib", trial.as_bibtex, name="trial-bibtex"),
    path("trials/<number:number>/changes/", changes.trial_changes, name="trial-changes"),
    # Not from one state: it writes, and must see what was just written.
    path("trials/<number:number>/report/", reporting.report, name="report"),
    path("trials/<number:number>/report/<str:made>/", reporting.thanks, name="report-thanks"),
    path("compare/", from_one_state(compare.compare), name="compare"),
    path("landscape/", from_one_state(landscape.landscape), name="landscape"),
    path("landscape.csv", from_one_state(landscape.as_csv), name="landscape-csv"),
    path("changes/", changes.changes, name="changes"),
    path("sponsors/", browse.sponsors, name="sponsors"),
    path("sponsors/<slug:slug>/", from_one_state(browse.sponsor), name="sponsor"),
    path("cell-sources/", from_one_state(browse.cell_sources), name="cell-sources"),
    path("cell-sources/<slug:slug>/", from_one_state(browse.cell_source), name="cell-source"),
    path("indications/", from_one_state(browse.indications), name="indications"),
    path("indications/<slug:slug>/", from_one_state(browse.indication), name="indication"),
    path("countries/", from_one_state(browse.countries), name="countries"),
    path("countries/<number:code>/", from_one_state(browse.country), name="country"),
    path("products/", from_one_state(browse.products), name="products"),
    path("products/<slug:slug>/", from_one_state(browse.product), name="product"),
    path("publications/", browse.publications, name="publications"),
    path("publications/<slug:slug>/", browse.publication, name="publication"),
    path("documents/", browse.documents, name="documents"),
    path("documents/<slug:slug>/", browse.document, name="document"),
]
