"""How far words are apart, without a database."""

import pytest

from apps.catalog.selectors.search.slips import distance, likeliest, slips_of


class TestDistance:
    @pytest.mark.parametrize(
        ("one", "other", "slips"),
        [
            ("shirt", "shirt", 0),
            ("shirt", "shrt", 1),
            ("shrt", "shirt", 1),
            ("shirt", "short", 1),
            ("shrit", "shirt", 1),
            ("hedphone", "headphones", 2),
            ("lamp", "shirt", 5),
            ("", "abc", 3),
        ],
    )
    def test_counts_letters_lost_added_changed_and_turned(self, one, other, slips):
        assert distance(one, other) == slips


class TestSlips:
    def test_are_all_words_one_slip_away(self):
        slips = slips_of("ab")

        assert {"=a", "=b", "=ba", "=xb", "=ax", "=xab", "=abx", "=axb"} <= set(slips)
        assert "=ab" not in slips
        assert {distance("ab", slip[1:]) for slip in slips} == {1}


class TestLikeliest:
    def test_prefers_fewer_slips_then_the_first_letter_then_the_commoner_word(self):
        known = {"lamps": 1, "lamb": 3, "lamp": 9, "damp": 90}

        assert likeliest("lamq", known) == ["lamp", "lamb"]
        assert likeliest("lampq", known) == ["lamp", "lamps"]

    def test_allows_a_short_word_one_slip_and_a_long_one_two(self):
        assert likeliest("shrx", {"shirt": 5}) == []
        assert likeliest("hedfones", {"headphones": 5}) == []
        assert likeliest("hedphons", {"headphones": 5}) == ["headphones"]
