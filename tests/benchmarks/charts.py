"""The growth of an archive as a picture: docs/growth.png."""

from __future__ import annotations

from pathlib import Path

from measure import Figures

SHOWN = (
    ("p95 ms", "a question, p95, ms"),
    ("cold s", "cold start to first answer, s"),
    ("peak MB", "memory while asking, MB"),
    ("open s", "opening, s"),
    ("add one cpu s", "one article more, processor s"),
    ("remove one cpu s", "one article less, processor s"),
)
COLOURS = {"onrecord": "#1f5a8a", "peer": "#b5651d"}
NAMES = {"onrecord": "OnRecord", "peer": "pipeline of the tutorials (search only)"}


def draw(sizes: dict[int, dict[str, Figures]], file: Path) -> None:
    """``sizes``: for each number of passages who it was, and their figures."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(2, 3, figsize=(11, 6.4), layout="constrained")
    for axis, (what, label) in zip(axes.flat, SHOWN, strict=True):
        for who, colour in COLOURS.items():
            points = {n: f[who][what] for n, f in sizes.items() if what in f.get(who, {})}
            if not points:  # the pipeline of the tutorials has no figure for this
                continue
            axis.plot(*zip(*points.items(), strict=True), "o-", color=colour, label=NAMES[who])
        axis.set_xscale("log")
        axis.set_ylim(bottom=0)
        axis.set_xlabel("passages")
        axis.set_title(label, fontsize=10)
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="y", alpha=0.3)
    axes.flat[0].legend(frameon=False, fontsize=8)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)
    pyplot.close(figure)
