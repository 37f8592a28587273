"""The data to take away: files of the whole catalogue, and every list while it is asked for."""

from __future__ import annotations

from base64 import b64encode

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _

from catalog.api.caching import KEEP
from catalog.exports.files import offers, stored_name
from catalog.exports.links import TWINS
from catalog.exports.rows import INSTEAD, SEPARATOR
from catalog.exports.words import LICENCE, NO_CONTACTS
from catalog.methods import only_read
from catalog.pages.listing import read_page, show
from catalog.refusing import in_words
from catalog.structured_data import as_json, dataset

EXAMPLE = "country=CN&phase=PHASE2"  # a question


@only_read
def data(request: HttpRequest) -> HttpResponse:
    """What can be downloaded, what it weighs, and what may be done with it."""
    files = offers()
    context = {
        "offers": files,
        "structured_data": as_json(dataset(files, publisher=_("Stem-cell trials"))),
        "twins": [(form, form.linked(""), form.linked(EXAMPLE)) for form in TWINS],
        "licence": (*LICENCE, NO_CONTACTS),
        "separator": SEPARATOR,
        "instead": INSTEAD,
    }
    return show(request, "data", context)


@only_read
def download(request: HttpRequest, file_name: str) -> HttpResponseBase:
    """A file of the whole catalogue as it was last made; its checksum is its entity tag."""
    if faults := read_page(request).faults:
        return in_words(faults)
    offer = next((offer for offer in offers() if offer.made.file_name == file_name), None)
    if offer is None:
        raise Http404(_("There is no file “%s” here.") % file_name)
    made = offer.made
    tag, changed = f'"{made.sha256}"', int(made.moment.timestamp())
    # Without a word on keeping, caches would guess, and hand out the file of before.
    told = {"ETag": tag, "Last-Modified": http_date(changed), "Cache-Control": KEEP}
    if unchanged := get_conditional_response(request, etag=tag, last_modified=changed):
        if unchanged.status_code == 304:  # a cache finds by its tag which copy still holds
            for name, value in told.items():
                unchanged.headers[name] = value
        return unchanged
    # It is sent as it is: size and checksum are announced, and a zip grows by being packed again.
    request.META["HTTP_ACCEPT_ENCODING"] = "identity"
    stem, _dot, ending = made.file_name.partition(".")
    return FileResponse(
        (settings.EXPORTS / stored_name(made)).open("rb"),
        as_attachment=True,
        filename=f"{stem}-{made.moment:%Y-%m-%d}.{ending}",
        content_type=offer.form.content_type,
        headers={
            **told,
            "X-Total-Count": str(made.rows),
            "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(made.sha256)).decode()}:",
        },
    )
