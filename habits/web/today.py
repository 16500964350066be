"""Today: the account, what is open, and two buttons a promise; Welcome for who is signed out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from flask import Blueprint, render_template, session
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from markupsafe import Markup
from wtforms import StringField

from habits import charts, fixed_days
from habits.book import Book, open_book
from habits.date_words import weekday
from habits.days import OPEN_DAYS
from habits.dealings import repairs_owed
from habits.models.commitments import TITLE_LENGTH
from habits.models.leaders import NAME_LENGTH
from habits.today import Mood, Today, next_due
from habits.trust import forecast
from habits.trust.history import Pillar
from habits.web import welcome, words
from habits.web.charts import read_view, spark_view
from habits.web.formats import figure
from habits.web.forms import Day, Form, Text, Word
from habits.web.fragments import new_key
from habits.web.guards import day_ends_in, kept_offline, public, today
from habits.web.lapses import LapseForm
from habits.web.rows import optional_row, row_of
from habits.web.translations import plain as _
from habits.web.translations import spoken

page = Blueprint("today", __name__)

LEFT = "left_until"  # in the cookie: the day up to which an absence was left as it is
FORTNIGHT = 14
BLANKS = {"promise": "promises/_form.html", "lapse": "lapses/_form.html"}
A_KEY = "a-key-of-its-own-each-time"


class PromiseForm(Form):
    """A one-time promise: what, of which pillar, to whom."""

    title = Text(
        _l("What do you promise for today?"),
        longest=TITLE_LENGTH,
        required=_l("Say what you promise."),
    )
    pillar = Word(
        Pillar, _l("Which pillar does it build?"), required=_l("Choose character or competency.")
    )
    person = Text(_l("To whom? (optional)"), longest=NAME_LENGTH)
    date = Day()
    answered_at = StringField()
    sent_at = StringField()


@page.get("/")
@public
@kept_offline
def show():
    if not current_user.is_authenticated:
        return welcome.welcome()
    return screen(open_book(current_user, today()))


@lru_cache(64)
def _blank(form: str, day: date, _locale) -> Markup:
    """A form as it is before anything is said: the same for everyone on the same day."""
    if form == "promise":
        fields = PromiseForm()
        shown = {"promise_form": fields, "date": day}
    else:
        fields = LapseForm.blank(day)
        shown = {"form": fields, "latest": day, "sheet": True}
    fields.key.data = A_KEY
    return Markup(render_template(BLANKS[form], **shown))


@dataclass(frozen=True)
class Head:
    """What the head of the page shows beside the figures of the state."""

    mood: str
    done: bool
    level: str
    say: str
    spark: object
    draw: Callable[[], dict | None]
    sentence: str
    codes: bool
    stake: forecast.DayStake | None

    @cached_property
    def chart(self) -> dict | None:
        """Drawn where it is shown: beside a wide page, or when the day is done."""
        return self.draw()


def screen(book: Book, promise_form: PromiseForm | None = None) -> str:
    """The page of Today; `promise_form` is one that was refused."""
    head = head_of(book)
    shown = head["today"]
    return render_template(
        "today/show.html",
        absence=_absence(shown),
        still_open=[(day, [row_of(book, p) for p in found]) for day, found in shown.still_open],
        rows=[row_of(book, p) for p in shown.promises],
        optional=[optional_row(book, shown.date, o) for o in shown.optional],
        promise_form=promise_form,
        blank=lambda form: _blank(form, shown.date, spoken()).replace(A_KEY, new_key()),
        people=_people(book),
        yesterday=shown.date - timedelta(days=1),
        ends_in=day_ends_in(),
        **head,
    )


def head_of(book: Book) -> dict:
    """What today/_head.html, _owed.html, _foot.html and _aside.html need."""
    shown = Today(book)
    state = book.state
    balances = book.balances()
    done = bool(book.commitments) and not shown.is_open
    head = Head(
        mood=shown.mood.value,
        done=done,
        level=words.level(forecast.level(state.balance)),
        say=_said_of(state.balance, shown.change),
        spark=None if done else spark_view(charts.sparkline(balances), "spark"),
        draw=lambda: _chart(book, balances),
        sentence=_sentence(shown) if done else "",
        codes=done and current_user.codes_at is None and shown.answered > 0,
        stake=_stake(shown),
    )
    return {
        "today": shown,
        "head": head,
        "owed": _owed(shown),
        "repairs": words.repair_titles(),
    }


def _said_of(balance: float, moved: float) -> str:
    """The balance and where it went today, in words: a sign may not be read aloud."""
    shown = {"balance": figure(balance), "points": figure(abs(moved))}
    if round(abs(moved), 1) == 0:
        return _("Balance %(balance)s, unchanged today", **shown)
    if moved > 0:
        return _("Balance %(balance)s, up %(points)s today", **shown)
    return _("Balance %(balance)s, down %(points)s today", **shown)


def _chart(book: Book, balances) -> dict | None:
    """The account of these weeks, read out day by day; one day alone is no curve."""
    drawn = charts.account(balances, withdrawals_of(book)) if len(balances) > 1 else None
    return read_view(drawn, "chart") if drawn else None


def withdrawals_of(book: Book) -> list[charts.Withdrawal]:
    """What moved the balance down on the days of the sparkline."""
    found = [(row.date, fixed_days.fell(row)) for row in book.stored]
    live = {day.date: fixed_days.marks(day) for day in book.days}
    return [
        charts.Withdrawal(day, points, kind, nature, told)
        for day, marks in (dict(found) | live).items()
        for kind, nature, told, _commitment, points in marks
    ]


def _sentence(shown: Today) -> str:
    if shown.mood is Mood.TIME_OFF:
        if shown.change < 0:
            return _("Time off. Nothing is due.")
        return _("Time off. Nothing is due, and nothing is lost.")
    if not shown.promises:
        return _nothing_due(next_due(shown.book))
    if not shown.counted:
        return _("Released: it counts neither way.")
    kept = _("%(kept)s of %(due)s kept.", kept=shown.kept, due=shown.counted)
    ahead = forecast.project(shown.book.state, shown.book.plan, shown.date, FORTNIGHT)
    if ahead <= shown.book.state.balance:
        return kept
    return (
        kept
        + " "
        + _("Two more weeks of kept promises and you stand at %(balance)s.", balance=round(ahead))
    )


def _nothing_due(following: date | None) -> str:
    if following is None:
        return _("Nothing is due today.")
    return _("Nothing is due today. The next promise is on %(day)s.", day=weekday(following))


def _stake(shown: Today):
    """Before the day's first answer: what it can add, and what one lapse would cost."""
    if shown.answered or not shown.promises:
        return None
    return forecast.day_stake(shown.book.plan, shown.date, shown.book.before)


def _people(book: Book) -> list[str]:
    """Whom the promises of these days are made to."""
    return sorted({row.person.name for row in book.commitments.values() if row.person})


def _absence(shown: Today):
    stretch = shown.absence
    if stretch is None or session.get(LEFT, "") >= stretch[1].isoformat():
        return None
    return stretch


def _owed(shown: Today) -> list:
    """Repairs that are not among the rows: still to come, or late and not yet fixed."""
    return [row for row in repairs_owed(shown.book) if not 0 <= _back(shown, row) <= OPEN_DAYS]


def _back(shown: Today, row) -> int:
    return (shown.date - row.once_on).days
