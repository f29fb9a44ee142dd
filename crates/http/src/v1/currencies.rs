//! `/v1/currencies`: which there are, and how many decimals their money has.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;
use wallet_domain::{Command, Currency, CurrencyCode, Recorded, Rejection};

use super::fields;
use super::lists::Parameters;
use super::problem;
use super::reply;
use super::write::Write;
use crate::error::ApiError;
use crate::ports::Ports;

/// `GET /v1/currencies`: all of them, by code.
pub(super) async fn list(ports: web::Data<Ports>, request: HttpRequest) -> HttpResponse {
    let found = async {
        Parameters::of(&request)?.finish()?;
        let deadline = ports.deadline();
        ports.read(deadline, |queries| queries.currencies()).await
    };
    match found.await {
        Ok(all) => {
            let all: Vec<_> = all.into_iter().map(reply::currency).collect();
            let page = json!({ "data": all, "has_more": false, "next_cursor": null });
            reply::respond(StatusCode::OK, &page)
        }
        Err(error) => problem::respond(error, &request),
    }
}

/// `GET /v1/currencies/{code}`
pub(super) async fn get(ports: web::Data<Ports>, request: HttpRequest) -> HttpResponse {
    let found = async {
        Parameters::of(&request)?.finish()?;
        let code = request.match_info().get("code").unwrap_or_default();
        let code: CurrencyCode = code.parse().map_err(|_| ApiError::NotFound)?;
        let currency = ports.currency(code, ports.deadline()).await?;
        currency.ok_or(ApiError::NotFound)
    };
    match found.await {
        Ok(currency) => reply::respond(StatusCode::OK, &reply::currency(currency)),
        Err(error) => problem::respond(error, &request),
    }
}

/// `POST /v1/currencies`: the code is the key.
pub(super) async fn create(
    ports: web::Data<Ports>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let mut write = match Write::read(&ports, &request, payload, ports.body_bytes_max).await {
        Ok(write) => write,
        Err(response) => return response,
    };
    let code = write.fields.required("code", fields::currency_code);
    let precision = write.fields.required("precision", fields::precision);
    let done = async {
        let ready = write.finish()?;
        let (Some(code), Some(precision)) = (code, precision) else {
            return Err(Rejection::CurrencyNotSupported.into());
        };
        let command = Command::CreateCurrency(Currency { code, precision });
        ready.carry_out(&ports, command).await
    };
    match done.await {
        Ok(done) => match done.recorded {
            Recorded::Currency(currency) => {
                let location = format!("/v1/currencies/{}", currency.code);
                done.created(&location, &reply::currency(currency))
            }
            _ => problem::respond(ApiError::Defect("not a currency".to_owned()), &request),
        },
        Err(error) => problem::respond(error, &request),
    }
}
