"""What is done with a device: entered, changed, issued, returned, looked after, its use counted."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from linli.web.foundation.accounts.access import may_anywhere
from linli.web.foundation.accounts.middleware import actor, now
from linli.web.foundation.actions.action import AlreadyDone
from linli.web.foundation.actions.refusals import Conflict, Forbidden, Invalid, Missing
from linli.web.foundation.casework.views.requests import carry_out
from linli.web.foundation.screens.wording import phrase, said
from linli.web.ops.equipment.actions.base import KIND, DeviceAction, say
from linli.web.ops.equipment.actions.entering import AddDevice, ChangeDevice
from linli.web.ops.equipment.actions.keeping import CountUse, IssueDevice, LogMaintenance, ReturnDevice
from linli.web.ops.equipment.forms import DeviceForm, IssueForm, MaintainForm, ReturnForm, UseForm, add_texts
from linli.web.ops.equipment.models import Device
from linli.web.ops.equipment.selectors import device_for

__all__ = ["add", "receipt", "step"]

Given = Mapping[str, Any]


@dataclass(frozen=True)
class _Step:
    form: type[Any]
    make: Callable[[Device, Any], DeviceAction]


def _issue(device: Device, form: IssueForm) -> DeviceAction:
    given = form.cleaned_data
    post = int(given["organisation"])
    return IssueDevice(device_id=device.pk, organisation_id=post, role=given["role"], note=given["note"])


def _change(device: Device, form: DeviceForm) -> DeviceAction:
    return ChangeDevice(device_id=device.pk, entry=form.entry(), revision=form.cleaned_data["revision"])


def _given(form: forms.Form) -> dict[str, Any]:
    return {key: value for key, value in form.cleaned_data.items() if key not in ("submission", "revision")}


STEPS: Final[Mapping[str, _Step]] = {
    "change": _Step(DeviceForm, _change),
    "issue": _Step(IssueForm, _issue),
    "return": _Step(ReturnForm, lambda device, form: ReturnDevice(device_id=device.pk, **_given(form))),
    "maintain": _Step(MaintainForm, lambda device, form: LogMaintenance(device_id=device.pk, **_given(form))),
    "use": _Step(UseForm, lambda device, form: CountUse(device_id=device.pk, **_given(form))),
}


@require_http_methods(["GET", "POST"])
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Enter a device."""
    who, at = actor(request), now(request)
    if not may_anywhere(who, "open", KIND):
        raise Forbidden(say("entry.forbidden"))
    if request.method == "POST":
        form = DeviceForm(who, at, request.POST)
        if form.is_valid():
            try:
                device = carry_out(request, AddDevice(entry=form.entry()))
            except Invalid as refusal:
                add_texts(form, refusal.fields, refusal.text)
            except Forbidden as refusal:
                form.add_error(None, said(refusal.text))
            except AlreadyDone as before:
                return redirect("equipment_device", pk=before.number("equipment"))
            else:
                messages.success(request, said(phrase("equipment:done.add")))
                return redirect("equipment_device", pk=device.pk)
    else:
        form = DeviceForm(who, at, initial={"submission": uuid.uuid4().hex})
    context = {"form": form, "what": "add"}
    return render(request, "equipment/step.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@login_required
def step(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One change of a device: its form, what is wrong with it, and the way back."""
    device_for(actor(request), pk)
    device = device_for(actor(request), pk, verb="edit")
    if what not in STEPS:
        raise Missing(say("device.missing"))
    form = _form(request, device, what)
    if request.method == "POST" and form.is_valid():
        try:
            carry_out(request, STEPS[what].make(device, form))
        except Invalid as refusal:
            add_texts(form, refusal.fields, refusal.text)
        except (Conflict, Forbidden) as refusal:
            form.add_error(None, said(refusal.text))
        except AlreadyDone:
            return redirect("equipment_device", pk=pk)
        else:
            messages.success(request, said(phrase(f"equipment:done.{what}")))
            return redirect("equipment_device", pk=pk)
    context = {"form": form, "what": what, "device": device}
    return render(request, "equipment/step.html", context, status=422 if request.method == "POST" else 200)


def _form(request: HttpRequest, device: Device, what: str) -> Any:
    who, at, make = actor(request), now(request), STEPS[what].form
    if request.method == "POST":
        return make(who, at, request.POST)
    initial: dict[str, Any] = DeviceForm.initial_of(device) if what == "change" else {}
    return make(who, at, initial={**initial, "submission": uuid.uuid4().hex})


@require_GET
@login_required
def receipt(request: HttpRequest, pk: int, issue: int) -> HttpResponse:
    """The receipt of an issue and, once it has come back, of its return; to print and sign."""
    device = device_for(actor(request), pk)
    found = device.issues.select_related("organisation").filter(pk=issue).first()
    if found is None:
        raise Missing(say("device.missing"))
    return render(request, "equipment/receipt.html", {"device": device, "issue": found})
