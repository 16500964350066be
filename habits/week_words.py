"""What a week says in words: sentence, gap to the guess, decision, and a text to share."""

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from habits import date_words
from habits.days import is_fixed, week_days
from habits.joiners import apart, listed, sentences
from habits.trust.account import EntryKind
from habits.trust.history import Nature
from habits.trust.plan import Standing
from habits.weeks import Choice, Offer, Summary

FIRM = 21  # days in a row after which growth is near its full speed
THREEFOLD = (2.5, 3.5)


def sentence(week: Summary) -> str:
    """What happened, in one or two sentences."""
    if week.due == 0:
        return _nothing_decided(week)
    said = [_kept(week), _reason(week)]
    if week.is_first:
        said.insert(0, _("Your first week."))
    if week.is_finished and week.open:
        said.append(ngettext("%(num)d is still open.", "%(num)d are still open.", week.open))
    return sentences(said)


def gap(week: Summary) -> str | None:
    """What the guess and the week say of each other; None without a guess."""
    thought, kept = week.noted.guess, week.kept
    if thought is None or not week.is_finished:
        return None
    if week.open:
        return _("You thought %(thought)d; so far it is %(kept)d.", thought=thought, kept=kept)
    if thought == kept:
        return _("You thought %(thought)d, and it was %(kept)d.", thought=thought, kept=kept)
    if thought > kept:
        return ngettext(
            "You thought %(thought)d; it was %(kept)d: one more than others could see.",
            "You thought %(thought)d; it was %(kept)d: %(num)d more than others could see.",
            thought - kept,
            thought=thought,
            kept=kept,
        )
    return _(
        "You thought %(thought)d; it was %(kept)d. You were better than you believed.",
        thought=thought,
        kept=kept,
    )


def question(offer: Offer) -> str:
    """The one decision, as a question."""
    title = apart(offer.row.title)
    if offer.choice is Choice.SHRINK:
        return _(
            "“%(title)s” was broken in %(weeks)d of the last four weeks. Make it smaller or rarer?",
            title=title,
            weeks=offer.weeks_broken,
        )
    if offer.choice is Choice.REPAIR:
        return _("“%(title)s” was broken this week. Do you want to repair it?", title=title)
    if offer.row.kept == offer.row.due:
        return _("“%(title)s” holds. Keep it as it is?", title=title)
    return _("“%(title)s” is the most fragile just now. Keep it as it is?", title=title)


def decided(choice: str, title: str) -> str:
    """What was decided, in a sentence."""
    title = apart(title)
    return {
        "keep": _("You decided to keep “%(title)s” as it is.", title=title),
        "shrink": _("You make “%(title)s” smaller or rarer.", title=title),
        "retire": _("You decided to retire “%(title)s”.", title=title),
        "repair": _("You decided to repair “%(title)s”.", title=title),
    }[choice]


def heading(week: Summary) -> str:
    """Week 47."""
    fourth = week_days(week.first)[3]
    return _("Week %(number)d", number=fourth.isocalendar().week)


def span(week: Summary) -> str:
    """16 to 22 November."""
    return date_words.span(week.first, week.last, week.today.year)


def shown(week: Summary) -> str:
    """What the leader tells somebody else of the week: in the first person, and without reasons."""
    kept, due = week.kept, week.due
    if due == 0:
        return _("Nothing was decided yet.") if week.open or week.ahead else _("Nothing was due.")
    if not week.is_finished or week.open:
        return _("So far I kept %(kept)d of %(due)d.", kept=kept, due=due)
    if kept == due:
        return ngettext("I kept the one promise I made.", "I kept all %(num)d.", due)
    return _("I kept %(kept)d of %(due)d.", kept=kept, due=due)


def share_text(week: Summary) -> str:
    """The week as plain text, without names of people or notes."""
    rows = [
        _("%(title)s: %(kept)d of %(due)d", title=apart(row.title), kept=row.kept, due=row.due)
        for row in week.rows
        if row.due
    ]
    return "\n".join([_first_lines(week), "", *rows, "", _last_line(week)])


def bare_text(week: Summary) -> str:
    """The week as plain text that says not even what was promised."""
    return "\n".join([_first_lines(week), "", _last_line(week)])


def title(week: Summary) -> str:
    """Week 47, 16 to 22 November."""
    return listed([heading(week), span(week)])


def _first_lines(week: Summary) -> str:
    return f"{title(week)}\n{shown(week)}"


def _last_line(week: Summary) -> str:
    balance = _(
        "Balance %(opening)s to %(closing)s",
        opening=_figure(week.opening),
        closing=_figure(week.closing),
    )
    streak = ngettext("%(num)d day in a row", "%(num)d days in a row", week.streak)
    return f"{balance} · {streak}" if week.streak else balance


def _nothing_decided(week: Summary) -> str:
    if week.is_first and not week.is_finished:
        return _("Your first week. It begins with one kept promise.")
    if week.open or week.ahead:
        return _("Nothing is answered yet this week.")
    if week.off and len(week.off) == 7:
        return _("A week off. Nothing was due, and nothing moved.")
    if week.count(Standing.RELEASED):
        return _("Nothing was left to keep: every promise was released.")
    if week.withdrawn:
        return _("Nothing was due, and yet something happened. It stands below.")
    return _("Nothing was due this week, so nothing moved.")


def _kept(week: Summary) -> str:
    kept, due = week.kept, week.due
    if not week.is_finished or week.open:
        if kept == due:
            return ngettext(
                "So far you have kept the one you answered.",
                "So far you have kept all %(num)d.",
                due,
            )
        return _("So far you have kept %(kept)d of %(due)d.", kept=kept, due=due)
    if kept == due:
        return ngettext("You kept the one promise you made.", "You kept all %(num)d.", due)
    if kept == 0 and week.count(Standing.SILENT) == due:
        return _("A silent week.")
    return _("You kept %(kept)d of %(due)d.", kept=kept, due=due)


def _reason(week: Summary) -> str:
    """Why the account went where it went: the gravest thing first."""
    moves = [move for move in week.movements if move.kind is not EntryKind.KEPT]
    by_nature = {nature: [m for m in moves if m.nature is nature] for nature in Nature}
    if by_nature[Nature.DECEPTION]:
        return _(
            "Someone was misled, and that leaves a scar: half of it fades as you keep your word."
        )
    if by_nature[Nature.CHOICE]:
        return _choice(week, by_nature[Nature.CHOICE])
    silent = [move for move in moves if move.kind is EntryKind.SILENT]
    mistakes = by_nature[Nature.MISTAKE]
    if mistakes:
        return _mistakes(week, mistakes, silent)
    if silent:
        return _silence(week, silent)
    if week.spared:
        return _("An absence counts as one lapse, not many. You can begin again with one answer.")
    return _all_kept(week)


def _choice(week: Summary, choices) -> str:
    cost = _cost(choices)
    if all(move.kind is EntryKind.LAPSE for move in choices):
        return ngettext(
            "One lapse outside your promises cost %(cost)s.",
            "%(num)d lapses outside your promises cost %(cost)s.",
            len(choices),
            cost=_figure(cost),
        )
    if cost > week.deposits > 0:
        return ngettext(
            "Going back on your word a single time cost more than all the others gave.",
            "Going back on your word %(num)d times cost more than all the others gave.",
            len(choices),
        )
    return _("Going back on your word cost %(cost)s.", cost=_figure(cost))


def _mistakes(week: Summary, mistakes, silent) -> str:
    told = [move for move in mistakes if move.told]
    unsaid = [move for move in mistakes if not move.told]
    if told and unsaid:
        return _compared(told, unsaid)
    if told and not silent:
        return ngettext(
            "The one you missed, you owned up to: it cost %(cost)s and your streak stands.",
            "You owned up to the %(num)d you missed: together they cost %(cost)s.",
            len(told),
            cost=_figure(_cost(told)),
        )
    if unsaid and any(not is_fixed(move.on, week.today) for move in unsaid):
        return ngettext(
            "One mistake is still unsaid: say it now, and two thirds of its cost comes back.",
            "%(num)d mistakes are still unsaid: say them now, and two thirds of their cost comes "
            "back.",
            len(unsaid),
        )
    if unsaid:
        return ngettext(
            "The mistake left unsaid cost %(cost)s; said, it would have cost a third.",
            "The %(num)d mistakes left unsaid cost %(cost)s; said, they would have cost a third.",
            len(unsaid),
            cost=_figure(_cost(unsaid)),
        )
    return _silence(week, silent)


def _compared(told, unsaid) -> str:
    most_told = max(-move.change for move in told)
    most_unsaid = max(-move.change for move in unsaid)
    if THREEFOLD[0] <= most_unsaid / most_told <= THREEFOLD[1]:
        return _("The mistake you left unsaid cost three times the one you owned up to.")
    if most_unsaid > most_told:
        return _("The mistake you left unsaid cost more than the one you owned up to.")
    return _("One mistake you owned up to, another is still unsaid.")


def _silence(week: Summary, silent) -> str:
    if week.spared:
        return _("An absence counts as one lapse, not many. You can begin again with one answer.")
    return ngettext(
        "One stayed silent, which costs what a mistake left unsaid costs.",
        "%(num)d stayed silent, which costs what mistakes left unsaid cost.",
        len(silent),
    )


def _all_kept(week: Summary) -> str:
    change = week.deposits + week.withdrawn
    if not week.deposits or round(change, 1) == 0 or week.kept < week.due:
        return ""
    gained = _figure(change)
    if week.streak >= FIRM:
        return _("A firm streak: the account grew by %(gained)s.", gained=gained)
    return _("The account grew by %(gained)s, and grows faster as the streak does.", gained=gained)


def _cost(moves) -> float:
    """What they took in all, as their lines show it."""
    return -sum(move.shown for move in moves)


def _figure(value: float) -> str:
    return format_decimal(value, "0.0")
