"""The addresses under /api/v1/."""

from django.urls import path, re_path

from catalog.api import browse, views

app_name = "api"
urlpatterns = [
    path("trials/", views.TrialList.as_view(), name="trials"),
    path("trials/<str:number>/", views.TrialDetail.as_view(), name="trial"),
    path("trials/<str:number>/changes/", views.TrialChanges.as_view(), name="trial-changes"),
    path("sponsors/", browse.SponsorList.as_view(), name="sponsors"),
    path("sponsors/<str:slug>/", browse.SponsorDetail.as_view(), name="sponsor"),
    path("cell-sources/", browse.CellSourceList.as_view(), name="cell-sources"),
    path("cell-sources/<str:slug>/", browse.CellSourceDetail.as_view(), name="cell-source"),
    path("indications/", browse.IndicationList.as_view(), name="indications"),
    path("indications/<str:slug>/", browse.IndicationDetail.as_view(), name="indication"),
    path("countries/", browse.CountryList.as_view(), name="countries"),
    path("countries/<str:code>/", browse.CountryDetail.as_view(), name="country"),
    path("products/", browse.ProductList.as_view(), name="products"),
    path("products/<str:slug>/", browse.ProductDetail.as_view(), name="product"),
    path("publications/", browse.PublicationList.as_view(), name="publications"),
    path("publications/<str:slug>/", browse.PublicationDetail.as_view(), name="publication"),
    path("documents/", browse.DocumentList.as_view(), name="documents"),
    path("documents/<str:slug>/", browse.DocumentDetail.as_view(), name="document"),
    path("changes/", views.ChangeList.as_view(), name="changes"),
    path("facets/", views.FacetView.as_view(), name="facets"),
    path("status/", views.StatusView.as_view(), name="status"),
    path("schema/", views.SchemaView.as_view(), name="schema"),
    path("docs/", views.DocsView.as_view(), name="docs"),
    # Only addresses that end in a slash: one without is first led to the one with it.
    re_path(r"^(?:.*/)?$", views.Nothing.as_view(), name="nothing"),
]
