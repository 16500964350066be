"""A chart in the leader's words: what templates/components/chart.html draws."""

from habits.charts import Chart, Mark, Spark, Stop, Withdrawal
from habits.frames import VIEW
from habits.web import words
from habits.web.formats import change, dated, figure, short_day
from habits.web.translations import plain as _
from habits.web.translations import plural as ngettext


def account_view(chart: Chart, id: str, link=None) -> dict:
    """What `account_chart` takes; `link` gives the address of what happened on a date."""
    return curve_view(chart, id) | {
        "pillars": [_pillar(line) for line in chart.lines if line.name != "balance"],
        "days": [_day(stop) for stop in chart.stops],
        "marks": [_mark(mark, link) for mark in chart.marks],
        "table": _table(chart) if chart.stops else None,
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
        "marks": [{"x": mark.x, "y": mark.y} for mark in chart.marks],
        "end": {"x": balance.end_x, "y": balance.end_y, "label": figure(chart.closing)},
        "first": short_day(chart.first),
        "last": short_day(chart.until),
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
    count = sum(mark.count for mark in chart.marks)
    fell = ngettext("%(num)d withdrawal", "%(num)d withdrawals", count)
    return f"{said}; {fell}" if count else said


def _pillar(line) -> dict:
    label = f"{words.pillar(line.name)} {figure(line.value)}"
    return {"name": line.name, "path": line.path, "label": label}


def _plain(value: float) -> str:
    return figure(value) if value % 1 else str(int(value))


def _day(stop: Stop) -> dict:
    return {
        "from": stop.start,
        "width": stop.width,
        "x": stop.x,
        "y": stop.y,
        "say": f"{_dates(stop.first, stop.last)} · {figure(stop.balance)} ({change(stop.change)})",
    }


def _mark(mark: Mark, link) -> dict:
    if mark.count > 1:
        said = ngettext("%(num)d withdrawal", "%(num)d withdrawals", mark.count)
    else:
        said = what(Withdrawal(mark.first, mark.change, mark.kind, mark.nature, mark.told))
    return {
        "x": mark.x,
        "y": mark.y,
        "say": f"{_dates(mark.first, mark.last)} · {said}, {change(mark.change)}",
        "url": link(mark.last) if link else None,
    }


def _dates(first, last) -> str:
    if first == last:
        return short_day(last)
    return _("%(first)s to %(last)s", first=dated(first, "d MMM"), last=short_day(last))


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
