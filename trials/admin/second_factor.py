"""The second factor of a log-in, for who wants one: a code from an app, or one on paper.

Keys, codes and how wrong ones slow the next try down are django-otp's. A person turns it on and off
with the password; who has lost both phone and list asks an administrator (`trials.admin.people`).
"""

from __future__ import annotations

from base64 import b32encode
from typing import Any, cast

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from trials.audit import note_act

ON_PAPER = 10  # codes
TEMPLATE = "admin/second_factor.html"
_CODE = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text"})


def has_second_factor(user: User) -> bool:
    return TOTPDevice.objects.devices_for_user(user, confirmed=True).exists()


def take_away(user: User) -> None:
    """The person logs in by the password alone from now on."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def is_right(user: User, code: str) -> bool:
    """Whether the code is one of the app's now, or one on paper that was not used before.

    Each is used up by it; after a wrong one the next is only looked at a little later.
    """
    code = "".join(code.split()).lower()
    model = TOTPDevice if code.isdigit() else StaticDevice
    with transaction.atomic():
        devices = model.objects.devices_for_user(user, confirmed=True)
        return any(device.verify_token(code) for device in devices.select_for_update())


class LogInForm(AdminAuthenticationForm):
    """Name, password, and the code of who has a second factor."""

    code = forms.CharField(
        label=_("One-time code"),
        help_text=_("Only if you have turned on a second factor."),
        required=False,
        max_length=20,
        widget=_CODE,
    )

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if not has_second_factor(user):
            return
        code = self.cleaned_data.get("code") or ""
        if not code:
            raise ValidationError(_("Type the code that your app shows now, or one on paper."))
        if not is_right(user, code):
            raise ValidationError(
                _("This code is not right, or was used before. Try the next one.")
            )


class ConfirmForm(forms.Form):
    """What turns the second factor on or off: that it is the person, who has the app."""

    code = forms.CharField(label=_("Code that the app shows now"), max_length=20, widget=_CODE)
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self._request = request
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        # As at the log-in: who guesses here is locked out as well.
        password = str(self.cleaned_data["password"])
        name = self._request.user.get_username()
        if authenticate(self._request, username=name, password=password) is None:
            raise ValidationError(_("This is not your password."))
        return password


@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Says whether it is on; turns it on, and off."""
    user = cast(User, request.user)
    if has_second_factor(user):
        return _turn_off(request, user)
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    if request.method != "POST":
        return _page(request)
    if device is None or "begin" in request.POST:
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        device = TOTPDevice.objects.create(user=user, name="app", confirmed=False)
        return _page(request, form=ConfirmForm(request), device=device)
    return _turn_on(request, user, device)


def _turn_on(request: HttpRequest, user: User, device: TOTPDevice) -> HttpResponse:
    form = ConfirmForm(request, request.POST)
    if form.is_valid() and not device.verify_token("".join(form.cleaned_data["code"].split())):
        form.add_error("code", _("This code is not right. Is the clock of the phone right?"))
    if not form.is_valid():
        return _page(request, form=form, device=device)
    with transaction.atomic():
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        on_paper = StaticDevice.objects.create(user=user, name="paper")
        codes = [StaticToken.random_token() for _n in range(ON_PAPER)]
        for code in codes:
            on_paper.token_set.create(token=code)
        _end_other_sessions(request, user, form.cleaned_data["password"])
        note_act(user, by=user, words=gettext("turned on the second factor"))
    return _page(request, codes=codes)


def _turn_off(request: HttpRequest, user: User) -> HttpResponse:
    form = ConfirmForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if is_right(user, form.cleaned_data["code"]):
            take_away(user)
            note_act(user, by=user, words=gettext("turned off the second factor"))
            messages.success(request, gettext("The second factor is off."))
            return redirect("second-factor")
        form.add_error("code", _("This code is not right, or was used before. Try the next one."))
    left = StaticToken.objects.filter(device__user=user).count()
    return _page(request, form=form, is_on=True, left=left)


def _end_other_sessions(request: HttpRequest, user: User, password: str) -> None:
    """Those were opened by the password alone."""
    user.set_password(password)  # the same, hashed anew: what sessions are bound to is another then
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)


def _page(request: HttpRequest, device: TOTPDevice | None = None, **shown: Any) -> HttpResponse:
    if device is not None:
        key = b32encode(device.bin_key).decode()
        # As people type it, where an app cannot look at the picture.
        shown["key"] = " ".join(key[place : place + 4] for place in range(0, len(key), 4))
        picture = segno.make_qr(device.config_url)
        shown["picture"] = SafeString(picture.svg_inline(scale=4, dark="#000", light="#fff"))
    context = {**admin.site.each_context(request), "title": gettext("Second factor"), **shown}
    return TemplateResponse(request, TEMPLATE, context)
