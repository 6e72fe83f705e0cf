"""What the charts have in common: colours that read on light and dark, patterns beside them, axes, harmless text.

Paper and font are left to the page's theme. `say` is gettext: a chart knows its message ids, not the language.
"""

import html
from collections.abc import Callable, Iterable, Mapping

import plotly.graph_objects as go

Figure = go.Figure
Say = Callable[[str], str]

BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#C871A2"
"""Those of Okabe and Ito's colours that stand out from white and black alike, the purple a shade darker."""
GREY = "#808080"
MOST_SHOWN = 60
HEIGHT = 280


def figure(title: str, *, x: str, y: str, height: int = HEIGHT, hover: str = "closest") -> go.Figure:
    """An empty chart with a title and named axes; the units stand in the names."""
    chart = go.Figure()
    chart.update_layout(
        title={"text": title, "font": {"size": 14}, "x": 0, "xanchor": "left", "y": 0.98, "yanchor": "top"},
        height=height,
        margin={"l": 8, "r": 12, "t": 34, "b": 8},
        hovermode=hover,
        hoverdistance=40,
        clickmode="event+select",
        dragmode="zoom",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "yref": "container", "y": 0, "yanchor": "bottom", "font": {"size": 12}},
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": GREY, "activecolor": BLUE},
    )
    chart.update_xaxes(title={"text": x}, automargin=True, hoverformat=".1f", rangemode="tozero", zeroline=False)
    chart.update_yaxes(title={"text": y}, automargin=True, rangemode="tozero", zeroline=False)
    return chart


def level(chart: go.Figure, at: float, *, name: str, dash: str, across: float, below: bool = False) -> None:
    """A horizontal line from 0 to `across`, its name at its end, above it or `below`."""
    chart.add_scatter(
        x=[0, across],
        y=[at, at],
        mode="lines+text",
        line={"color": GREY, "width": 1.5, "dash": dash},
        text=["", name],
        textposition="bottom left" if below else "top left",
        hoverinfo="skip",
        showlegend=False,
    )


def instant(chart: go.Figure, at: float, *, name: str, dash: str, span: tuple[float, float]) -> None:
    """A vertical line over `span` of the other axis; its name is in the legend."""
    chart.add_scatter(
        x=[at, at],
        y=list(span),
        mode="lines",
        line={"color": GREY, "width": 1.5, "dash": dash},
        hoverinfo="skip",
        name=name,
    )


def bands(
    chart: go.Figure, spans: Iterable[tuple[float, float]], *, name: str, color: str, shape: str, top: float
) -> None:
    """Hatched areas over stretches of time, all in one trace."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for start, end in spans:
        xs += [start, start, end, end, start, None]
        ys += [0.0, top, top, 0.0, 0.0, None]
    if not xs:
        return
    chart.add_scatter(
        x=xs,
        y=ys,
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillpattern={"shape": shape, "fgcolor": color, "bgcolor": "rgba(0,0,0,0)", "size": 7, "solidity": 0.12},
        hoverinfo="skip",
        name=name,
    )


def shown(text: str) -> str:
    """Foreign text for a hover, where Plotly reads tags: shown as it is, its beginning, line breaks as signs."""
    cut = text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
    visible = cut.replace("\n", "↵").replace("\t", "→").encode("utf-8", "replace").decode()
    return html.escape(visible)


def hover(lines: Mapping[str, str]) -> str:
    """A hover's template: a line a value, by name."""
    return "<br>".join(f"{name} {value}" if name else value for name, value in lines.items()) + "<extra></extra>"


KINDS: Mapping[str, tuple[str, str, str]] = {
    "text": (BLUE, "circle", "solid"),
    "reasoning": (PURPLE, "diamond", "dot"),
    "tool": (GREEN, "square", "dash"),
}
"""Colour, symbol and dash of each kind of chunk that carries characters."""
