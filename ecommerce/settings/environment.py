"""The one reader of environment variables; `.env` in the project's folder fills in what the environment leaves out."""

from pathlib import Path

import environ

env = environ.Env()
env.read_env(Path(__file__).resolve().parent.parent.parent / ".env")
