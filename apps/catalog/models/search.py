from django.contrib.postgres.indexes import GistIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from apps.core.models import Identified, Timestamped

from .categories import Category
from .products import Product


class SearchWord(models.Model):
    """
    A word of the products that customers see, and how many of them have it.

    A stem stands as it is, a word as it is written in a name, vendor, type or tag with a leading `=`. The empty word
    counts all the products. Words with digits are not here: there are as many as products.
    """

    word = models.CharField(max_length=101, primary_key=True)
    products = models.IntegerField()

    class Meta:
        db_table = "search_words"
        indexes = [
            # For what is like a word, the likest first.
            GistIndex(
                OpClass("word", "gist_trgm_ops"), condition=Q(word__startswith="="), name="idx_search_words_like"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word} in {self.products}"


class SearchSynonym(Identified, Timestamped):
    """
    Who searches for `phrase` finds `meaning` as well; each is a word or several.

    Source: rule search_phrases_are_kept_as_stems keeps `phrase_key` and `meaning_key`, by which a query finds them.
    """

    phrase = models.CharField(max_length=100, help_text="what customers search for: a word, or several")
    meaning = models.CharField(max_length=100, help_text="what they find as well")
    both_ways = models.BooleanField(
        default=True, db_default=True, help_text="who searches for the meaning finds the phrase, too"
    )
    language = models.CharField(
        max_length=63, default="english", db_default="english", help_text="a text search configuration of PostgreSQL"
    )
    is_active = models.BooleanField(default=True, db_default=True)
    phrase_key = models.CharField(max_length=255, db_default="", editable=False)
    meaning_key = models.CharField(max_length=255, db_default="", editable=False)

    class Meta:
        db_table = "search_synonyms"
        constraints = [models.UniqueConstraint(fields=["phrase", "meaning"], name="search_synonym_is_said_once")]
        indexes = [
            models.Index(fields=["phrase_key"], name="idx_search_synonyms_phrase"),
            models.Index(fields=["meaning_key"], name="idx_search_synonyms_meaning"),
        ]

    def __str__(self) -> str:
        return f"{self.phrase} {'=' if self.both_ways else '→'} {self.meaning}"


class SearchBoost(Identified, Timestamped):
    """
    Some products come sooner, or later, in the answer to a query, or to every query.

    Exactly one of `vendor`, `product_type`, `tag`, `category` (with all below it), `product` and `word` says which; a
    word is one of their names, and counts for queries that do not have it themselves. Their score is multiplied by
    `factor`: above 1 they come sooner, below 1 later. What does not match stays out of the answer.
    """

    query = models.CharField(
        max_length=100, blank=True, default="", db_default="", help_text="the whole query; empty for every query"
    )
    vendor = models.CharField(max_length=255, blank=True, default="", db_default="")
    product_type = models.CharField(max_length=100, blank=True, default="", db_default="")
    tag = models.CharField(max_length=255, blank=True, default="", db_default="")
    word = models.CharField(
        max_length=100, blank=True, default="", db_default="", help_text="in the product's name and not in the query"
    )
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, null=True, blank=True, db_constraint=False, db_index=False, related_name="+"
    )
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, blank=True, db_constraint=False, db_index=False, related_name="+"
    )
    factor = models.FloatField(
        default=2,
        validators=[MinValueValidator(0.01), MaxValueValidator(100)],
        help_text="what the score is multiplied by: 2 raises, 0.5 lowers",
    )
    is_active = models.BooleanField(default=True, db_default=True)
    query_key = models.CharField(max_length=255, db_default="", editable=False)

    class Meta:
        db_table = "search_boosts"
        constraints = [
            models.CheckConstraint(condition=Q(factor__gt=0), name="search_boost_keeps_scores_positive"),
        ]
        indexes = [models.Index(fields=["query_key"], name="idx_search_boosts_query")]

    def __str__(self) -> str:
        return f"{self.factor:g} times {self.target}"

    @property
    def target(self) -> str:
        """What is raised or lowered, in words."""
        return str(self.product or self.category or self.vendor or self.product_type or self.tag or self.word)
