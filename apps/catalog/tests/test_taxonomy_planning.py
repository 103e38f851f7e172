"""What becomes of the shop's categories when they follow a taxonomy."""

from uuid import UUID

from apps.catalog.importing.taxonomy.planning import Plan, Standing, plan
from apps.catalog.importing.taxonomy.reading import Entry, Taxonomy


def number(n: int) -> UUID:
    return UUID(int=n)


def edition(**parents_and_names: tuple[str | None, str]) -> Taxonomy:
    """A taxonomy of `id=(parent's id, name)`."""
    paths: dict[str | None, str] = {}
    entries = []
    for key, (parent, name) in parents_and_names.items():
        paths[key] = f"{paths[parent]} > {name}" if parent else name
        entries.append(Entry(key, name, parent, paths[key]))
    return Taxonomy("shopify", None, entries)


def following(taxonomy: Taxonomy) -> list[Standing]:
    """A shop that has taken up an edition: the categories 1, 2, 3 and so on."""
    numbers = {entry.id: number(n) for n, entry in enumerate(taxonomy.entries, 1)}
    return [
        Standing(
            numbers[e.id],
            e.name,
            e.name.lower(),
            numbers.get(e.parent_id or ""),
            "shopify",
            e.id,
            e.name,
            e.parent_id,
        )
        for e in taxonomy.entries
    ]


OLD = edition(a=(None, "Apparel"), b=("a", "Shirts"), c=("b", "Linen"), d=("a", "Hats"))


def changed(made: Plan):
    return [(row.id.int, row.name, row.parent_id and row.parent_id.int, row.entry.id) for row in made.changed]


class TestPlan:
    def test_makes_what_is_new_below_its_parent(self):
        made = plan(OLD, [], holding=())

        ids = {row.entry.id: row.id for row in made.created}
        assert [(row.entry.id, row.slug, row.parent_id) for row in made.created] == [
            ("a", "apparel", None),
            ("b", "apparel-shirts", ids["a"]),
            ("c", "apparel-shirts-linen", ids["b"]),
            ("d", "apparel-hats", ids["a"]),
        ]

    def test_says_nothing_where_nothing_changed(self):
        made = plan(OLD, following(OLD), holding=())

        assert (made, made.unchanged) == (Plan(unchanged=4), 4)

    def test_gives_an_address_that_is_taken_another(self):
        taken = Standing(number(9), "Other", "apparel", None)

        made = plan(OLD, [taken], holding=())

        assert made.created[0].slug == "apparel-shopify-a"

    def test_renames_by_id_and_leaves_the_address(self):
        new = edition(a=(None, "Clothes"), b=("a", "Shirts"), c=("b", "Linen"), d=("a", "Hats"))

        made = plan(new, following(OLD), holding=())

        assert changed(made) == [(1, "Clothes", None, "a")]
        assert made.changed[0].slug == "apparel"

    def test_moves_by_id(self):
        new = edition(a=(None, "Apparel"), b=("a", "Shirts"), d=("a", "Hats"), c=("d", "Linen"))

        made = plan(new, following(OLD), holding=())

        assert changed(made) == [(3, "Linen", 4, "c")]

    def test_knows_a_category_again_that_got_another_id(self):
        new = edition(a=(None, "Apparel"), b=("a", "Shirts"), d=("a", "Hats"), z=("d", "Linen"))

        made = plan(new, following(OLD), holding=())

        assert changed(made) == [(3, "Linen", 4, "z")]
        assert [(former.taxonomy_id, row.entry.id) for former, row in made.moved] == [("c", "z")]
        assert (made.created, made.removed) == ([], {})

    def test_does_not_guess_between_namesakes(self):
        new = edition(a=(None, "Apparel"), d=("a", "Hats"), e=("d", "Linen"), f=("a", "Linen"))

        made = plan(new, following(OLD), holding=())

        assert [row.entry.id for row in made.created] == ["e", "f"]
        assert made.removed == {number(2): number(1), number(3): number(1)}

    def test_tells_namesakes_apart_by_their_parent(self):
        old = edition(a=(None, "A"), b=(None, "B"), c=("a", "Parts"), d=("b", "Parts"))
        new = edition(a=(None, "A"), b=(None, "B"), x=("b", "Parts"), y=("a", "Parts"))

        made = plan(new, following(old), holding=())

        assert changed(made) == [(4, "Parts", 2, "x"), (3, "Parts", 1, "y")]

    def test_leaves_what_goes_to_the_nearest_above_that_stays(self):
        new = edition(a=(None, "Apparel"), d=("a", "Hats"))

        made = plan(new, following(OLD), holding=[number(3)])

        assert made.removed == {number(2): number(1), number(3): number(1)}

    def test_keeps_a_tree_that_holds_something_and_has_nothing_above_it(self):
        new = edition(x=(None, "Tools"))

        made = plan(new, following(OLD), holding=[number(3)])

        assert made.orphaned == [number(1)]
        assert made.removed == {number(2): number(1), number(3): number(1), number(4): number(1)}

    def test_lets_a_tree_go_that_holds_nothing(self):
        made = plan(edition(x=(None, "Tools")), following(OLD), holding=())

        assert made.orphaned == []
        assert set(made.removed) == {number(n) for n in (1, 2, 3, 4)}

    def test_leaves_names_and_places_that_people_gave(self):
        shop = following(OLD)
        shop[1] = Standing(number(2), "Tops", "tops", None, "shopify", "b", "Shirts", "a")
        new = edition(a=(None, "Apparel"), d=("a", "Hats"), b=("d", "Blouses"), c=("b", "Linen"))

        made = plan(new, shop, holding=())

        assert changed(made) == [(2, "Tops", None, "b")]
        assert (made.renamed, made.moved) == ([], [])

    def test_takes_up_what_the_shop_made_itself(self):
        own = [Standing(number(1), "Apparel", "mine", None), Standing(number(2), "Shirts", "my-shirts", number(1))]

        made = plan(OLD, own, holding=())

        assert [(row.id.int, row.slug, row.entry.id) for row in made.adopted] == [
            (1, "mine", "a"),
            (2, "my-shirts", "b"),
        ]
        assert [row.entry.id for row in made.created] == ["c", "d"]

    def test_leaves_another_taxonomys_categories_alone(self):
        other = Standing(number(1), "Apparel", "apparel", None, "google", "1", "Apparel", None)

        made = plan(OLD, [other], holding=())

        assert len(made.created) == 4
        assert made.removed == {}
