"""Counting who has handed in: checked by hand on a small city, and against plain counting for any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Translators
from bot.services.agencies.agencies import AgencyName
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.compliance import compliance_texts, selections, standings, tallies
from bot.services.compliance.selections import TO_ACT, Selection, Which
from bot.services.compliance.standings import Stage, Standing, Window
from bot.services.duties.windows import Period
from bot.services.reporting.statuses import Status

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TODAY = date(2026, 11, 26)
PERIOD = Period(date(2025, 12, 15), date(2026, 12, 14))


def standing(
    status: str = "open",
    *,
    number: int = 1,
    kind: str = "ward",
    due: date = date(2026, 11, 20),
    first: datetime | None = None,
    opened: datetime | None = None,
    correct_by: date | None = None,
) -> Standing:
    return Standing(
        obligation_id=number, duty="d", period=PERIOD, agency=AgencyName(number, f"a{number}", "Phường", "Ward"),
        kind=kind, due_on=due, status=Status(status), opened_at=opened, acknowledged_at=None, planned_on=None,
        first_at=first, submitted_at=first, version=1 if first else 0, correct_by=correct_by, document_number="",
        document_date=None, asked_until=None,
    )  # fmt: skip


def hanoi(*moment: int) -> datetime:
    """A moment of the clock in Hanoi, in UTC as the database gives it."""
    return datetime(*moment, tzinfo=ZONE).astimezone(UTC)  # type: ignore[misc, arg-type]


CITY = (
    standing("accepted", number=1, kind="department", first=hanoi(2026, 11, 20, 23, 59)),
    standing("accepted", number=2, first=hanoi(2026, 11, 21, 0, 1)),
    standing("submitted", number=3, first=hanoi(2026, 11, 19, 8)),
    standing("returned", number=4, first=hanoi(2026, 11, 23, 8), correct_by=date(2026, 11, 30)),
    standing("open", number=5),
    standing("acknowledged", number=6, kind="commune", opened=hanoi(2026, 11, 2, 8)),
    standing("open", number=7, kind="commune", due=TODAY),
)


def test_a_small_city_by_hand() -> None:
    counted = tallies.tally(CITY, TODAY, ZONE)
    assert (counted.owed, counted.handed_in, counted.on_time, counted.late, counted.missing) == (7, 4, 2, 2, 3)
    assert counted.stages == {
        Stage.ACCEPTED: 2, Stage.TO_REVIEW: 1, Stage.RETURNED: 1, Stage.OVERDUE: 2, Stage.NOT_YET: 1,
    }  # fmt: skip
    assert counted.never_opened == 2
    assert (round(counted.rate, 2), round(counted.on_time_rate, 2)) == (57.14, 28.57)


def test_kinds_of_agency_by_hand() -> None:
    groups = tallies.by_kind(CITY, TODAY, ZONE)
    assert [(kind, of.owed, of.handed_in, of.on_time) for kind, of in groups.items()] == [
        ("department", 1, 1, 1),
        ("ward", 4, 3, 1),
        ("commune", 2, 0, 0),
    ]


def test_lists_by_hand() -> None:
    def numbers(which: Which, kind: str = "all") -> list[int]:
        return [each.obligation_id for each in selections.chosen(CITY, Selection(which, kind), TODAY, ZONE)]

    assert numbers(Which.MISSING) == [5, 6, 7]
    assert numbers(Which.OVERDUE) == [5, 6]
    assert numbers(Which.NOT_YET) == [7]
    assert numbers(Which.UNOPENED) == [5, 7]
    assert numbers(Which.RETURNED) == [4]
    assert numbers(Which.TO_REVIEW) == [3]
    assert numbers(Which.LATE) == [2, 4]
    assert numbers(Which.ON_TIME) == [1, 3]
    assert numbers(Which.ACCEPTED) == [1, 2]
    assert numbers(Which.ALL, "commune") == [6, 7]
    assert numbers(Which.MISSING, "department") == []
    assert selections.to_remind(CITY) == [4, 5, 6, 7]


def test_nothing_is_owed() -> None:
    counted = tallies.tally([], TODAY, ZONE)
    assert (counted.owed, counted.rate, counted.on_time_rate) == (0, 0.0, 0.0)


def test_the_usual_due_date_and_who_has_another() -> None:
    assert tallies.usual_due(CITY) == (date(2026, 11, 20), 1)
    assert tallies.usual_due((CITY[6], CITY[0])) == (date(2026, 11, 20), 1)  # the earlier one of two equally frequent


MOMENTS = st.datetimes(datetime(2026, 11, 10), datetime(2026, 12, 10), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.dates(date(2026, 11, 10), date(2026, 12, 10))


@st.composite
def _standings(draw: st.DrawFn) -> Standing:
    status = draw(st.sampled_from(["open", "acknowledged", "submitted", "returned", "accepted"]))
    came = status in ("submitted", "returned", "accepted")
    return standing(
        status,
        number=draw(st.integers(1, 10_000)),
        kind=draw(st.sampled_from(["department", "ward", "commune"])),
        due=draw(DAYS),
        first=draw(MOMENTS) if came else None,
        opened=draw(st.none() | MOMENTS),
        correct_by=draw(st.none() | DAYS) if status == "returned" else None,
    )


@given(st.lists(_standings(), max_size=30), DAYS)
def test_counts_are_those_of_plain_counting(reports: list[Standing], today: date) -> None:
    counted = tallies.tally(reports, today, ZONE)
    came = [each for each in reports if each.first_at is not None]
    in_time = [each for each in came if each.first_at and each.first_at + timedelta(hours=7) < _end(each.due_on)]
    late_and_missing = [each for each in reports if each.first_at is None and each.due_on < today]
    assert counted.owed == len(reports)
    assert counted.handed_in == len(came)
    assert counted.on_time == len(in_time)
    assert counted.late == len(came) - len(in_time)
    assert counted.stages[Stage.OVERDUE] == len(late_and_missing)
    assert counted.on_time + counted.late + counted.missing == counted.owed == counted.stages.total()
    assert counted.never_opened <= counted.missing
    groups = tallies.by_kind(reports, today, ZONE).values()
    for part in ("owed", "handed_in", "on_time", "late", "missing", "never_opened"):
        assert sum(getattr(each, part) for each in groups) == getattr(counted, part)


def _end(day: date) -> datetime:
    """The moment at which a day in Hanoi ends, if the clock there were UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


@given(st.lists(_standings(), max_size=30), DAYS)
def test_lists_are_as_long_as_the_counts_say_and_only_those_to_act_are_reminded(
    reports: list[Standing], today: date
) -> None:
    counted = tallies.tally(reports, today, ZONE)
    lengths = {which: len(selections.chosen(reports, Selection(which), today, ZONE)) for which in Which}
    assert lengths[Which.MISSING] == counted.missing == lengths[Which.OVERDUE] + lengths[Which.NOT_YET]
    assert lengths[Which.LATE] + lengths[Which.ON_TIME] + lengths[Which.MISSING] == lengths[Which.ALL] == counted.owed
    assert lengths[Which.UNOPENED] == counted.never_opened
    for which in TO_ACT:
        listed = selections.chosen(reports, Selection(which), today, ZONE)
        assert selections.to_remind(listed) == [each.obligation_id for each in listed]
    assert {which: size for which, size in lengths.items() if size} == selections.sizes(reports, "all", today, ZONE)


def test_what_a_button_names() -> None:
    assert selections.of_press("overdue", "ward") == Selection(Which.OVERDUE, "ward")
    assert selections.of_press("nonsense", "planet") == Selection(Which.ALL, "all")
    assert selections.fingerprint([3, 1, 2]) == selections.fingerprint([1, 2, 3]) != selections.fingerprint([1, 2])


def test_the_period_that_matters_is_the_one_due_nearest() -> None:
    windows = [Window(year, "d", PERIOD, date(year, 12, 16)) for year in (2025, 2026, 2027)]

    def nearest(*day: int) -> int:
        return standings.current(windows, date(*day)).anchor

    assert [nearest(2026, 5, 1), nearest(2026, 7, 1), nearest(2027, 1, 10), nearest(2040, 1, 1)] == [
        2025, 2026, 2026, 2027,
    ]  # fmt: skip


def test_shares_never_claim_all_or_nothing_wrongly(translators: Translators) -> None:
    def said(value: float) -> str:
        return compliance_texts.share(value, translators.vi)

    assert [said(value) for value in (0, 0.01, 61.06, 99.99, 100)] == ["0%", "0,1%", "61,1%", "99,9%", "100%"]
    assert [compliance_texts.bar(value) for value in (0, 9.9, 61, 99.9, 100)] == [
        "░" * 10, "░" * 10, "█" * 6 + "░" * 4, "█" * 9 + "░", "█" * 10,
    ]  # fmt: skip


def test_how_far_a_rate_moved(translators: Translators) -> None:
    def moved(handed_in: int, before: int) -> str:
        return compliance_texts.moved(_tally(handed_in), _tally(before), translators.vi)

    assert moved(7, 5) == "▲ 20 điểm phần trăm so với kỳ trước"
    assert moved(5, 6) == "▼ 10 điểm phần trăm so với kỳ trước"
    assert moved(5, 5) == "bằng kỳ trước"


def _tally(handed_in: int) -> tallies.Tally:
    """So many of ten."""
    reports = [standing("accepted", first=hanoi(2026, 11, 19, 8))] * handed_in + [standing()] * (10 - handed_in)
    return tallies.tally(reports, TODAY, ZONE)


def test_where_a_report_stands_in_words(translators: Translators) -> None:
    calendar = WorkingCalendar()

    def words(of: Sequence[Standing]) -> list[str]:
        return [" · ".join(compliance_texts.standing(each, TODAY, calendar, translators.vi)) for each in of]

    assert words(CITY) == [
        "đã tiếp nhận · đúng hạn",
        "đã tiếp nhận · muộn",
        "chờ tiếp nhận · đúng hạn",
        "đã trả lại, hạn nộp lại 30/11/2026 (còn 2 ngày làm việc) · muộn 1 ngày làm việc",
        "quá hạn 3 ngày làm việc · chưa mở xem",  # 24 November is a day off
        "quá hạn 3 ngày làm việc · đã mở xem",
        "đến hạn hôm nay · chưa mở xem",
    ]
