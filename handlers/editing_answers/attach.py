"""Attaching a question to an answer that is there, as one more way to ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from bot.messages import Button, Dialog, Kind, Language, Reply
from bot.services.answering import nearest
from bot.services.learning import faq_changes, question_groups
from bot.services.learning.masking import MASK
from bot.services.learning.question_groups import Status
from bot.vietnamese import clean
from content.added import NewPhrasing
from handlers.commands import number
from handlers.editing_answers import answer_rules, proposals, unanswered
from handlers.reporting.report_pages import busy
from handlers.signing_up.form_pages import shortened
from handlers.turn import Turn

DIALOG = "attach"
OFFERED = 6
LONGEST_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Attaching:
    """What was said so far: first an entry is chosen, then the phrasing written, then both are confirmed."""

    group_id: int
    language: str
    sample: str
    entry: str = ""
    phrasing: str = ""

    def as_dialog(self) -> Dialog:
        # Where the phrasing is asked for, a typed number is part of it.
        return Dialog(DIALOG, asdict(self) | {"choosing": not self.entry or bool(self.phrasing)})


async def pressed(turn: Turn, verb: str, argument: str) -> Sequence[Reply]:
    """A button of attaching. Whoever gets here is an editor."""
    if verb in ("begin", "anyway"):
        return [await _begin(turn, number(argument), anyway=verb == "anyway")]
    said = _read(turn)
    if said is None:
        text = turn.t("This question is no longer being attached, so the button has no effect.")
        return [turn.say(text, buttons=((unanswered.to_list(turn.t),),))]
    match verb:
        case "to":
            return [await _ask(turn, replace(said, entry=argument, phrasing=""))]
        case "keep" if said.entry and not said.phrasing and _suggestion(said):
            return [await _confirm(turn, replace(said, phrasing=_suggestion(said)))]
        case "change" if said.phrasing:
            return [await _ask(turn, replace(said, phrasing=""))]
        case "others":
            return [await _offer(turn, replace(said, entry="", phrasing=""), said.sample)]
        case "send" if said.phrasing:
            return await _send(turn, said)
        case "drop":
            await turn.end()
            return [await unanswered.page(turn, said.group_id)]
    return [await _again(turn, said)]


async def typed(turn: Turn) -> Sequence[Reply]:
    """Words to search for, or the phrasing."""
    t = turn.t
    said = _read(turn)
    if said is None:
        await turn.end()
        return [turn.say(t("This question is no longer being attached."), buttons=((unanswered.to_list(t),),))]
    text = " ".join(clean(turn.text).split())
    if turn.incoming.kind is not Kind.TEXT or not text or said.phrasing:
        return [await _again(turn, said, note=t("Please choose one of the buttons, or type its number."))]
    if said.entry:
        return [await _confirm(turn, replace(said, phrasing=text))]
    return [await _offer(turn, said, text)]


async def _begin(turn: Turn, group_id: int, *, anyway: bool) -> Reply:
    warning = None if anyway else busy(turn, f"attach:anyway:{group_id}", DIALOG, proposals.DIALOG)
    if warning:
        return warning
    group = await question_groups.find(turn.connection, group_id)
    if group is None or group.status is not Status.OPEN:
        return await unanswered.page(turn, group_id)
    return await _offer(turn, Attaching(group.id, group.language.value, group.sample), group.sample)


async def _offer(turn: Turn, said: Attaching, words: str) -> Reply:
    """The entries nearest to these words."""
    t = turn.t
    await turn.begin(said.as_dialog())
    language = Language(said.language)
    wrong = (await question_groups.said(turn.connection, said.group_id)).voted_down
    today = turn.today
    found = await nearest.for_editors(turn.known, turn.faq, words, language, today, without=wrong, most=OFFERED)
    text = t("Which answer fits the question «{question}»?", question=said.sample) + "\n\n"
    if found:
        text += t("Choose one, or type other words to look for.")
    else:
        text += t("No answer is like it. Please type other words to look for.")
    rows = [(Button(shortened(each.text(language).question), f"attach:to:{each.id}"),) for each in found]
    return turn.say(text, title=t("Attach the question"), buttons=(*rows, _way_out(turn)), instead=True)


async def _ask(turn: Turn, said: Attaching, *, note: str = "") -> Reply:
    """The phrasing, which is the question as it was asked unless the editor puts it better."""
    t = turn.t
    entry = turn.known.entries.get(said.entry)
    if entry is None:
        return await _offer(turn, replace(said, entry="", phrasing=""), said.sample)
    await turn.begin(said.as_dialog())
    text = entry.text(Language(said.language))
    parts = [note] if note else []
    parts.append(t("The answer to «{question}» begins:", question=text.question) + "\n" + text.short)
    parts.append(t("In which words shall it be found? Please type them, without anything personal."))
    rows: list[tuple[Button, ...]] = []
    kept = _suggestion(said)
    if kept:
        parts.append(t("The question as it was asked:") + "\n" + kept)
        rows.append((Button(t("Use it as it is"), "attach:keep"),))
    rows += [(Button(t("Another answer"), "attach:others"), *_way_out(turn))]
    return turn.say("\n\n".join(parts), title=t("Attach the question"), buttons=tuple(rows), instead=not note)


async def _confirm(turn: Turn, said: Attaching) -> Reply:
    t = turn.t
    language = Language(said.language)
    entry = turn.known.entries.get(said.entry)
    problem = answer_rules.phrasing(turn, said.phrasing, language)
    if problem and turn.text:
        problem += "\n\n" + t("You typed:") + "\n" + said.phrasing[:LONGEST_SHOWN]
    if problem or entry is None:
        return await _ask(turn, replace(said, phrasing=""), note=problem)
    await turn.begin(said.as_dialog())
    lines = [
        t("Whoever asks in these words shall get this answer:"),
        f"«{said.phrasing}»",
        "",
        entry.text(language).question,
        entry.text(language).short,
        "",
        t("Nothing is live before another editor has approved it."),
    ]
    return turn.say(
        "\n".join(lines),
        title=t("Attach the question"),
        buttons=(
            (Button(t("Send for approval"), "attach:send"),),
            (Button(t("Change the wording"), "attach:change"), Button(t("Another answer"), "attach:others")),
            _way_out(turn),
        ),
        instead=True,
    )


async def _send(turn: Turn, said: Attaching) -> Sequence[Reply]:
    """Propose it; what has become wrong meanwhile is said first."""
    language = Language(said.language)
    if said.entry not in turn.known.entries or answer_rules.phrasing(turn, said.phrasing, language):
        return [await _confirm(turn, said)]
    change = NewPhrasing(said.entry, language, said.phrasing)
    change_id = await faq_changes.propose_phrasing(
        turn.connection, said.group_id, turn.person.contact_id, change, turn.now
    )
    await turn.end()
    if change_id is None:
        note = turn.t("Somebody else has been faster with this question.")
        return [await unanswered.page(turn, said.group_id, note=note)]
    return await proposals.sent(turn, change_id)


async def _again(turn: Turn, said: Attaching, *, note: str = "") -> Reply:
    if said.phrasing:
        reply = await _confirm(turn, said)
    elif said.entry:
        reply = await _ask(turn, said)
    else:
        reply = await _offer(turn, said, said.sample)
    return replace(reply, text=f"{note}\n\n{reply.text}", instead=False) if note else reply


def _suggestion(said: Attaching) -> str:
    sample = " ".join(said.sample.split())
    return sample if MASK not in sample and len(sample) <= answer_rules.LONGEST_QUESTION else ""


def _way_out(turn: Turn) -> tuple[Button, ...]:
    return (Button(turn.t("Cancel"), "attach:drop"),)


def _read(turn: Turn) -> Attaching | None:
    dialog = turn.person.dialog
    if dialog is None or dialog.kind != DIALOG or not isinstance(dialog.data.get("group_id"), int):
        return None
    words = {name: str(dialog.data.get(name, "")) for name in ("language", "sample", "entry", "phrasing")}
    return Attaching(group_id=int(str(dialog.data["group_id"])), **words)
