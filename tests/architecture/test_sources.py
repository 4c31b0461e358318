"""The source keeps the rules that the import graph can't see, and each rule finds what breaks it."""

import pytest

from tests.architecture.source_rules import FLOAT_REFUSAL, RULES, Source, sources

THIN_VIEW = """
class CampaignViewSet(ViewSet):
    def close(self, request, code, handler):
        command = read(CloseSerializer, request)
        return Response(BalanceSerializer(handler(command)).data)
"""
DECIDING_VIEW = """
class CampaignViewSet(viewsets.ViewSet):
    def close(self, request, code, handler):
        balance = total(movement.kilograms for movement in request.data if movement.kilograms)
        if balance > 100 or balance < 95:
            return Response(status=409)
        return Response(handler(code))
"""

#: For each rule, sources that break it.
BROKEN = [
    ("hidden_imports", "from typing import TYPE_CHECKING"),
    ("hidden_imports", "import typing as t\nif t.TYPE_CHECKING:\n    import django"),
    ("hidden_imports", "import importlib"),
    ("hidden_imports", "from importlib import import_module"),
    ("hidden_imports", "import importlib.util as finder"),
    ("hidden_imports", "django = __import__('django')"),
    ("hidden_imports", "import builtins\nbuiltins.__import__('django')"),
    ("hidden_imports", "from django.utils.module_loading import import_string"),
    ("hidden_imports", "import sys\nmodels = sys.modules['infrastructure']"),
    ("hidden_imports", "exec('import django')"),
    ("model_lookups", "from django.apps import apps\nLot = apps.get_model('production', 'Lot')"),
    ("model_lookups", "def forwards(registry):\n    registry.get_model('production', 'Lot')"),
    ("model_lookups", "from django.contrib.auth import get_user_model"),
    ("model_lookups", "from django.contrib.contenttypes.models import ContentType"),
    ("star_imports", "from domain.catalog import *"),
    ("suppressions", "x = 1  # type: ignore"),
    ("suppressions", "x = 1  # type: ignore[attr-defined]"),
    ("suppressions", "x = 1  # type: ignore - the stub is wrong"),
    ("suppressions", "x = 1  # noqa"),
    ("suppressions", "x = 1  # noqa: S603"),
    ("suppressions", "x = 1  # noqa - it is the product's own program"),
    ("suppressions", "x = 1  # type: ignore[arg-type]  # noqa: S603"),
    ("suppressions", "x = 1  # type: ignore[arg-type]  # noqa # two reasons in words"),
    ("suppressions", "x = 1  # pragma: no cover"),
    ("suppressions", "x = 1  # nosec"),
    ("suppressions", "# ruff: noqa: S603 - every command here is ours"),
    ("suppressions", "# mypy: ignore-errors because it is generated"),
    ("floats", "SHARE = 0.95"),
    ("floats", "SHARE = 1e3"),
    ("floats", "def half(x: float) -> None: ..."),
    ("floats", "share = float('0.95')"),
    ("floats", "refused = isinstance(0, float)"),
    ("float_fields", "from django.db import models\nquantity = models.FloatField()"),
    ("float_fields", "from rest_framework.serializers import FloatField"),
    ("clocks", "from datetime import datetime\nat = datetime.now()"),
    ("clocks", "import datetime as dt\nat = dt.datetime.now(dt.UTC)"),
    ("clocks", "from datetime import date\nday = date.today"),
    ("clocks", "from uuid import uuid4"),
    ("clocks", "import uuid\nkey = uuid.uuid1()"),
    ("queries_in_interfaces", "from django.db import models"),
    ("queries_in_interfaces", "from django.db import transaction"),
    ("queries_in_interfaces", "from django.db.models import Q"),
    ("queries_in_interfaces", "import django.db\ndjango.db.connection.cursor()"),
    ("heavy_signals", "from django.db.models.signals import post_save"),
    ("heavy_signals", "from django.db.models import signals\nsignals.pre_delete.connect(print)"),
    ("heavy_signals", "from django.dispatch import receiver"),
    ("debug", "DEBUG = True"),
    ("debug", "DEBUG: bool = env.bool('DEBUG', default=False)"),
    ("secrets", "SECRET_KEY = 'correct horse'"),
    ("secrets", "SECRET_KEY = env('SECRET_KEY', default='correct horse')"),
    ("secrets", "x = env('DATABASE_PASSWORD', 'correct horse')"),
    ("secrets", "SETTINGS = {'SECRET_KEY': 'correct horse'}"),
    ("secrets", "VARIABLES = {'SECRET_KEY': Variable('correct horse', 'Signs sessions.')}"),
    ("deciding_views", DECIDING_VIEW),
    ("databases_for_every_test", "@pytest.fixture(autouse=True)\ndef database(db): ..."),
    ("databases_for_every_test", "@fixture(scope='session', autouse=True)\ndef all(django_db_blocker): ..."),
]

#: Sources that look alike and keep the rule.
KEPT = [
    ("hidden_imports", "from typing import Protocol\nimport sys\nsys.exit(1)"),
    ("model_lookups", "from django.apps import AppConfig"),
    ("star_imports", "from domain.catalog import product"),
    ("suppressions", "x = 1  # type: ignore[arg-type]  # the stub leaves None out"),
    ("suppressions", "x = 1  # type: ignore[arg-type]  # noqa: S603, S607 - our own program"),
    ("suppressions", "x = '# noqa'"),
    ("floats", "SHARE = Decimal('0.95')\nCOUNT = 1"),
    ("float_fields", "from django.db import models\nquantity = models.DecimalField()"),
    ("clocks", "from uuid import UUID, uuid5\nfrom datetime import datetime\nat = clock.now()"),
    ("queries_in_interfaces", "from django.db import IntegrityError"),
    ("heavy_signals", "from django.core.signals import request_finished"),
    ("debug", "DEBUG = False"),
    ("secrets", "SECRET_KEY = env('SECRET_KEY')\nSESSION = env('SESSION_ENGINE', default='cookies')"),
    ("secrets", "VARIABLES = {'SECRET_KEY': Variable('', 'Signs sessions.'), 'PASSWORD_LENGTH': Variable(15)}"),
    ("deciding_views", THIN_VIEW),
    ("databases_for_every_test", "@pytest.fixture\ndef plant(db): ..."),
    ("databases_for_every_test", "@pytest.fixture(autouse=True)\ndef quiet(caplog): ..."),
]


@pytest.mark.parametrize("name", RULES)
def test_the_source_keeps_the_rule(name: str) -> None:
    rule = RULES[name]
    ruled = [source for source in sources() if rule.applies_to(source.path)]
    faults = [f"{source.path}:{line}" for source in ruled for line in rule.faults(source)]
    assert ruled
    assert faults == [], rule.says


@pytest.mark.parametrize(("name", "text"), BROKEN)
def test_the_rule_finds_what_breaks_it(name: str, text: str) -> None:
    assert list(RULES[name].faults(Source("src/domain/example.py", text)))


@pytest.mark.parametrize(("name", "text"), KEPT)
def test_the_rule_leaves_the_rest_alone(name: str, text: str) -> None:
    assert list(RULES[name].faults(Source("src/domain/example.py", text))) == []


def test_every_rule_is_tried() -> None:
    assert {name for name, _ in BROKEN} == {name for name, _ in KEPT} == set(RULES)


def test_one_place_may_name_float_to_refuse_it() -> None:
    faults = RULES["floats"].faults
    assert FLOAT_REFUSAL in {source.path for source in sources()}
    assert list(faults(Source(FLOAT_REFUSAL, "refused = isinstance(value, (bool, float))"))) == []
    assert list(faults(Source(FLOAT_REFUSAL, "value = float(text)"))) == [1]


def test_infrastructure_and_development_have_their_exceptions() -> None:
    assert not RULES["model_lookups"].applies_to("src/infrastructure/identity/admin.py")
    assert RULES["model_lookups"].applies_to("src/interfaces/api/v1/views.py")
    assert not RULES["debug"].applies_to("config/settings/dev.py")
    assert RULES["debug"].applies_to("config/settings/prod.py")
