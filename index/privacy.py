"""Switches that keep every library on this machine, whatever the environment says.

Measured: with LANGSMITH_TRACING set, the first chain call posted article text; Gradio
and the model hub are looked up at start; onnxruntime gives the machine an id and keeps
events to send, from code that no socket of Python sees.  Nothing here overrules what a user names
themselves: a hub model or a chat provider is asked when it is asked for by name.
"""

from __future__ import annotations

import os

_SWITCHES = {
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "ANONYMIZED_TELEMETRY": "False",
    "CHROMA_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    # Gradio's own record of who asked when, of which it makes a table after every event.
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**9),
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "OTEL_SDK_DISABLED": "true",
    "ORT_DISABLE_TELEMETRY": "1",
}


def stay_local() -> None:
    """Turn off telemetry and tracing for this process and its children."""
    os.environ.update(_SWITCHES)
