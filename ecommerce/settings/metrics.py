"""Where the numbers of the processes are kept and told; see docs/operations.md."""

import os
from pathlib import Path

from .environment import env

# Every process of a machine writes here and any of them tells the sum. The variable is prometheus_client's own, and
# is read when that is first imported; the folder must be there by then.
if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    Path(folder).mkdir(parents=True, exist_ok=True)

# A bearer token that /metrics asks for; empty where only Prometheus can reach the address.
METRICS_TOKEN = env("METRICS_TOKEN", default="")
# A port on which a worker tells its own numbers; 0 for none.
METRICS_PORT = env.int("METRICS_PORT", default=0)
