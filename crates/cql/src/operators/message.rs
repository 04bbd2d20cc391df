//! Errors and messages (CQL 1.5.3 §9.B "Errors and Messaging").

use super::logic::truth;
use super::{EvaluationError, Outcome, Record, Scene, Severity, Value, wrong_operands};

/// What a message says.
#[derive(Debug, Clone, Copy)]
pub struct Message<'v, N> {
    /// When it is sent: if this is true.
    pub condition: &'v Value<N>,
    /// A token for what it is about.
    pub code: &'v Value<N>,
    /// `Trace`, `Message`, `Warning` or `Error`; `Message` when it is null.
    pub severity: &'v Value<N>,
    /// Its text.
    pub text: &'v Value<N>,
}

/// `Message(source, condition, code, severity, message)`: the source, as it is.
///
/// # Errors
/// When the condition is true and the severity is `Error`; for a severity that there is not.
pub fn message<N: Record>(
    source: &Value<N>,
    message: &Message<'_, N>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    if truth("Message", message.condition)? != Some(true) {
        return Ok(source.clone());
    }
    let (code, text) = (written(message.code)?, written(message.text)?);
    match severity(message.severity)? {
        Severity::Error => Err(EvaluationError::Stopped {
            code: code.map(Box::from),
            text: text.unwrap_or_default().into(),
        }),
        severity => {
            scene.messages.send(severity, code, text);
            Ok(source.clone())
        }
    }
}

fn written<N: Record>(value: &Value<N>) -> Result<Option<&str>, EvaluationError> {
    match value {
        Value::String(text) => Ok(Some(text)),
        Value::Null => Ok(None),
        other => wrong_operands("Message", &[other]),
    }
}

fn severity<N: Record>(value: &Value<N>) -> Result<Severity, EvaluationError> {
    match written(value)? {
        None | Some("Message") => Ok(Severity::Message),
        Some("Trace") => Ok(Severity::Trace),
        Some("Warning") => Ok(Severity::Warning),
        Some("Error") => Ok(Severity::Error),
        Some(other) => Err(EvaluationError::BadOperand {
            operator: "Message",
            value: other.into(),
            reason: "is no severity: write Trace, Message, Warning or Error",
        }),
    }
}
