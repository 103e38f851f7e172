import pytest
from pytest_django.fixtures import Settings

from apps.notifications.models import Template
from apps.notifications.services import default_wording, get_wording

pytestmark = pytest.mark.django_db(databases=["notifications"])


def write(language: str) -> None:
    Template.objects.update_or_create(
        code="order_confirmation",
        language=language,
        defaults={"subject": f"Subject {language}", "text": "Text", "html": "<p>HTML</p>"},
    )


class TestGetWording:
    def test_begins_with_the_words_that_come_with_the_program(self) -> None:
        Template.objects.filter(code="order_confirmation").delete()

        assert get_wording(code="order_confirmation") == default_wording("order_confirmation")

    @pytest.mark.parametrize(
        ("written", "language", "chosen"),
        [
            (["en", "pt", "pt-br"], "pt-br", "pt-br"),
            (["en", "pt"], "pt-br", "pt"),
            (["en"], "pt-br", "en"),
            (["en", "de"], "EN", "en"),
        ],
    )
    def test_takes_the_nearest_language(
        self, settings: Settings, written: list[str], language: str, chosen: str
    ) -> None:
        settings.MAIL_LANGUAGE = language
        for each in written:
            write(each)

        wording = get_wording(code="order_confirmation")

        assert (wording.language, wording.subject) == (chosen, f"Subject {chosen}")
