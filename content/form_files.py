"""Makes forms of form files: puts in what they take from others, and checks questions against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from content.form_model import Form, FormField, FormFile

PROFILE = "business-profile"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a form as a whole, and the way to it in its file."""

    path: tuple[str | int, ...]
    message: str


def complete(file: FormFile, others: Mapping[str, FormFile | Form]) -> Form:
    """The form with what it takes from ``others``: the consents of another form, then questions of the profile."""
    if file.name == PROFILE:
        return Form(name=file.name, fields=tuple(field.model_copy(update={"profile": True}) for field in file.fields))
    profile, lender = others.get(PROFILE), others.get(file.consents)
    known = {field.name: field for field in profile.fields} if profile else {}
    common = [known[name].model_copy(update={"profile": True}) for name in file.profile if name in known]
    own = _consents(file)
    return Form(
        name=file.name,
        fields=(*(_consents(lender) if lender else ()), *own, *common, *file.fields[len(own) :]),
    )


def faults(file: FormFile, others: Mapping[str, FormFile | Form]) -> Iterator[Fault]:
    """What stops a form from being used; ``others`` are the forms that it may take something from."""
    yield from _profile_faults(file, others.get(PROFILE))
    if file.consents:
        yield from _consent_faults(file, others.get(file.consents))
    form = complete(file, others)
    place = {field.name: number for number, field in enumerate(file.fields)}
    seen: dict[str, FormField] = {}
    for field in form.fields:
        if field.name in seen:
            where = ("fields", place[field.name]) if field.name in place else ("consents",)
            yield Fault(where, f"two questions have the same name: {field.name!r}")
        elif field.name in place:
            number = place[field.name]
            yield from (Fault(("fields", number, *fault.path), fault.message) for fault in _conditions(field, seen))
        seen.setdefault(field.name, field)
    needed = {field.name: field.kind for field in form.fields if field.required and not field.only_if}
    if needed.get("organisation") != "text" or needed.get("tax_code") != "tax_code":
        yield Fault((), "a form needs the questions `organisation` and `tax_code`: name them under `profile`")


def _profile_faults(file: FormFile, profile: FormFile | Form | None) -> Iterator[Fault]:
    if file.name == PROFILE:
        if file.profile:
            yield Fault(("profile",), "the profile itself has no `profile`")
        return
    if not file.profile:
        return
    if profile is None:
        yield Fault(("profile",), f"there is no usable form {PROFILE!r} to take questions from")
        return
    known = {field.name for field in profile.fields}
    for number, name in enumerate(file.profile):
        if name not in known:
            yield Fault(
                ("profile", number), f"the profile has no question {name!r}; it has: {', '.join(sorted(known))}"
            )
        elif name in file.profile[:number]:
            yield Fault(("profile", number), f"{name!r} stands here a second time")


def _conditions(field: FormField, earlier: Mapping[str, FormField]) -> Iterator[Fault]:
    for name, values in field.only_if.items():
        asked = earlier.get(name)
        if asked is None:
            yield Fault(("only_if", name), f"no question before this one has the name {name!r}")
        elif asked.kind not in ("choice", "choices"):
            yield Fault(("only_if", name), f"{name!r} is no question with choices")
        else:
            known = [choice.value for choice in asked.choices]
            unknown = [value for value in values if value not in known]
            if unknown:
                yield Fault(("only_if", name), f"{name!r} has no choice {unknown[0]!r}; it has: {', '.join(known)}")


def _consent_faults(file: FormFile, lender: FormFile | Form | None) -> Iterator[Fault]:
    if lender is None:
        yield Fault(("consents",), f"there is no usable form {file.consents!r} to take consents from")
    elif not _consents(lender):
        yield Fault(("consents",), f"the form {file.consents!r} has no consents of its own at its beginning")


def _consents(form: FormFile | Form) -> tuple[FormField, ...]:
    """The consents at the beginning of a form."""
    return tuple(takewhile(lambda field: field.kind == "consent", form.fields))
