//! The V2 frames of a channel (`protocol.md §1.2–1.3`): decoding what a peer
//! sent, which is the only step that a peer can make fail, and writing ours.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::channel::budget::{Held, Received};
use crate::quoted::expected;

/// The longest ref, topic or event name. Binary frames can't hold more, so a
/// peer that sends more in a text frame is not a client.
pub(crate) const LONGEST_NAME: usize = 255;

/// What a peer sent, borrowed from its message.
#[derive(Debug, PartialEq)]
pub(crate) struct Frame<'m> {
    pub(crate) join_ref: Option<Cow<'m, str>>,
    pub(crate) message_ref: Option<Cow<'m, str>>,
    pub(crate) topic: Cow<'m, str>,
    pub(crate) event: Cow<'m, str>,
    pub(crate) payload: Payload<'m>,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Payload<'m> {
    /// JSON, checked to be well-formed.
    Json(&'m str),
    Binary(&'m [u8]),
}

/// How a peer broke the framing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BadFrame {
    NotFiveFields(String),
    NameTooLong,
    Truncated,
    UnknownKind(u8),
    NotUtf8,
}

impl fmt::Display for BadFrame {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFiveFields(error) => {
                write!(
                    formatter,
                    "not [join_ref, ref, topic, event, payload]: {error}"
                )
            }
            Self::NameTooLong => {
                write!(
                    formatter,
                    "a ref, topic or event of more than {LONGEST_NAME} bytes"
                )
            }
            Self::Truncated => formatter.write_str("a binary frame that ends in its header"),
            Self::UnknownKind(kind) => write!(formatter, "a binary frame of kind {kind}"),
            Self::NotUtf8 => formatter.write_str("a binary frame with names that are not UTF-8"),
        }
    }
}

#[derive(Deserialize)]
struct Fields<'m>(
    #[serde(borrow)] Option<Cow<'m, str>>,
    #[serde(borrow)] Option<Cow<'m, str>>,
    #[serde(borrow)] Cow<'m, str>,
    #[serde(borrow)] Cow<'m, str>,
    #[serde(borrow)] &'m RawValue,
);

impl<'m> Frame<'m> {
    pub(crate) fn decode_text(text: &'m str) -> Result<Self, BadFrame> {
        let Fields(join_ref, message_ref, topic, event, payload) = serde_json::from_str(text)
            .map_err(|error| BadFrame::NotFiveFields(expected(&error)))?;
        let names = [
            join_ref.as_deref(),
            message_ref.as_deref(),
            Some(&*topic),
            Some(&*event),
        ];
        if names
            .into_iter()
            .flatten()
            .any(|name| name.len() > LONGEST_NAME)
        {
            return Err(BadFrame::NameTooLong);
        }
        Ok(Self {
            join_ref,
            message_ref,
            topic,
            event,
            payload: Payload::Json(payload.get()),
        })
    }

    /// Decodes a push of a client: kind 0 with four names (`protocol.md §1.3`).
    pub(crate) fn decode_binary(bytes: &'m [u8]) -> Result<Self, BadFrame> {
        let (&[kind, join_ref, message_ref, topic, event], mut rest) =
            bytes.split_first_chunk::<5>().ok_or(BadFrame::Truncated)?;
        if kind != 0 {
            return Err(BadFrame::UnknownKind(kind));
        }
        let mut name = |length: u8| {
            let (name, after) = rest
                .split_at_checked(usize::from(length))
                .ok_or(BadFrame::Truncated)?;
            rest = after;
            std::str::from_utf8(name).map_err(|_| BadFrame::NotUtf8)
        };
        let some = |name: &'m str| (!name.is_empty()).then_some(Cow::Borrowed(name));
        let (join_ref, message_ref) = (some(name(join_ref)?), some(name(message_ref)?));
        let (topic, event) = (Cow::Borrowed(name(topic)?), Cow::Borrowed(name(event)?));
        Ok(Self {
            join_ref,
            message_ref,
            topic,
            event,
            payload: Payload::Binary(rest),
        })
    }
}

/// A message of a client to a channel that it joined, owned: ref, event and
/// payload one after the other in one allocation.
#[derive(Debug)]
pub(crate) struct ClientPush {
    text: Box<str>,
    /// How long the ref is, if there is one.
    message_ref: Option<u8>,
    event: u8,
    /// It counts as received until it is dropped.
    _held: Held,
}

impl ClientPush {
    /// `None` for binary payloads, which no view understands.
    pub(crate) fn new(frame: &Frame<'_>, received: &Arc<Received>) -> Option<Self> {
        let Payload::Json(payload) = frame.payload else {
            return None;
        };
        let reference = frame.message_ref.as_deref();
        // Names of a frame are at most 255 bytes long.
        let event = u8::try_from(frame.event.len()).ok()?;
        let message_ref = match reference {
            Some(reference) => Some(u8::try_from(reference.len()).ok()?),
            None => None,
        };
        let text: Box<str> = [reference.unwrap_or_default(), &frame.event, payload]
            .concat()
            .into();
        Some(Self {
            _held: received.hold_message(text.len()),
            text,
            message_ref,
            event,
        })
    }

    pub(crate) fn message_ref(&self) -> Option<&str> {
        let length = self.message_ref?;
        self.text.get(..usize::from(length))
    }

    pub(crate) fn event(&self) -> &str {
        let start = usize::from(self.message_ref.unwrap_or(0));
        self.text
            .get(start..start + usize::from(self.event))
            .unwrap_or_default()
    }

    pub(crate) fn payload(&self) -> &str {
        let start = usize::from(self.message_ref.unwrap_or(0)) + usize::from(self.event);
        self.text.get(start..).unwrap_or_default()
    }
}

/// Writes `[join_ref, ref, topic, event, ` and then the payload and `]`.
pub(crate) fn write_frame(
    out: &mut String,
    join_ref: Option<&str>,
    message_ref: Option<&str>,
    topic: &str,
    event: &str,
    payload: impl FnOnce(&mut String),
) {
    out.push('[');
    for name in [join_ref, message_ref] {
        match name {
            Some(name) => write_string(out, name),
            None => out.push_str("null"),
        }
        out.push(',');
    }
    for name in [topic, event] {
        write_string(out, name);
        out.push(',');
    }
    payload(out);
    out.push(']');
}

/// Writes `text` as a JSON string.
pub(crate) fn write_string(out: &mut String, text: &str) {
    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    if text.bytes().all(plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        // A string always has a JSON form.
        out.push_str(&serde_json::Value::from(text).to_string());
    }
}

/// Writes a reply (`protocol.md §1.2`).
pub(crate) fn write_reply(
    out: &mut String,
    join_ref: Option<&str>,
    message_ref: Option<&str>,
    topic: &str,
    status: Status,
    response: impl FnOnce(&mut String),
) {
    write_frame(out, join_ref, message_ref, topic, "phx_reply", |out| {
        out.push_str(match status {
            Status::Ok => r#"{"status":"ok","response":"#,
            Status::Error => r#"{"status":"error","response":"#,
        });
        response(out);
        out.push('}');
    });
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Ok,
    Error,
}

/// Writes `{"reason":…}`.
pub(crate) fn write_reason(out: &mut String, reason: &str) {
    out.push_str(r#"{"reason":"#);
    write_string(out, reason);
    out.push('}');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::*;
    use crate::channel::budget::Pool;

    #[test]
    fn a_text_frame_has_five_fields() {
        let frame = Frame::decode_text(r#"["4","9","lv:x","event",{"a":[1,"]"]}]"#);
        assert_eq!(
            frame,
            Ok(Frame {
                join_ref: Some("4".into()),
                message_ref: Some("9".into()),
                topic: "lv:x".into(),
                event: "event".into(),
                payload: Payload::Json(r#"{"a":[1,"]"]}"#),
            })
        );
        for bad in [
            "",
            "{}",
            "[]",
            r#"["4","9","lv:x","event"]"#,
            r#"[4,"9","t","e",{}]"#,
            "[[[[",
        ] {
            assert!(
                matches!(Frame::decode_text(bad), Err(BadFrame::NotFiveFields(_))),
                "{bad}"
            );
        }
        let long = format!(r#"["{}","9","t","e",{{}}]"#, "x".repeat(256));
        assert_eq!(Frame::decode_text(&long), Err(BadFrame::NameTooLong));
    }

    #[test]
    fn the_recorded_chunk_of_an_upload_is_understood() {
        let frame = Frame::decode_binary(b"\x00\x02\x02\x05\x051213lvu:0chunk0123");
        assert_eq!(
            frame,
            Ok(Frame {
                join_ref: Some("12".into()),
                message_ref: Some("13".into()),
                topic: "lvu:0".into(),
                event: "chunk".into(),
                payload: Payload::Binary(b"0123"),
            })
        );
        assert_eq!(Frame::decode_binary(b"\x00\x02"), Err(BadFrame::Truncated));
        assert_eq!(
            Frame::decode_binary(b"\x00\x09\x00\x00\x00x"),
            Err(BadFrame::Truncated)
        );
        assert_eq!(
            Frame::decode_binary(b"\x01\x00\x00\x00\x00"),
            Err(BadFrame::UnknownKind(1))
        );
        assert_eq!(
            Frame::decode_binary(b"\x00\x00\x00\x01\x00\xFF"),
            Err(BadFrame::NotUtf8)
        );
    }

    #[test]
    fn a_push_keeps_its_names_and_its_payload() {
        let received = Received::new(1000, Pool::new(1000));
        for (text, message_ref) in [
            (r#"["4","9","lv:x","event",{"é":1}]"#, Some("9")),
            (r#"["4",null,"lv:x","event",{"é":1}]"#, None),
        ] {
            let frame = Frame::decode_text(text).expect("a frame");
            let push = ClientPush::new(&frame, &received).expect("a JSON push");
            assert_eq!(push.message_ref(), message_ref);
            assert_eq!(push.event(), "event");
            assert_eq!(push.payload(), r#"{"é":1}"#);
        }
    }

    #[test]
    fn replies_are_written_as_the_protocol_has_them() {
        let mut out = String::new();
        write_reply(&mut out, None, Some("7"), "lv:\"x", Status::Error, |out| {
            write_reason(out, "unmatched topic");
        });
        assert_eq!(
            out,
            r#"[null,"7","lv:\"x","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]"#
        );
    }

    /// Frames as clients send them, to be broken.
    const FRAMES: [&str; 3] = [
        r#"["4","9","lv:x","event",{"type":"click","event":"set","value":{"a":[1,"]"]}}]"#,
        r#"[null,"10","phoenix","heartbeat",{}]"#,
        r#"["\u00e9\n","9","lv:\ud83d\ude00","phx_join",{"url":"http://a/?x=%00"}]"#,
    ];

    fn any_text() -> impl Strategy<Value = String> {
        let change = (
            any::<Index>(),
            0..4_usize,
            select(&["", "\"", "\\", "[", "{", ",", "null", "\\ud800"][..]),
        );
        let broken = (select(&FRAMES[..]), prop::collection::vec(change, 0..4));
        prop_oneof![
            any::<String>(),
            broken.prop_map(|(frame, changes)| {
                let mut letters: Vec<char> = frame.chars().collect();
                for (at, removed, added) in changes {
                    let at = at.index(letters.len() + 1);
                    let end = letters.len().min(at + removed);
                    letters.splice(at..end, added.chars());
                }
                letters.into_iter().collect()
            }),
        ]
    }

    /// What is kept of a frame comes from its message, and nothing beside it.
    fn check(frame: &Frame<'_>, message: &[u8]) {
        let names = [&frame.join_ref, &frame.message_ref].into_iter().flatten();
        let mut kept = 0;
        for name in names.chain([&frame.topic, &frame.event]) {
            assert!(name.len() <= LONGEST_NAME);
            kept += name.len();
        }
        kept += match frame.payload {
            Payload::Json(json) => json.len(),
            Payload::Binary(bytes) => bytes.len(),
        };
        assert!(kept <= message.len(), "{frame:?} of {message:?}");
        if let Some(push) = ClientPush::new(frame, &Received::new(1000, Pool::new(1000))) {
            assert!(push.text.len() <= message.len());
            assert_eq!(push.event(), frame.event);
            assert_eq!(push.message_ref(), frame.message_ref.as_deref());
            assert_eq!(Payload::Json(push.payload()), frame.payload);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_frame_or_refused(text in any_text()) {
            match Frame::decode_text(&text) {
                Ok(frame) => check(&frame, text.as_bytes()),
                // It is logged, see `quoted`.
                Err(error) => prop_assert!(error.to_string().len() < 200),
            }
        }

        #[test]
        fn any_bytes_are_a_frame_or_refused(
            kind in 0..3_u8,
            lengths in prop::array::uniform4(0..12_u8),
            rest in prop::collection::vec(any::<u8>(), 0..64),
            cut in any::<Index>(),
        ) {
            let bytes = [&[kind][..], &lengths, &rest].concat();
            for bytes in [&bytes[..], &bytes[..cut.index(bytes.len() + 1)], &rest] {
                if let Ok(frame) = Frame::decode_binary(bytes) {
                    check(&frame, bytes);
                }
            }
        }

        #[test]
        fn a_frame_is_read_as_it_is_written(
            join_ref in any::<Option<String>>(),
            message_ref in any::<Option<String>>(),
            topic in any::<String>(),
            event in any::<String>(),
        ) {
            let mut out = String::new();
            let (join_ref, message_ref) = (join_ref.as_deref(), message_ref.as_deref());
            write_frame(&mut out, join_ref, message_ref, &topic, &event, |out| out.push_str("{}"));
            let names = [join_ref, message_ref, Some(&*topic), Some(&*event)];
            let is_short = names.into_iter().flatten().all(|name| name.len() <= LONGEST_NAME);
            match Frame::decode_text(&out) {
                Ok(frame) => {
                    prop_assert_eq!(frame.join_ref.as_deref(), join_ref);
                    prop_assert_eq!(frame.message_ref.as_deref(), message_ref);
                    prop_assert_eq!((&*frame.topic, &*frame.event), (&*topic, &*event));
                }
                Err(error) => prop_assert!(!is_short && error == BadFrame::NameTooLong),
            }
        }
    }

    #[test]
    fn a_message_of_brackets_is_no_frame() {
        for bracket in ["[", "{\"a\":", "[1,", "\"", "\\"] {
            let deep = bracket.repeat(1_000_000);
            assert!(Frame::decode_text(&deep).is_err());
            let payload = format!(r#"["1","2","t","e",{deep}]"#);
            assert!(Frame::decode_text(&payload).is_err());
        }
    }
}
