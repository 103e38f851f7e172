"""Postal addresses, checked and kept."""

import pytest

from apps.accounts import services
from apps.accounts.models import User
from apps.accounts.services.addresses import MOST_ADDRESSES

from .factories import AddressFactory

pytestmark = pytest.mark.django_db(databases=["accounts"])


class TestCheckedAddress:
    def test_spells_an_address_as_its_post_does(self) -> None:
        address = services.checked_address(
            parts={
                "name": " Rosa  Luxemburg ",
                "line1": "Wielandstraße 23",
                "city": "Berlin",
                "region": "not used in Germany",
                "postal_code": "12159",
                "country": "de",
            }
        )

        assert address.as_json() == {
            "name": "Rosa Luxemburg",
            "line1": "Wielandstraße 23",
            "country": "DE",
            "company": "",
            "line2": "",
            "district": "",
            "city": "Berlin",
            "region": "",
            "postal_code": "12159",
            "phone": "",
        }

    def test_takes_a_region_by_name_or_short_form(self) -> None:
        parts = {"name": "A", "line1": "1 Main St", "city": "Austin", "postal_code": "78701", "country": "US"}

        regions = {
            services.checked_address(parts=parts | {"region": region}).region for region in ("Texas", "tx", "TX")
        }

        assert regions == {"TX"}

    @pytest.mark.parametrize(
        ("parts", "wrong"),
        [
            ({}, {"name", "line1", "country"}),
            ({"name": "A", "line1": "1", "country": "XX"}, {"country"}),
            ({"name": "A", "line1": "1", "country": "../x"}, {"country"}),
            (
                {"name": "A", "line1": "1", "country": "US", "city": "Austin", "region": "TX", "postal_code": "10001"},
                {"postal_code"},
            ),
            ({"name": "A", "line1": "1", "country": "JP", "postal_code": "154-0023"}, {"region"}),
        ],
    )
    def test_names_each_part_that_will_not_do(self, parts: dict[str, str], wrong: set[str]) -> None:
        with pytest.raises(services.InvalidAddress) as refusal:
            services.checked_address(parts=parts)

        assert set(refusal.value.errors) == wrong

    def test_needs_no_postal_code_where_there_is_none(self) -> None:
        address = services.checked_address(
            parts={
                "name": "A",
                "line1": "1 Queen's Road",
                "region": "Hong Kong Island",
                "district": "Central",
                "city": "Central",
                "country": "HK",
                "postal_code": "999077",
            }
        )

        assert address.postal_code == ""


class TestAddAddress:
    PARTS = {
        "name": "Ada",
        "line1": "1 Main St",
        "city": "Austin",
        "region": "TX",
        "postal_code": "78701",
        "country": "US",
    }

    def test_makes_the_first_the_default_and_lets_a_later_one_take_its_place(self, ada: User) -> None:
        first = services.add_address(user_id=ada.id, parts=self.PARTS)
        plain = services.add_address(user_id=ada.id, parts=self.PARTS)
        shipping = services.add_address(user_id=ada.id, parts=self.PARTS, is_default_shipping=True)

        flags = {entry.id: (entry.is_default_shipping, entry.is_default_billing) for entry in ada.addresses.all()}
        assert flags == {first.id: (False, True), plain.id: (False, False), shipping.id: (True, False)}

    def test_refuses_more_than_a_book_holds(self, ada: User) -> None:
        AddressFactory.create_batch(MOST_ADDRESSES, user=ada)

        with pytest.raises(services.AddressBookFull):
            services.add_address(user_id=ada.id, parts=self.PARTS)

        assert ada.addresses.count() == MOST_ADDRESSES


class TestChangeAddress:
    def test_checks_what_would_come_of_it(self, ada: User) -> None:
        entry = AddressFactory.create(user=ada)

        with pytest.raises(services.InvalidAddress) as refusal:
            services.change_address(user_id=ada.id, address_id=entry.id, changes={"region": "TX"})

        assert list(refusal.value.errors) == ["postal_code"]
        entry.refresh_from_db()
        assert entry.region == "CA"

    def test_moves_the_default(self, ada: User) -> None:
        old, new = AddressFactory.create(user=ada, is_default_billing=True), AddressFactory.create(user=ada)

        services.change_address(user_id=ada.id, address_id=new.id, changes={"is_default_billing": True})

        old.refresh_from_db()
        new.refresh_from_db()
        assert (old.is_default_billing, new.is_default_billing) == (False, True)
