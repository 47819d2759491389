"""The growth of an archive as a picture: docs/growth.png."""

from __future__ import annotations

from pathlib import Path

from measure import Figures

SHOWN = (
    ("p95 ms", "a question, p95, ms"),
    ("cold s", "cold start to first answer, s"),
    ("peak MB", "memory while asking, MB"),
)
COLOURS = {"onrecord": "#1f5a8a", "peer": "#b5651d"}
NAMES = {"onrecord": "OnRecord", "peer": "pipeline of the tutorials (search only)"}


def draw(sizes: dict[int, dict[str, Figures]], file: Path) -> None:
    """``sizes``: for each number of passages who it was, and their figures."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(SHOWN), figsize=(11, 3.4), layout="constrained")
    for axis, (what, label) in zip(axes, SHOWN, strict=True):
        for who, colour in COLOURS.items():
            points = {n: found[who][what] for n, found in sizes.items() if who in found}
            axis.plot(*zip(*points.items(), strict=True), "o-", color=colour, label=NAMES[who])
        axis.set_xscale("log")
        axis.set_ylim(bottom=0)
        axis.set_xlabel("passages")
        axis.set_title(label, fontsize=10)
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="y", alpha=0.3)
    axes[0].legend(frameon=False, fontsize=8)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)
    pyplot.close(figure)
