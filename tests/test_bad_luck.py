"""What may go wrong while people sign up, what happens then, and what the person reads: where each is tested.

| what goes wrong | test |
|---|---|
| two employees submit at once | test_seats.test_two_people_of_one_business_at_once |
| the second employee of one enterprise | test_joining.test_two_employees_from_the_form_to_the_application |
| 400 press register for 100 seats | test_seats_at_once.test_four_hundred_for_a_hundred_seats |
| the same by HTTP | test_rush.test_exactly_the_seats_are_given_out_and_the_rest_waits_in_the_order_of_arrival |
| cancelled with 300 confirmed | test_application_process.test_three_hundred_are_told_that_the_event_is_cancelled |
| capacity below what is taken | test_application_process.test_fewer_seats_than_are_taken_and_then_more |
| fewer seats left than asked for | test_review_page.test_who_asks_for_more_seats_than_are_left_can_ask_for_fewer |
| no seat until it begins | test_event_beginning.test_who_waited_in_vain_is_told_when_it_begins |
| the form changes under a draft | test_drafts.test_a_form_that_changes_under_a_half_filled_draft |
| the tax code of others' business | test_registration.test_the_enterprise_of_others_needs_the_word_of_a_colleague |
| another's button | test_applications.test_nobody_sees_or_withdraws_what_is_not_theirs |
| a forged or stale button of a form | test_registration.test_stale_and_forged_buttons |
| a file lies about its type | test_files.test_what_is_wrong_is_said_and_another_file_may_follow |
| how it lies, and what is said | test_file_checks.test_not_taken, test_file_checks.test_what_is_said |
| the clock jumps: offers | test_bad_luck.test_a_clock_that_jumps_around_an_offer |
| the clock jumps: reminders | test_bad_luck.test_a_clock_that_jumps_around_reminders |
| the clock jumps: half-filled forms | test_bad_luck.test_a_clock_that_jumps_around_a_half_filled_form |
| death, no reply | test_seats_at_once.test_a_confirmation_repeated_after_the_process_died_finds_the_same_application |
| death at every step | test_kill.test_nothing_acknowledged_is_lost_when_the_program_dies_at_a_step_of_a_form |
| the officer who asked has gone | test_desk.test_an_answer_finds_an_officer_when_the_one_who_asked_is_gone |
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.db.models.applications import Application, ApplicationEvent
from bot.db.models.messages import Delivery
from bot.i18n import Translators
from bot.services.applications import offers
from bot.services.forms import draft_clock
from tests import events
from tests.applying import apply, set_up
from tests.chat import Town
from tests.conftest import ZONE, quiet_hours
from tests.signing_up import sign_up, to_the_form

_NAMED = re.compile(r"\b(test_\w+)\.(test_\w+)")


def test_every_test_of_the_table_is_there() -> None:
    named = _NAMED.findall(__doc__ or "")
    assert len(named) > 20
    here = Path(__file__).parent
    for module, test in named:
        assert f"def {test}(" in (here / f"{module}.py").read_text(encoding="utf-8"), f"{module}.{test}"


async def test_a_clock_that_jumps_around_an_offer(town: Town, translators: Translators) -> None:
    event = await set_up(town.database, capacity=1)
    an, lan, chi = town.person("An"), town.person("Lan"), town.person("Chi")
    ids = []
    for number, person in enumerate((an, lan, chi)):
        filed = (await apply(town, translators, person, event, number=number)).filed
        assert filed is not None
        ids.append(filed.id)
    await an.sends_press(f"app:withdrawn:{ids[0]}")
    an.skips()
    await town.deliver()
    lan.reads("Mời Anh/Chị nhận chỗ trước 09:00 thứ Tư 25/11/2026")

    async def passes_on() -> int:
        lines = await offers.expire(town.database, translators, zone=ZONE, now=town.clock.now)
        await town.deliver()
        return len(lines)

    town.clock.advance(days=-3)  # back to before the offer was made: it stands as it was
    assert await passes_on() == 0
    await lan.says("/hoso")
    lan.reads("được mời nhận chỗ")
    town.clock.set("2026-11-25T09:00+07:00")
    assert await passes_on() == 1
    lan.reads("Lời mời đã hết hạn")
    chi.reads("Mời Anh/Chị nhận chỗ trước 09:00 thứ Năm 26/11/2026")
    town.clock.advance(days=-1)  # back to when the first offer stood: what went to the next stays there
    assert await passes_on() == 0
    await lan.sends_press(f"app:accepted:{ids[1]}")
    lan.reads("Lời mời này không còn hiệu lực", "Trạng thái: đã rút")
    town.clock.advance(days=1)
    assert await passes_on() == 0
    await chi.presses("Nhận chỗ")
    chi.reads("Anh/Chị có nhận chỗ")
    town.clock.advance(days=-1)
    await chi.presses("Có, tôi tham dự")
    chi.reads("Mã hồ sơ: NC-")
    async with town.database.reading() as connection:
        statuses = list(await connection.scalars(select(Application.status).order_by(Application.id)))
        causes = list(
            await connection.scalars(
                select(ApplicationEvent.cause)
                .where(ApplicationEvent.application_id == ids[1])
                .order_by(ApplicationEvent.id)
            )
        )
        notices = await connection.scalar(select(func.count()).where(Delivery.key.like("application:%")))
    assert statuses == ["withdrawn", "withdrawn", "confirmed"]
    assert causes == ["signed_up", "seat_free", "expired"]
    assert notices == 3


async def test_a_clock_that_jumps_around_reminders(town: Town) -> None:
    lan = town.person("Lan")
    await sign_up(lan)
    await events.tick(town)
    await events.tick(town, "2027-01-14T08:30+07:00")
    lan.reads("Sự kiện bắt đầu lúc 08:30 thứ Ba 19/01/2027")
    for moment in ("2027-01-13T08:30+07:00", "2026-12-01T09:00+07:00", "2027-01-14T08:31+07:00"):
        assert await events.tick(town, moment) == []
        lan.nothing_unread()
    await events.tick(town, "2027-01-18T08:30+07:00")
    lan.reads("Sự kiện bắt đầu lúc 08:30 thứ Ba 19/01/2027")
    assert await events.tick(town, "2027-01-15T08:30+07:00") == []
    assert await events.tick(town, "2027-01-18T08:30+07:00") == []
    lan.nothing_unread()


async def test_a_clock_that_jumps_around_a_half_filled_form(town: Town, translators: Translators) -> None:
    lan = town.person("Lan")
    await to_the_form(lan)
    for answer in ("có", "không", "0100233488"):
        await lan.says(answer)
        lan.reads()

    async def watch() -> int:
        lines = await draft_clock.watch(town.database, translators, quiet=quiet_hours(), now=town.clock())
        await town.deliver()
        return len(lines)

    begun = town.clock.now
    town.clock.now = begun - timedelta(days=30)
    assert await watch() == 0
    await lan.says("Công ty Sông Hồng")  # the form goes on although it seems to be from the future
    lan.reads("Câu 5/7")
    town.clock.now = begun + timedelta(minutes=5)
    assert await watch() == 0, "nothing is dropped that was answered a moment ago"
    await lan.says("Nguyễn Thị Lan")
    lan.reads("Câu 6/7")
    town.clock.advance(days=1, hours=1)
    assert await watch() == 1
    lan.reads("đang điền dở")
    for days in (-5, 5.5):
        town.clock.advance(days=days)
        assert await watch() == 0, "reminded once"
    await lan.presses("Tiếp tục đăng ký")
    lan.reads("Các câu trả lời trước đó vẫn được giữ nguyên", "Câu 6/7")
