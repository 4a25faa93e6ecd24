"""Where Vipps calls us back: the paths look like those of the eCom API, but they are ours."""

import logging

from flask import Blueprint, request

callbacks = Blueprint("callbacks", __name__)
log = logging.getLogger(__name__)


@callbacks.post("/vipps/v2/payments/<order_id>")
def payment_changed(order_id):
    info = request.get_json()["transactionInfo"]
    log.info("payment %s is %s", order_id, info["status"])
    return "", 200
