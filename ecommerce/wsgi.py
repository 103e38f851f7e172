"""The web process, as WSGI."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecommerce.settings.production")
application = get_wsgi_application()
# Both need the settings, and the second reads models, which stand only now.
import_string("apps.core.database.session_limits.limit_sessions")()
import_string("apps.sagas.versions.refuse_unsafe_start")()
