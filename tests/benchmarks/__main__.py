"""`make bench`: ratios against the same work by hand, on a durable PostgreSQL of its own."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import django
import psycopg

from infrastructure.system.embedded_postgresql import EmbeddedPostgresql


def main() -> None:
    """Measure everything, in one run."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.prod"
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgresql(Path(folder) / "postgresql").lease() as urls:
        os.environ |= {"DATABASE_URL": urls.application, "DATABASE_OWNER_URL": urls.owner}
        os.environ |= {"SECRET_KEY": "for measuring alone " * 3, "ALLOWED_HOSTS": "127.0.0.1"}
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
        django.setup()
        measure_all(urls.application, urls.owner)


def measure_all(url: str, owner: str) -> None:
    """Measure on this database; the models can be imported only now."""
    from config.container import Container  # noqa: PLC0415 - the models need the settings first
    from tests.benchmarks import recording  # noqa: PLC0415 - the models need the settings first
    from tests.benchmarks.by_hand import ByHand  # noqa: PLC0415 - the models need the settings first
    from tests.benchmarks.plant import Plant  # noqa: PLC0415 - the models need the settings first

    plant = Plant(Container())
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("ANALYZE")  # what autovacuum does within a minute
    hand = ByHand(url)
    recording.measure(plant, hand)


if __name__ == "__main__":
    main()
