"""What a WSGI server and the `flask` command load. Open to see what stops a server from starting.

The `flask` command imports this file too, also for commands that only compute, so it never touches the database on
their behalf; a server (`gunicorn wsgi:app`) refuses to start without keys or with a database that is missing, damaged
or of another version.
"""

from __future__ import annotations

import os
import sys

from avvikelse import create_app
from config import Settings, SettingsError

IS_COMMAND = os.environ.get("FLASK_RUN_FROM_CLI") == "true"
# 3: gunicorn stops for good instead of starting the worker again and again. 2: bad input, as every command says it.
REFUSED = 2 if IS_COMMAND else 3


def refuse(sentences: tuple[str, ...]) -> None:
    """Leave with the sentences on standard error, if there are any."""
    if sentences:
        sys.stderr.write("Avvikelse startar inte:\n" + "".join(f"  - {sentence}\n" for sentence in sentences))
        sys.exit(REFUSED)


try:
    app = create_app(Settings.from_env())
except SettingsError as error:
    refuse((str(error),))
    raise  # not reached; tells the type checker that `app` exists below

if not IS_COMMAND:
    from avvikelse.models.schema import problems

    refuse(app.extensions["settings"].problems() or problems(app.extensions["settings"].database_url))
