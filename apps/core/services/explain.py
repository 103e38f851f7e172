"""From a server's last words to one sentence."""

from pathlib import Path

# What a server's log says -> what it means here. The first that fits is told.
MEANINGS = {
    "No space left on device": "the disk that holds {folder} is full: free some space and start again.",
    "Check free disk space": "the disk that holds {folder} is full: free some space and start again.",
    "Disk quota exceeded": "your quota on the disk that holds {folder} is used up: free some space and start again.",
    "Read-only file system": "{folder} is on a read-only disk: use a checkout that can be written to.",
    "Address already in use": "its socket is in use by another server: stop that, or set SERVICES_SOCKETS_FOLDER.",
    "is too long": "the path of its socket is too long: set SERVICES_SOCKETS_FOLDER to a shorter folder.",
    "could not map anonymous shared memory": "the machine has too little free memory: close something and start again.",
    "Cannot allocate memory": "the machine has too little free memory: close something and start again.",
    "Permission denied": "{folder} or its sockets belong to another user: start the servers as that user.",
    "password authentication failed": "{folder}/pgpass has lost its passwords: `make clean` starts afresh.",
    "is not empty": "{folder} holds foreign files: remove them with `make clean`.",
}


def explain(said: str, *, server: str, folder: Path) -> str:
    """Return one sentence on why `server` did not start, from what it printed."""
    for sign, meaning in MEANINGS.items():
        if sign in said:
            return f"{server} does not start: {meaning.format(folder=folder)}"
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error" in line.lower()] or lines or ["it said nothing"]
    return f"{server} does not start: {telling[-1]} (see the log in {folder})"
