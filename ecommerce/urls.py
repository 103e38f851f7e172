"""Every address the web process answers. Each app's own are in its `api/urls.py`."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from apps.core import health
from apps.core.api import fallbacks, problem_pages
from apps.core.metrics import exposition

from .front_door import front_door

urlpatterns = [
    path("", front_door, name="front_door"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("apps.accounts.api.urls")),
    path("api/v1/", include("apps.catalog.api.urls")),
    path("api/v1/", include("apps.orders.api.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(template_name="docs.html"), name="docs"),
    path("api/problems/", problem_pages.problems, name="problems"),
    path("api/problems/<str:code>/", problem_pages.problems, name="problem"),
    path("metrics", exposition.view, name="metrics"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    re_path(r"^api/", fallbacks.unknown_address),
    # A developer's machine only: in production the web server in front hands out what was uploaded.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]

handler400 = fallbacks.bad_request
handler403 = fallbacks.permission_denied
handler404 = fallbacks.page_not_found
handler500 = fallbacks.server_error
