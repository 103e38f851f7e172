"""Answers described once."""

from rest_framework import serializers

from apps.core.api.shapes import Field, Shape

SHIRT = Shape(
    "Shirt",
    Field("id", serializers.UUIDField(help_text="Its id.")),
    Field("price", serializers.CharField(), "cents", lambda cents: f"{cents / 100:.2f}"),
    Field("cents", serializers.IntegerField()),
    Field("currency", serializers.CharField(), computed=True),
)


class TestShape:
    def test_names_each_column_once(self):
        assert SHIRT.columns == ["id", "cents"]

    def test_writes_an_object_from_a_row(self):
        assert SHIRT.object_of({"id": 7, "cents": 4900}, currency="USD") == {
            "id": 7,
            "price": "49.00",
            "cents": 4900,
            "currency": "USD",
        }

    def test_describes_itself_as_a_serializer(self):
        fields = SHIRT.serializer().fields

        assert SHIRT.serializer.__name__ == "ShirtSerializer"
        assert list(fields) == ["id", "price", "cents", "currency"]
        assert fields["id"].help_text == "Its id."
