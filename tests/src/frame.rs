//! One message of a channel (`protocol.md §1.2`).

use serde_json::{Value, json};

/// `[join_ref, ref, topic, event, payload]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The channel instance that it is of.
    pub join_ref: Option<String>,
    /// What a reply answers.
    pub message_ref: Option<String>,
    /// The channel.
    pub topic: String,
    /// What it is.
    pub event: String,
    /// What it says.
    pub payload: Value,
}

impl Frame {
    /// Reads a text message of the server.
    ///
    /// # Panics
    /// When it isn't a frame: a client could not read it either.
    #[must_use]
    pub fn decode(text: &str) -> Self {
        let fields: [Value; 5] = serde_json::from_str(text)
            .unwrap_or_else(|error| panic!("the server sent {text:?}: {error}"));
        let [join_ref, message_ref, topic, event, payload] = fields;
        assert!(payload.is_object(), "the payload is no object: {text}");
        let optional = |name: Value| match name {
            Value::Null => None,
            Value::String(name) => Some(name),
            other => panic!("{other} is no ref: {text}"),
        };
        let required = |name| optional(name).unwrap_or_else(|| panic!("no name: {text}"));
        Self {
            join_ref: optional(join_ref),
            message_ref: optional(message_ref),
            topic: required(topic),
            event: required(event),
            payload,
        }
    }

    /// The frame as the protocol writes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!([
            self.join_ref,
            self.message_ref,
            self.topic,
            self.event,
            self.payload
        ])
    }

    /// Status and response of a reply.
    ///
    /// # Panics
    /// When it is no reply.
    #[must_use]
    pub fn reply(&self) -> (&str, &Value) {
        assert_eq!(self.event, "phx_reply", "not a reply: {self:?}");
        let status = self.payload["status"].as_str();
        (
            status.expect("a reply has a status"),
            &self.payload["response"],
        )
    }

    /// The response of a reply with status `ok`.
    ///
    /// # Panics
    /// When it is no such reply.
    #[must_use]
    pub fn ok(&self) -> &Value {
        let (status, response) = self.reply();
        assert_eq!(status, "ok", "{response}");
        response
    }

    /// The response of a reply with status `error`.
    ///
    /// # Panics
    /// When it is no such reply.
    #[must_use]
    pub fn refused(&self) -> &Value {
        let (status, response) = self.reply();
        assert_eq!(status, "error", "{response}");
        response
    }
}

/// An answer without what debug builds tell the page about the application's faults.
#[must_use]
pub fn without_faults(mut response: Value) -> Value {
    if let Some(diff) = response.get_mut("diff").and_then(Value::as_object_mut) {
        if let Some(events) = diff.get_mut("e").and_then(Value::as_array_mut) {
            events.retain(|event| event[0] != "bennu-fault");
            if events.is_empty() {
                diff.remove("e");
            }
        }
        if diff.is_empty() {
            response = Value::Object(serde_json::Map::new());
        }
    }
    response
}
