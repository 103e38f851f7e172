"""The settings of the stage, with the code of the next release."""

from ecommerce.settings.test import *

INSTALLED_APPS = [*INSTALLED_APPS, "ecommerce.demonstrations.next_release"]
