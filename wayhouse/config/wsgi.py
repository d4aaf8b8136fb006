"""The application that a WSGI server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhouse.config.settings")

application = get_wsgi_application()

# What was loaded stays as long as the worker: the collector need not look through it again during requests. And a page
# makes some thousand things that go by themselves, for which Python's default looks a dozen times.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 10, 10)
