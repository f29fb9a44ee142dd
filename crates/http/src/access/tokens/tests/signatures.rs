//! Tokens that a provider has not made, or not for this: their header, their signature, their form.

use super::*;

#[test]
fn a_signature_that_is_not_the_keys_is_refused() {
    let house = House::new();
    let wrong = "the token's signature is wrong";
    let other_way = "the token is signed with another algorithm than its key's";
    let no_token = "neither a key of this service nor a token that can be checked";
    for signer in &house.signers {
        let name = signer.algorithm();
        let token = good(signer);
        let parts: Vec<&str> = token.split('.').collect();
        // The signature of another signer, another text under it, half of it, none.
        let stranger = match signer {
            Signer::Rsa(_) => "A".repeat(342),
            Signer::Ec(_) => base64(&[0; 64]),
            _ => Signer::ed()
                .signed("x.y")
                .split('.')
                .next_back()
                .unwrap()
                .to_owned(),
        };
        let richer = base64(
            but(json!({"scope": "wallet:operate"}))
                .to_string()
                .as_bytes(),
        );
        house.refuses(&format!("{}.{}.{stranger}", parts[0], parts[1]), wrong);
        house.refuses(&format!("{}.{richer}.{}", parts[0], parts[2]), wrong);
        house.refuses(&format!("{}.{}.", parts[0], parts[1]), wrong);
        let half = &parts[2][..parts[2].len() / 8 * 4];
        house.refuses(&format!("{}.{}.{half}", parts[0], parts[1]), wrong);
        // HMAC with the public key as its secret: what libraries took that believed the header.
        let secret = Signer::Secret(signer.public());
        let mut confused = header("HS256");
        confused["kid"] = json!(name);
        house.refuses(&secret.token(&confused, &claims()), other_way);
        // The way of another one of the provider's keys.
        for other in house.signers.iter().filter(|it| it.algorithm() != name) {
            let mut header = header(other.algorithm());
            header["kid"] = json!(name);
            house.refuses(&other.token(&header, &claims()), other_way);
            header["alg"] = json!(name);
            house.refuses(&other.token(&header, &claims()), wrong);
        }
        for none in ["none", "None", "NONE", "nOnE", ""] {
            let mut header = header(none);
            header["kid"] = json!(name);
            house.refuses(&Signer::Nothing.token(&header, &claims()), no_token);
            let unsigned = Signer::Nothing.token(&header, &claims());
            house.refuses(unsigned.trim_end_matches('.'), no_token);
        }
    }
    for other in ["RS384", "RS512", "PS256", "ES384", "HS512"] {
        let mut header = header(other);
        header["kid"] = json!("RS256");
        house.refuses(&house.signers[0].token(&header, &claims()), other_way);
    }
}

#[test]
fn a_header_that_wants_more_than_there_is_is_refused() {
    let house = House::new();
    let ed = house.ed();
    let with = |name: &str, value: Value| {
        let mut header = header("EdDSA");
        header[name] = value;
        ed.token(&header, &claims())
    };
    let unknown = "the token names a key that the identity provider does not list";
    house.refuses(&with("kid", json!("other")), unknown);
    house.refuses(&with("kid", json!("../EdDSA")), unknown);
    house.refuses(
        &with("kid", Value::Null),
        "the token does not name its key (kid)",
    );
    let demands = "the token requires an extension that this service does not support";
    house.refuses(&with("crit", json!(["exp"])), demands);
    let of_type = "the type of the token (typ) is not one for access";
    for typ in ["logout+jwt", "secevent+jwt", "dpop+jwt", "JWE"] {
        house.refuses(&with("typ", json!(typ)), of_type);
    }
    // A key that a token itself contains is not the provider's.
    let stranger = Signer::ed();
    let mut header = header("EdDSA");
    header["jwk"] = stranger.jwk("EdDSA");
    header["jku"] = json!("http://127.0.0.1:1/");
    let own = stranger.token(&header, &claims());
    house.refuses(&own, "the token's signature is wrong");
}

#[test]
fn what_is_no_token_is_refused() {
    let house = House::new();
    let no_token = "neither a key of this service nor a token that can be checked";
    let token = good(house.ed());
    for text in [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "wallet",
        &token.replace('.', ""),
        &format!("{token}.x"),
        &format!("x.{token}"),
        &format!("{}=", token.replacen('.', "=.", 1)),
    ] {
        house.refuses(text, no_token);
    }
    let long = but(json!({"groups": ["a".repeat(TOKEN_BYTES_MAX)]}));
    let long = house.ed().token(&header("EdDSA"), &long);
    house.refuses(&long, "the token is too long");
}
