"""A shop is paid, with the client that openapi-python-client makes of the OpenAPI document."""

import os
import time
from collections.abc import Callable
from uuid import UUID, uuid4

import httpx

from wallet import AuthenticatedClient
from wallet.api.accounts import open_account
from wallet.api.batches import create_batch
from wallet.api.deposits import create_deposit
from wallet.api.holds import capture_hold, place_hold
from wallet.api.transfers import create_transfer, list_transfers
from wallet.models import (
    Account,
    Batch,
    BatchMode,
    NewAccount,
    NewBatch,
    NewCapture,
    NewDeposit,
    NewDepositItem,
    NewHold,
    NewTransfer,
    NewTransferItem,
    Problem,
    Transfer,
    TransferPage,
)
from wallet.types import UNSET, Response, Unset

Written = Response[Problem | Transfer]

client = AuthenticatedClient(
    base_url=os.environ["WALLET_URL"],
    token=os.environ["WALLET_KEY"],
    timeout=httpx.Timeout(30),
)


def open_one() -> UUID:
    """Opens an account, and returns its id."""
    body = NewAccount(id=uuid4(), currency_code="USD")
    account = open_account.sync(client=client, body=body)
    assert isinstance(account, Account), account
    assert account.balance == "0.00"
    return account.id


def until_answered(send: Callable[[], Written]) -> Written:
    """Sends the same request again while there is no answer."""
    for attempt in range(1, 5):
        try:
            response = send()
            if response.status_code not in (429, 503):
                return response
        except httpx.TransportError:
            pass
        time.sleep(attempt)
    return send()


def applied(response: Written) -> Transfer:
    """What was booked."""
    assert isinstance(response.parsed, Transfer), response.content
    return response.parsed


buyer = open_one()
shop = open_one()

# The id is made once, before the first attempt: each attempt sends the same request.
deposit = NewDeposit(id=uuid4(), account_id=buyer, amount="100.00", currency_code="USD")
deposited = until_answered(lambda: create_deposit.sync_detailed(client=client, body=deposit))
assert applied(deposited).parts[0].balance == "100.00"

transfer = NewTransfer(
    id=uuid4(),
    sender_account_id=buyer,
    receiver_account_id=shop,
    amount="25.00",
    currency_code="USD",
)
paid = create_transfer.sync_detailed(client=client, body=transfer)
assert applied(paid).parts[0].balance == "75.00"

replayed = create_transfer.sync_detailed(client=client, body=transfer)
assert replayed.headers["Idempotent-Replayed"] == "true"
assert replayed.parsed == paid.parsed

hold = NewHold(
    id=uuid4(),
    sender_account_id=buyer,
    receiver_account_id=shop,
    amount="30.00",
    currency_code="USD",
)
held = applied(place_hold.sync_detailed(client=client, body=hold))
assert held.hold
assert held.parts[0].available_balance == "45.00"
capture = NewCapture(id=uuid4(), amount="20.00", final=True)
captured = capture_hold.sync_detailed(held.hold.id, client=client, body=capture)
assert applied(captured).parts[0].available_balance == "55.00"

# The items of a batch are of several types, and so are their results.
batch = create_batch.sync(
    client=client,
    body=NewBatch(
        mode=BatchMode.ATOMIC,
        items=[
            NewDepositItem(
                type_="deposit", id=uuid4(), account_id=buyer, amount="5.00", currency_code="USD"
            ),
            NewTransferItem(
                type_="transfer",
                id=uuid4(),
                sender_account_id=buyer,
                receiver_account_id=shop,
                amount="5.00",
                currency_code="USD",
            ),
        ],
    ),
)
assert isinstance(batch, Batch), batch
second = batch.items[1].transfer
assert isinstance(second, Transfer)
assert second.parts[0].available_balance == "55.00"

transfer.id, transfer.amount = uuid4(), "1000.00"
refused = create_transfer.sync(client=client, body=transfer)
assert isinstance(refused, Problem)
assert refused.code == "insufficient_funds"

types: list[str] = []
cursor: str | Unset | None = UNSET
while cursor is not None:
    page = list_transfers.sync(client=client, account_id=buyer, limit=4, cursor=cursor)
    assert isinstance(page, TransferPage), page
    types += [transfer.type_.value for transfer in page.data]
    cursor = page.next_cursor
assert types == ["transfer", "deposit", "capture", "hold", "transfer", "deposit"]

print("paid, captured and listed")
