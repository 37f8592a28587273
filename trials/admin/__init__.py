"""The curators' screens: Django's own admin, in the project's words."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from trials.admin.audit import LogEntryAdmin
from trials.admin.documents import ClaimAdmin, DocumentAdmin, ExcludedStudyAdmin
from trials.admin.evidence import ProductAdmin, PublicationAdmin
from trials.admin.facts import FactAdmin
from trials.admin.lexicon import LexiconTermAdmin
from trials.admin.people import PersonAdmin
from trials.admin.queries import HarvestQueryAdmin
from trials.admin.records import RecordChangeAdmin, StoredRecordAdmin
from trials.admin.refreshing import RefreshRunAdmin
from trials.admin.reports import ReportAdmin
from trials.admin.second_factor import LogInForm
from trials.admin.sponsors import SponsorAdmin
from trials.admin.terms import CellSourceAdmin, CountryAdmin, IndicationAdmin
from trials.admin.trials import TrialAdmin

admin.site.site_header = _("Stem-cell trials: curation")
admin.site.site_title = _("Stem-cell trials")
admin.site.index_title = _("What the catalogue holds")
admin.site.empty_value_display = "–"
admin.site.login_form = LogInForm
# Their screens show other people's keys: each has an own page, and administrators take one away.
admin.site.unregister([StaticDevice, TOTPDevice])

__all__ = [
    "CellSourceAdmin",
    "ClaimAdmin",
    "CountryAdmin",
    "DocumentAdmin",
    "ExcludedStudyAdmin",
    "FactAdmin",
    "HarvestQueryAdmin",
    "IndicationAdmin",
    "LexiconTermAdmin",
    "LogEntryAdmin",
    "PersonAdmin",
    "ProductAdmin",
    "PublicationAdmin",
    "RecordChangeAdmin",
    "RefreshRunAdmin",
    "ReportAdmin",
    "SponsorAdmin",
    "StoredRecordAdmin",
    "TrialAdmin",
]
