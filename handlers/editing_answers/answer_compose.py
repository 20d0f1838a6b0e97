"""Writing an answer: what a press or a text does to the draft, up to proposing it.

The draft is in the person's dialog, so it survives a restart. A button counts only at its own step, and the
one that sends only for the preview it stood under.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Kind, Language, Reply
from bot.services.learning import faq_changes, question_groups
from bot.services.learning.masking import MASK
from bot.services.learning.question_groups import Status
from bot.vietnamese import clean
from content.rules import asked_for_already, same_words
from handlers.commands import number
from handlers.editing_answers import answer_draft, answer_pages, answer_rules, proposals, unanswered
from handlers.editing_answers.answer_draft import PARTS, Draft, Step, button
from handlers.reporting.report_pages import busy
from handlers.turn import Turn

LONGEST_SHOWN = 3000


async def pressed(turn: Turn, draft: Draft | None, verb: str, argument: str) -> Sequence[Reply]:
    """A button of writing an answer. Whoever gets here is an editor."""
    if verb in ("begin", "anyway"):
        return await _begin(turn, draft, number(argument), anyway=verb == "anyway")
    if draft is None:
        text = turn.t("This answer is no longer being written, so the button has no effect.")
        return [turn.say(text, buttons=((unanswered.to_list(turn.t),),))]
    draft = replace(draft, parked=False)
    if verb == "drop":
        return [await _ask_to_drop(turn, draft)]
    if verb == "dropped":
        await turn.end()
        return [await unanswered.page(turn, draft.group_id, note=turn.t("The draft has been discarded."))]
    if verb == "continue":
        return await _show(turn, draft.at(draft.step))
    if verb == "back":
        before = draft.back()
        if before is not None:
            return await _show(turn, before)
        return [await _ask_to_drop(turn, draft)]
    replies = await _chosen(turn, draft, verb, argument)
    if replies is None:
        note = turn.t("That button belongs to an earlier step. This is where you are now:")
        replies = await _show(turn, draft.at(draft.step), note=note)
    return replies


async def typed(turn: Turn) -> Sequence[Reply]:
    """Something that is no button came while an answer is being written."""
    t = turn.t
    draft = answer_draft.read(turn.person.dialog)
    if draft is None:
        await turn.end()
        return [turn.say(t("This answer is no longer being written."), buttons=((unanswered.to_list(t),),))]
    if turn.incoming.kind is not Kind.TEXT:
        return await _show(turn, draft, note=t("An answer can only be text for now; files are not taken."))
    text = clean(turn.text)
    one_line = " ".join(text.split())
    match draft.step:
        case Step.QUESTION_VI | Step.QUESTION_EN | Step.DOCUMENT_EN:
            return await _take(turn, draft, draft.with_text(draft.step, one_line))
        case Step.ANSWER_VI | Step.ANSWER_EN:
            return await _take(turn, draft, draft.with_text(draft.step, text))
        case Step.SOURCE:
            section = answer_draft.section_in(text) or ""
            document = "" if section else one_line
            return await _take(turn, draft, replace(draft, section=section, document_vi=document, document_en=""))
        case Step.UNTIL:
            return await _take(turn, draft, replace(draft, until=answer_rules.iso_date(text)))
    return await _show(turn, draft, note=t("Please choose one of the buttons, or type its number."))


async def _begin(turn: Turn, draft: Draft | None, group_id: int, *, anyway: bool) -> Sequence[Reply]:
    if draft is not None and draft.group_id == group_id:
        return await _show(turn, draft.at(draft.step))
    warning = None if anyway else busy(turn, f"answer:anyway:{group_id}", "attach", "proposal")
    if warning:
        return [warning]
    group = await question_groups.find(turn.connection, group_id)
    if group is None or group.status is not Status.OPEN:
        return [await unanswered.page(turn, group_id)]
    return await _show(turn, Draft(group.id, group.language.value, group.sample))


async def _chosen(turn: Turn, draft: Draft, verb: str, argument: str) -> Sequence[Reply] | None:
    """What a choice does at its own step; None at any other step."""
    match draft.step, verb:
        case step, "keep" if argument == step.value and answer_pages.suggestion(draft):
            kept = answer_pages.suggestion(draft)
            return await _take(turn, draft, draft if step is Step.SOURCE else draft.with_text(step, kept))
        case Step.SOURCE, "document":
            cited = dict(enumerate(answer_pages.documents(turn), start=1)).get(number(argument))
            if cited is None:
                return None
            return await _take(turn, draft, replace(draft, section="", document_vi=cited.vi, document_en=cited.en))
        case Step.AGENCY, "agency":
            return await _take(turn, draft, replace(draft, agency=argument))
        case Step.UNTIL, "until":
            return await _take(turn, draft, replace(draft, until=argument))
        case Step.PREVIEW, "edit":
            return await _show(turn, draft.at(Step.EDIT))
        case Step.EDIT, "change" if argument in PARTS:
            return await _show(turn, draft.at(Step(argument)))
        case Step.PREVIEW, "without" if argument == draft.token:
            return await _show(turn, replace(draft, without_wordings=True))
        case Step.PREVIEW, "send" if argument == draft.token:
            return await _send(turn, draft)
    return None


async def _take(turn: Turn, before: Draft, after: Draft) -> Sequence[Reply]:
    """Go on with what was entered at a step, unless something is wrong with it: then all is as before."""
    numbers = answer_rules.facts()
    problem = answer_rules.problem_at(turn, after, before.step, numbers)
    if problem and turn.text:
        problem += "\n\n" + turn.t("You typed:") + "\n" + clean(turn.text)[:LONGEST_SHOWN]
    if problem:
        return await _show(turn, before, note=problem)
    if before.step in (Step.SOURCE, Step.DOCUMENT_EN):
        # Another source may not have the numbers of an answer that was written for the one before.
        for step in (Step.ANSWER_VI, Step.ANSWER_EN):
            problem = answer_rules.problem_at(turn, after, step, numbers) if after.text(step) else ""
            if problem and (after.section or after.document_en):
                return await _show(turn, after.at(step), note=problem)
    return await _show(turn, after.onward())


async def _show(turn: Turn, draft: Draft, *, note: str = "") -> Sequence[Reply]:
    if draft.step is not Step.PREVIEW:
        await turn.begin(draft.as_dialog())
        return [answer_pages.page(turn, draft, note=note)]
    numbers = answer_rules.facts()
    wrong = answer_rules.first_problem(turn, draft, numbers)
    if wrong is not None:
        return await _show(turn, draft.at(wrong[0]), note=wrong[1])
    draft = replace(draft.at(Step.PREVIEW), wordings=await _wordings(turn, draft))
    await turn.begin(draft.as_dialog())
    return answer_pages.preview(turn, draft, answer_draft.entry(draft, numbers), note=note)


async def _wordings(turn: Turn, draft: Draft) -> tuple[str, ...]:
    """The ways in which people asked that can go with the entry: nothing personal, and nobody else's."""
    said = await question_groups.said(turn.connection, draft.group_id)
    language = Language(draft.language)
    question = draft.question_vi if language is Language.VI else draft.question_en
    kept: dict[str, str] = {same_words(question): ""}
    for wording in said.wordings:
        one_line = " ".join(wording.split())
        fits = answer_rules.SHORTEST <= len(one_line) <= answer_rules.LONGEST_QUESTION and MASK not in one_line
        if fits and asked_for_already(turn.known, language, one_line) is None:
            kept.setdefault(same_words(one_line), one_line)
    return tuple(wording for wording in kept.values() if wording)


async def _ask_to_drop(turn: Turn, draft: Draft) -> Reply:
    t = turn.t
    await turn.begin(replace(draft, parked=True).as_dialog())
    return turn.say(
        t("Shall what you have written be discarded? Nothing has been sent for approval."),
        buttons=((button(t("Yes, discard it"), "dropped"),), (button(t("No, go on writing"), "continue"),)),
        instead=True,
    )


async def _send(turn: Turn, draft: Draft) -> Sequence[Reply]:
    """Propose the answer; what has become wrong meanwhile is said first."""
    t = turn.t
    numbers = answer_rules.facts()
    wrong = answer_rules.first_problem(turn, draft, numbers)
    if wrong is not None:
        return await _show(turn, draft.at(wrong[0]), note=wrong[1])
    written = answer_draft.entry(draft, numbers).model_dump(mode="json", exclude_defaults=True)
    change_id = await faq_changes.propose_entry(
        turn.connection, draft.group_id, turn.person.contact_id, Language(draft.language), written, turn.now
    )
    if change_id is None:
        note = t(
            "Somebody else has been faster with this question. What you have written is kept until you discard it."
        )
        await turn.begin(replace(draft, parked=True).as_dialog())
        return [await unanswered.page(turn, draft.group_id, draft=draft, note=note)]
    await turn.end()
    return await proposals.sent(turn, change_id)
