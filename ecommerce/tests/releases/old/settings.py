"""The settings of the test suite, with the code of this release."""

from ecommerce.settings.test import *

INSTALLED_APPS = [*INSTALLED_APPS, "ecommerce.tests.releases.old"]
