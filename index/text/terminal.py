"""What both command lines share: printing, complaining, and ending without a traceback."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections.abc import Callable, Collection
from typing import IO, NoReturn

from index.errors import IndexBusy, InputError, OnRecordError
from index.text.escape import escaped, is_text, json_text, takes_all

FAILED, BUSY, STOPPED = 1, 3, 130
"""Exit codes: something was not done; another process is writing; a keyboard stopped it."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors repeat an argument with its controls made visible."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: error: {escaped(message)}\n")


class _Escaping(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return escaped(super().format(record))


def say(*columns: object) -> None:
    """Print one line; controls in its columns, which tabs part, are made visible."""
    _print(sys.stdout, columns)


def say_json(value: object) -> None:
    """Print a value as JSON, in ASCII where the output takes nothing else."""
    if sys.stdout is not None:
        print(json_text(value, indent=2, ascii_only=not takes_all(sys.stdout)), flush=True)


def complain(what: object) -> None:
    """Print one line to the standard error, controls made visible."""
    _print(sys.stderr, (f"onrecord: {what}",))


def _print(stream: IO[str] | None, columns: tuple[object, ...]) -> None:
    if stream is not None:  # it is None where the starting process has closed it
        print("\t".join(escaped(str(column)) for column in columns), file=stream, flush=True)


def require_text(arguments: argparse.Namespace, paths: Collection[str] = ()) -> None:
    """Raise InputError for an argument that is not UTF-8, unless it is named in ``paths``."""
    for name, given in vars(arguments).items():
        for value in given if isinstance(given, list) else [given]:
            if isinstance(value, str) and name not in paths and not is_text(value):
                raise InputError(
                    f"expected {name} in UTF-8, found {value}; where the locale is to blame, "
                    "set LC_ALL=C.UTF-8"
                )


def run(command: Callable[[], int], stopped: str = "stopped") -> int:
    """Run a command and return its exit code; an error that ends it is one line, never a traceback.

    Args:
        command: does the work and returns the exit code.
        stopped: the line to print when the keyboard interrupts the command.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # an output of ASCII takes all letters
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_Escaping())
    try:
        return _ended(command, stopped)
    except OSError:  # the standard error takes nothing: there is nowhere to print an error
        return FAILED
    finally:
        _settle(sys.stdout)
        _settle(sys.stderr)


def _ended(command: Callable[[], int], stopped: str) -> int:
    try:
        code = command()
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except OnRecordError as error:
        complain(error)
        return BUSY if isinstance(error, IndexBusy) else FAILED
    except BrokenPipeError:  # whoever read the output has seen enough
        return FAILED
    except KeyboardInterrupt:
        complain(stopped)
        return STOPPED
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        complain(f"the system refused a read or a write: {error.strerror or error}{where}")
        return FAILED


def _settle(stream: IO[str] | None) -> None:
    """Write out what a stream still holds; what nobody takes goes to no device at all.

    Python would try again when it ends, and print what went wrong then.
    """
    if stream is None:
        return
    try:
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
