"""`make bench`: ratios against the same work by hand, on a durable PostgreSQL of its own."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django
import psycopg

from infrastructure.system.embedded_postgresql import DatabaseUrls, EmbeddedPostgresql
from tests.benchmarks.measuring import line


def main() -> None:
    """Measure everything, in one run."""
    begin = time.monotonic()
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.prod"
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgresql(Path(folder) / "postgresql").lease() as urls:
        os.environ |= {"DATABASE_URL": urls.application, "DATABASE_OWNER_URL": urls.owner, "LIGNAGE_STATE": folder}
        os.environ |= {"SECRET_KEY": "for measuring alone " * 3, "ALLOWED_HOSTS": "127.0.0.1", "RATE_LIMIT": "0"}
        (Path(folder) / "static").mkdir()  # the server looks for it
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
        django.setup()
        measure_all(urls)
    line(f"\nThat took {(time.monotonic() - begin) / 60:.1f} minutes.")


def measure_all(urls: DatabaseUrls) -> None:
    """Measure on this database; the models can be imported only now."""
    from config.container import wired_container  # noqa: PLC0415 - the models need the settings first
    from tests.benchmarks import closing, importing, over_http, recording, tracing, verifying  # noqa: PLC0415 - the models need the settings first
    from tests.benchmarks.by_hand import ByHand  # noqa: PLC0415 - the models need the settings first
    from tests.benchmarks.plant import Plant  # noqa: PLC0415 - the models need the settings first

    line("Medians of both sides in turn, in one run on one database; times and speeds are multiples of those by hand.")
    plant = Plant(wired_container())
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        connection.execute("ANALYZE")  # what autovacuum does within a minute
    hand = ByHand(urls.application)
    recording.measure(plant, hand)
    over_http.measure(plant, hand, urls.application)
    importing.measure(plant, urls.application)
    closing.measure(plant, urls.application, urls.superuser)
    tracing.measure(plant, urls.application, urls.superuser)
    verifying.measure(plant, urls.application)


if __name__ == "__main__":
    main()
