"""What can go wrong, as far as a caller can do something about it.

Every message says what was expected, what was found and what to do, in one line.
"""

from __future__ import annotations

import logging

LOG = logging.getLogger("onrecord")
"""Where what goes wrong is told that nobody has to act on at once."""


class OnRecordError(Exception):
    """The root of all errors that this project raises on purpose."""


class InputError(OnRecordError):
    """An article, a question or an option is not what it has to be."""


class MissingExtra(OnRecordError):
    """A library or a model that the chosen settings need is not installed."""


class IndexUnusable(OnRecordError):
    """The index is absent, empty, damaged, or made with other parts than these."""


class IndexBusy(OnRecordError):
    """Another process is writing to the index."""


class DiskError(OnRecordError):
    """The disk is full, closed to this user, or failing; what was stored is kept."""


class ServerUnusable(OnRecordError):
    """A Chroma server that was asked for is not there, or does not do as it should."""
