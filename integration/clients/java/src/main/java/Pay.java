// A shop is paid, with the client that OpenAPI Generator makes of the OpenAPI document.

import static wallet.model.TransferType.CAPTURE;
import static wallet.model.TransferType.DEPOSIT;
import static wallet.model.TransferType.HOLD;
import static wallet.model.TransferType.TRANSFER;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import wallet.ApiClient;
import wallet.ApiException;
import wallet.ApiResponse;
import wallet.api.AccountsApi;
import wallet.api.BatchesApi;
import wallet.api.DepositsApi;
import wallet.api.HoldsApi;
import wallet.api.TransfersApi;
import wallet.api.TransfersApi.APIListTransfersRequest;
import wallet.model.BatchMode;
import wallet.model.NewAccount;
import wallet.model.NewBatch;
import wallet.model.NewBatchItem;
import wallet.model.NewCapture;
import wallet.model.NewDeposit;
import wallet.model.NewDepositItem;
import wallet.model.NewHold;
import wallet.model.NewTransfer;
import wallet.model.NewTransferItem;
import wallet.model.Problem;
import wallet.model.Transfer;
import wallet.model.TransferType;

public final class Pay {
    private final AccountsApi accounts;
    private final BatchesApi batches;
    private final DepositsApi deposits;
    private final HoldsApi holds;
    private final TransfersApi transfers;
    private final ObjectMapper json;

    private Pay(ApiClient client) {
        accounts = new AccountsApi(client);
        batches = new BatchesApi(client);
        deposits = new DepositsApi(client);
        holds = new HoldsApi(client);
        transfers = new TransfersApi(client);
        json = client.getObjectMapper();
    }

    public static void main(String[] arguments) throws Exception {
        var authorization = "Bearer " + System.getenv("WALLET_KEY");
        var client = new ApiClient();
        client.updateBaseUri(System.getenv("WALLET_URL"));
        client.setReadTimeout(Duration.ofSeconds(30));
        client.setRequestInterceptor(request -> request.header("Authorization", authorization));
        new Pay(client).pay();
        System.out.println("paid, captured and listed");
    }

    private void pay() throws Exception {
        var buyer = open();
        var shop = open();

        // The id is made once, before the first attempt: each attempt sends the same request.
        var deposit = new NewDeposit().id(UUID.randomUUID())
            .accountId(buyer).amount("100.00").currencyCode("USD");
        var deposited = untilAnswered(() -> deposits.createDeposit(deposit, null, null, null));
        expect(deposited.getParts().get(0).getBalance(), "100.00");

        var transfer = new NewTransfer().id(UUID.randomUUID())
            .senderAccountId(buyer).receiverAccountId(shop).amount("25.00").currencyCode("USD");
        var paid = send(transfer);
        expect(paid.getData().getParts().get(0).getBalance(), "75.00");

        var replayed = send(transfer);
        expect(replayed.getHeaders().get("idempotent-replayed"), List.of("true"));
        expect(replayed.getData().toString(), paid.getData().toString());

        var hold = new NewHold().id(UUID.randomUUID())
            .senderAccountId(buyer).receiverAccountId(shop).amount("30.00").currencyCode("USD");
        var held = holds.placeHold(hold, null, null, null);
        expect(held.getParts().get(0).getAvailableBalance(), "45.00");
        var capture = new NewCapture().id(UUID.randomUUID()).amount("20.00")._final(true);
        var captured = holds.captureHold(held.getHold().getId(), null, null, null, capture);
        expect(captured.getParts().get(0).getAvailableBalance(), "55.00");

        // The items of a batch are of several types, and so are their results.
        var batch = batches.createBatch(new NewBatch().mode(BatchMode.ATOMIC)
            .addItemsItem(new NewBatchItem(new NewDepositItem()
                .type(NewDepositItem.TypeEnum.DEPOSIT).id(UUID.randomUUID())
                .accountId(buyer).amount("5.00").currencyCode("USD")))
            .addItemsItem(new NewBatchItem(new NewTransferItem()
                .type(NewTransferItem.TypeEnum.TRANSFER).id(UUID.randomUUID())
                .senderAccountId(buyer).receiverAccountId(shop)
                .amount("5.00").currencyCode("USD"))), null, null, null);
        var second = batch.getItems().get(1).getTransfer();
        expect(second.getParts().get(0).getAvailableBalance(), "55.00");

        try {
            send(transfer.id(UUID.randomUUID()).amount("1000.00"));
            throw new IllegalStateException("not refused");
        } catch (ApiException refused) {
            expect(refused.getCode(), 422);
            var problem = json.readValue(refused.getResponseBody(), Problem.class);
            expect(problem.getCode(), "insufficient_funds");
        }

        var types = new ArrayList<TransferType>();
        String cursor = null;
        do {
            var page = transfers.listTransfers(APIListTransfersRequest.newBuilder()
                .accountId(buyer).limit(4).cursor(cursor).build());
            page.getData().forEach(entry -> types.add(entry.getType()));
            cursor = page.getNextCursor();
        } while (cursor != null);
        expect(types, List.of(TRANSFER, DEPOSIT, CAPTURE, HOLD, TRANSFER, DEPOSIT));
    }

    /** Opens an account, and returns its id. */
    private UUID open() throws ApiException {
        var account = new NewAccount().id(UUID.randomUUID()).currencyCode("USD");
        var opened = accounts.openAccount(account, null, null, null);
        expect(opened.getBalance(), "0.00");
        return opened.getId();
    }

    private ApiResponse<Transfer> send(NewTransfer transfer) throws ApiException {
        return transfers.createTransferWithHttpInfo(transfer, null, null, null);
    }

    /** Sends the same request again while there is no answer; its code is 0 without a response. */
    private static <T> T untilAnswered(Callable<T> send) throws Exception {
        for (int attempt = 1; attempt < 5; attempt++) {
            try {
                return send.call();
            } catch (ApiException failed) {
                if (!List.of(0, 429, 503).contains(failed.getCode())) {
                    throw failed;
                }
            }
            Thread.sleep(attempt * 1000L);
        }
        return send.call();
    }

    private static void expect(Object is, Object expected) {
        if (!expected.equals(is)) {
            throw new IllegalStateException(is + ", but expected " + expected);
        }
    }
}
