"""
Reviews: written by customers, decided upon by the shop, found helpful by others.

Everybody locks the customer (`lock_customers`) before the reviews, those in id order, then products, in id order.
"""

from .moderation import approve_reviews, reject_reviews, reply_to_review
from .purchases import Purchase, note_purchases
from .votes import OwnReview, take_back_vote, vote_helpful
from .writing import AlreadyReviewed, ReviewText, change_review, delete_review, write_review

__all__ = [
    "AlreadyReviewed",
    "OwnReview",
    "Purchase",
    "ReviewText",
    "approve_reviews",
    "change_review",
    "delete_review",
    "note_purchases",
    "reject_reviews",
    "reply_to_review",
    "take_back_vote",
    "vote_helpful",
    "write_review",
]
