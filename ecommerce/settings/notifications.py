"""
Mail: where it goes, and from whom.

`EMAIL_URL` names the mail server, such as `smtp+tls://user:password@mail.example.com:587`. Without it mails become
files in the folder `EMAIL_FILE_PATH`.
"""

from pathlib import Path

from .environment import env

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = env("EMAIL_FILE_PATH", default=str(Path(__file__).resolve().parents[2] / ".local" / "mail"))
if env("EMAIL_URL", default=""):
    globals().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT_SECONDS", default=10)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Demo Shop <orders@shop.example>")
# Two letters, or more where a template exists for a region: pt-br.
MAIL_LANGUAGE = env("MAIL_LANGUAGE", default="en")
