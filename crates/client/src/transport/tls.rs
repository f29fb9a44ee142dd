//! TLS: which authorities the client trusts. The library is rustls with ring, as in the service.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::transport::options::OptionsError;

/// The TLS settings for these authorities in PEM, or for those of the machine.
pub(crate) fn config(authorities: Option<&[u8]>) -> Result<ClientConfig, OptionsError> {
    trusting(match authorities {
        Some(pem) => roots_from_pem(pem)?,
        None => native_roots()?,
    })
}

/// The TLS settings of a client that never uses TLS. Without them the HTTP library would load
/// authorities of its own.
pub(crate) fn config_without_authorities() -> Result<ClientConfig, OptionsError> {
    trusting(RootCertStore::empty())
}

fn trusting(roots: RootCertStore) -> Result<ClientConfig, OptionsError> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| OptionsError::Http(error.into()))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn roots_from_pem(pem: &[u8]) -> Result<RootCertStore, OptionsError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate =
            certificate.map_err(|error| OptionsError::Authorities(error.to_string().into()))?;
        roots
            .add(certificate)
            .map_err(|error| OptionsError::Authorities(error.into()))?;
    }
    match roots.is_empty() {
        true => Err(OptionsError::Authorities("there is none".into())),
        false => Ok(roots),
    }
}

/// The certificates of the machine. Those that cannot be read are left out.
fn native_roots() -> Result<RootCertStore, OptionsError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    match roots.is_empty() {
        true => Err(OptionsError::NoAuthorities),
        false => Ok(roots),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_refused() {
        for pem in [
            &b""[..],
            b"no PEM",
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            let refused = config(Some(pem));
            assert!(matches!(refused, Err(OptionsError::Authorities(_))));
        }
    }
}
