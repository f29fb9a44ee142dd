//! Which rules check an answer: those of the document, or the general ones.

use crate::answer::{Answer, Asked, Received};
use crate::contract::Contract;
use crate::elsewhere;
use crate::reading::path_of;

impl Contract {
    /// Checks an answer: against the document if it has the operation, otherwise by the general
    /// rules of `elsewhere.rs`.
    ///
    /// # Errors
    /// What is wrong with the answer.
    pub fn judge(&self, asked: &Asked, received: Received) -> Result<Answer, String> {
        let judged = match asked {
            Asked::NotHttp(_) => elsewhere::not_http(&received),
            // The HTTP library itself answers a head that is too large or too late. On a busy
            // machine any head can be late.
            Asked::Request { .. } if [408, 431].contains(&received.status) => {
                elsewhere::not_http(&received)
            }
            Asked::Request {
                expects_continue: true,
                ..
            } if received.status == 100 => elsewhere::interim(&received),
            Asked::Request { method, target, .. } => {
                let path = path_of(target);
                match self.operation(method, path) {
                    Some((name, operation)) => self.promised(method, &name, operation, &received),
                    None => elsewhere::judge(self, method, path, &received),
                }
            }
        };
        judged.map_err(|why| {
            let (status, body) = (received.status, String::from_utf8_lossy(&received.body));
            let body: String = body.chars().take(2_000).collect();
            format!("{asked}: {status}: {why}; {:?}; {body}", received.headers)
        })?;
        Ok(Answer::judged(received))
    }
}
