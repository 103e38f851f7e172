"""The settings of the test suite, with short leases of the catalogue."""

from ecommerce.settings.test import *

INSTALLED_APPS = [*INSTALLED_APPS, "ecommerce.tests.transport.impatient"]
