"""A chart in the leader's words: what templates/components/chart.html draws."""

from habits.charts import Chart, Mark, Spark, Stop, Withdrawal
from habits.date_words import short_day, short_day_of_month
from habits.frames import VIEW
from habits.joiners import apart, listed
from habits.web import words
from habits.web.formats import change, figure
from habits.web.translations import plain as _
from habits.web.translations import plural as ngettext

BARE_FOOT, MARKED_FOOT, COUNTED_FOOT = "1.5em", "3.33em", "4.33em"  # of the dates


def account_view(chart: Chart, id: str, link=None) -> dict:
    """What `account_chart` takes; `link` gives the address of what happened on a date."""
    return curve_view(chart, id) | {
        "pillars": [_pillar(line) for line in chart.lines if line.name != "balance"],
        "days": [_day(stop) for stop in chart.stops],
        "marks": [_mark(mark, link) for mark in chart.marks],
        "shapes": _shapes(chart),
        "summary": _summary(chart),
        "table": _table(chart) if chart.stops else None,
    }


def read_view(chart: Chart, id: str) -> dict:
    """The same of consecutive days in few bytes: a script draws them, the table is elsewhere."""
    days = [f"{stop.y:.0f} {_day(stop)['say']}" for stop in chart.stops]
    return curve_view(chart, id) | {
        "summary": _summary(chart),
        "read": "|".join([f"{chart.stops[0].x:.0f}", *days]),
    }


def curve_view(chart: Chart, id: str) -> dict:
    """The same as a picture only: nothing in it can be read out or followed."""
    balance = next(line for line in chart.lines if line.name == "balance")
    return {
        "id": id,
        "title": _title(chart),
        "view": VIEW,
        "path": balance.path,
        "lines": [{"y": rule.y, "label": _plain(rule.value)} for rule in chart.rules],
        "marks": [_sign(mark) for mark in chart.marks],
        "end": {
            "x": balance.end_x,
            "y": balance.end_y,
            "label_y": balance.label_y,
            "label": figure(chart.closing),
        },
        "foot": _foot(chart),
        "first": apart(short_day(chart.first)),
        "last": apart(short_day(chart.until)),
    }


def spark_view(spark: Spark | None, id: str) -> dict | None:
    """What `sparkline` takes; None where there is no line yet."""
    if spark is None:
        return None
    return {
        "id": id,
        "title": _(
            "Balance from %(first)s to %(last)s, between %(low)s and %(high)s",
            first=short_day(spark.first),
            last=short_day(spark.last),
            low=figure(spark.low),
            high=figure(spark.high),
        ),
        "view": spark.view,
        "path": spark.path,
        "end": {"x": spark.end_x, "y": spark.end_y},
        "marks": [{"x": mark.x, "y": mark.y} for mark in spark.marks],
    }


def what(withdrawal: Withdrawal) -> str:
    """A withdrawal in a few words."""
    if withdrawal.kind == "silent":
        return _("left silent")
    return words.nature(withdrawal.nature or "mistake", withdrawal.told)


def _title(chart: Chart) -> str:
    said = _(
        "Balance from %(first)s to %(last)s: %(opening)s, then %(closing)s",
        first=short_day(chart.first),
        last=short_day(chart.last),
        opening=figure(chart.opening),
        closing=figure(chart.closing),
    )
    return " · ".join([said, *_fell(chart)])


def _summary(chart: Chart) -> str:
    """What the whole range comes to, where no day is read out."""
    moved = change(chart.closing - chart.opening)
    return " · ".join(
        [_("%(moved)s since %(first)s", moved=moved, first=short_day(chart.first)), *_fell(chart)]
    )


def _fell(chart: Chart) -> list[str]:
    count = sum(mark.count for mark in chart.marks)
    return [ngettext("%(num)d withdrawal", "%(num)d withdrawals", count)] if count else []


def _pillar(line) -> dict:
    value = figure(line.value)
    return {
        "name": line.name,
        "path": line.path,
        "label": f"{words.pillar(line.name)} {value}",
        "value": value,
        "x": line.end_x,
        "label_y": line.label_y,
    }


def shape(kind: str, nature: str | None) -> str:
    """The sign of a withdrawal: each kind has a shape of its own."""
    if kind == "silent":
        return "silent"
    return nature if nature in ("choice", "deception") else "broken"


def _shapes(chart: Chart) -> list[dict]:
    """The signs that the chart bears, with their words, gravest last."""
    names = {
        "silent": _("left silent"),
        "broken": _("a mistake"),
        "choice": _("against my word"),
        "deception": _("someone misled"),
    }
    found = {shape(mark.kind, mark.nature) for mark in chart.marks}
    return [{"id": id, "name": name} for id, name in names.items() if id in found]


def _foot(chart: Chart) -> str:
    """How far it is from the plot to the dates below: past the marks, and past their counts."""
    if not chart.marks:
        return BARE_FOOT
    return COUNTED_FOOT if any(mark.count > 1 for mark in chart.marks) else MARKED_FOOT


def _plain(value: float) -> str:
    return figure(value) if value % 1 else str(int(value))


def _day(stop: Stop) -> dict:
    said = f"{_dates(stop.first, stop.last)} · {figure(stop.balance)} ({change(stop.change)})"
    return {
        "from": stop.start,
        "width": stop.width,
        "x": stop.x,
        "y": stop.y,
        "say": " · ".join([said, *_cause(stop.withdrawals)]),
    }


def _cause(withdrawals) -> list[str]:
    if len(withdrawals) > 1:
        return [ngettext("%(num)d withdrawal", "%(num)d withdrawals", len(withdrawals))]
    return [what(one) for one in withdrawals]


def _mark(mark: Mark, link) -> dict:
    if mark.count > 1:
        said = ngettext("%(num)d withdrawal", "%(num)d withdrawals", mark.count)
    else:
        said = what(Withdrawal(mark.first, mark.change, mark.kind, mark.nature, mark.told))
    return _sign(mark) | {
        "say": f"{_dates(mark.first, mark.last)} · {listed([said, change(mark.change)])}",
        "url": link(mark.last) if link else None,
    }


def _sign(mark: Mark) -> dict:
    return {
        "x": mark.x,
        "y": mark.y,
        "shape": shape(mark.kind, mark.nature),
        "count": mark.count,
    }


def _dates(first, last) -> str:
    if first == last:
        return short_day(last)
    return _("%(first)s to %(last)s", first=short_day_of_month(first), last=short_day(last))


def _table(chart: Chart) -> dict:
    with_pillars = chart.stops[-1].character is not None
    columns = [_("Date"), _("Balance")]
    if with_pillars:
        columns += [words.pillar("character"), words.pillar("competency")]
    return {
        "caption": _title(chart),
        "columns": [*columns, _("Withdrawals")],
        "rows": [_row(stop, with_pillars) for stop in reversed(chart.stops)],
    }


def _row(stop: Stop, with_pillars: bool) -> list[str]:
    pillars = [figure(stop.character), figure(stop.competency)] if with_pillars else []
    fell = change(sum(w.change for w in stop.withdrawals)) if stop.withdrawals else ""
    return [_dates(stop.first, stop.last), figure(stop.balance), *pillars, fell]
