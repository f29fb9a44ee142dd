// A shop is paid, with the client that oapi-codegen makes of the OpenAPI document.
package main

//go:generate mkdir -p wallet
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -generate types,client -package wallet -o wallet/wallet.go ../openapi.json

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"example.com/pay/wallet"
	"github.com/google/uuid"
)

func main() {
	key := "Bearer " + os.Getenv("WALLET_KEY")
	client, err := wallet.NewClientWithResponses(
		os.Getenv("WALLET_URL"),
		wallet.WithHTTPClient(&http.Client{Timeout: 30 * time.Second}),
		wallet.WithRequestEditorFn(func(_ context.Context, request *http.Request) error {
			request.Header.Set("Authorization", key)
			return nil
		}))
	check(err)
	pay(context.Background(), client)
	fmt.Println("paid, captured and listed")
}

func pay(ctx context.Context, client *wallet.ClientWithResponses) {
	buyer, shop := open(ctx, client), open(ctx, client)

	// The id is made once, before the first attempt: each attempt sends the same request.
	deposit := wallet.NewDeposit{
		Id: newID(), AccountId: buyer, Amount: "100.00", CurrencyCode: "USD",
	}
	deposited, err := untilAnswered(func() (*wallet.CreateDepositResponse, error) {
		return client.CreateDepositWithResponse(ctx, nil, deposit)
	})
	check(err)
	expect(deposited.StatusCode(), 201)
	expect(deposited.JSON201.Parts[0].Balance, "100.00")

	transfer := wallet.NewTransfer{
		Id: newID(), SenderAccountId: buyer, ReceiverAccountId: shop,
		Amount: "25.00", CurrencyCode: "USD",
	}
	paid, err := client.CreateTransferWithResponse(ctx, nil, transfer)
	check(err)
	expect(paid.StatusCode(), 201)
	expect(paid.JSON201.Parts[0].Balance, "75.00")

	replayed, err := client.CreateTransferWithResponse(ctx, nil, transfer)
	check(err)
	expect(replayed.HTTPResponse.Header.Get("Idempotent-Replayed"), "true")
	expect(bytes.Equal(replayed.Body, paid.Body), true)

	held, err := client.PlaceHoldWithResponse(ctx, nil, wallet.NewHold{
		Id: newID(), SenderAccountId: buyer, ReceiverAccountId: shop,
		Amount: "30.00", CurrencyCode: "USD",
	})
	check(err)
	expect(held.JSON201.Parts[0].AvailableBalance, "45.00")
	captured, err := client.CaptureHoldWithResponse(ctx, held.JSON201.Hold.Id, nil, wallet.NewCapture{
		Id: newID(), Amount: new("20.00"), Final: new(true),
	})
	check(err)
	expect(captured.JSON201.Parts[0].AvailableBalance, "55.00")

	// The items of a batch are of several types, and so are their results.
	items := make([]wallet.NewBatchItem, 2)
	check(items[0].FromNewDepositItem(wallet.NewDepositItem{
		Id: newID(), AccountId: buyer, Amount: "5.00", CurrencyCode: "USD",
	}))
	check(items[1].FromNewTransferItem(wallet.NewTransferItem{
		Id: newID(), SenderAccountId: buyer, ReceiverAccountId: shop,
		Amount: "5.00", CurrencyCode: "USD",
	}))
	batch, err := client.CreateBatchWithResponse(ctx, nil, wallet.NewBatch{
		Mode: wallet.Atomic, Items: items,
	})
	check(err)
	second := batch.JSON200.Items[1].Transfer
	expect(second.Parts[0].AvailableBalance, "55.00")

	transfer.Id, transfer.Amount = newID(), "1000.00"
	refused, err := client.CreateTransferWithResponse(ctx, nil, transfer)
	check(err)
	problem := refused.ApplicationproblemJSON422
	if problem == nil {
		log.Fatalf("not refused: %s", refused.Status())
	}
	expect(problem.Code, "insufficient_funds")

	params := wallet.ListTransfersParams{AccountId: &buyer, Limit: new(4)}
	var types []wallet.TransferType
	for {
		page, err := client.ListTransfersWithResponse(ctx, &params)
		check(err)
		expect(page.StatusCode(), 200)
		for _, transfer := range page.JSON200.Data {
			types = append(types, transfer.Type)
		}
		if page.JSON200.NextCursor == nil {
			break
		}
		params.Cursor = page.JSON200.NextCursor
	}
	expect(fmt.Sprint(types), "[transfer deposit capture hold transfer deposit]")
}

// open opens an account.
func open(ctx context.Context, client *wallet.ClientWithResponses) wallet.Id {
	account := wallet.NewAccount{Id: newID(), CurrencyCode: "USD"}
	opened, err := client.OpenAccountWithResponse(ctx, nil, account)
	check(err)
	expect(opened.StatusCode(), 201)
	expect(opened.JSON201.Balance, "0.00")
	return opened.JSON201.Id
}

// untilAnswered sends the same request again while there is no answer.
func untilAnswered[R interface{ StatusCode() int }](send func() (R, error)) (R, error) {
	for attempt := 1; ; attempt++ {
		response, err := send()
		isAnswered := err == nil && response.StatusCode() != 429 && response.StatusCode() != 503
		if isAnswered || attempt == 5 {
			return response, err
		}
		time.Sleep(time.Duration(attempt) * time.Second)
	}
}

func newID() *wallet.Id {
	return new(uuid.Must(uuid.NewV7()))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func expect[T comparable](is, expected T) {
	if is != expected {
		log.Fatalf("%v, but expected %v", is, expected)
	}
}
