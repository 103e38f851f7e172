"""
From goods on the counter to goods on the shelf and money with the buyer, or back to a return that waits for its goods.

Why in this order:

- The refund is **held** before the pivot: it is the only step that business can refuse, when less is left of the
  payment than the goods are worth. What is held cannot be refused afterwards, and nothing has moved that would need
  moving back.
- The **pivot** is the shop's own word that the goods are its own. From there on a buyer has given them away, so the
  money must follow: neither restocked goods, which may be sold the next second, nor a refund can be called back.
- **Restocking comes before the refund** because it is one quick commit in a database of ours: goods do not lie
  unsellable for hours because a gateway is away, while the money waits milliseconds for them. A refund that the gateway
  refuses for ever can be given up by two people, as that of an order that is undone.
- The return is **closed** when the money has gone, so that `refunded` is never said of an order too early, and the
  **mail** comes last, for it must say what is true.
"""

from apps.sagas.definition import Saga, compensatable, pivot, retriable

from . import send_returns as send

RETURN_ORDER = Saga(
    "return_order",
    version=1,
    data=send.ReturnOrder,
    apology="The goods could not be taken in, and nothing was moved. Please receive them again.",
    steps=(
        # What arrived was written down already, in the transaction that started the saga.
        compensatable("receive_goods", undo=send.reopen_return),
        compensatable("hold_refund", do=send.hold_refund, undo=send.release_refund),
        pivot("accept_return", do=send.accept_return),
        retriable("restock_goods", do=send.restock_goods),
        retriable("refund_return", do=send.refund_return, waive=send.waive_refund),
        retriable("close_return", do=send.close_return),
        retriable("send_return_email", do=send.send_return_email, critical=False),
    ),
)
