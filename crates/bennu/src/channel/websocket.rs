//! The server's side of RFC 6455: taking messages out of what was read, and
//! framing ours.
//!
//! Why not a library: those keep a read buffer, a write buffer and a message
//! buffer for each connection, and the first two at the size of the largest
//! message. A view that waits should cost a few words. Everything here is
//! sections 5 to 7 of the RFC, without extensions.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

/// The answer to a client's `Sec-WebSocket-Key` (RFC 6455 §4.2.2).
pub(crate) fn accept(key: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(key);
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    STANDARD.encode(hash.finalize())
}

/// The kinds of frames (§5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opcode {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

impl Opcode {
    fn new(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            _ => return None,
        })
    }

    fn is_control(self) -> bool {
        self as u8 >= 8
    }
}

/// Appends one whole frame of a server: final and not masked.
pub(crate) fn frame(opcode: Opcode, payload: &[u8], out: &mut Vec<u8>) {
    const FINAL: u8 = 0x80;
    out.reserve(payload.len() + 10);
    out.push(FINAL | opcode as u8);
    let length = payload.len();
    if let (Ok(short), true) = (u8::try_from(length), length < 126) {
        out.push(short);
    } else if let Ok(medium) = u16::try_from(length) {
        out.push(126);
        out.extend_from_slice(&medium.to_be_bytes());
    } else {
        out.push(127);
        out.extend_from_slice(&(length as u64).to_be_bytes());
    }
    out.extend_from_slice(payload);
}

/// What a client sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Incoming<'b> {
    Text(&'b str),
    Binary(&'b [u8]),
    /// Wants a pong with the same payload.
    Ping(&'b [u8]),
    /// The client is done; with its code.
    Close(Option<u16>),
}

/// How a client broke the WebSocket protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadSocket {
    /// A message of more bytes than allowed.
    TooBig,
    /// Reserved bits or an unknown kind of frame: no extension was agreed on.
    Reserved,
    /// A frame without a mask (§5.1).
    NotMasked,
    /// A control frame that is split or longer than 125 bytes (§5.5).
    BadControl,
    /// A continuation of nothing, or a new message inside of another (§5.4).
    Misplaced,
    /// A close frame with half a code, or one that nobody may send (§7.4).
    BadClose,
    /// A text that is not UTF-8 (§8.1).
    NotUtf8,
}

/// How much a client sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Whole messages and control frames.
    pub(crate) messages: usize,
    /// Frames of messages of which more has to come.
    pub(crate) fragments: usize,
}

/// Takes messages out of a client's bytes.
///
/// Invariant: between messages it owns no memory.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// The beginning of a frame whose rest has not come.
    begun: Vec<u8>,
    /// The fragments of a message so far, and its kind.
    message: Option<(Opcode, Vec<u8>)>,
}

/// The head of a frame (§5.2).
struct Head {
    is_final: bool,
    opcode: Opcode,
    mask: [u8; 4],
    /// Where the payload begins, from the beginning of the frame.
    start: usize,
    end: usize,
}

impl Reader {
    /// How many bytes it keeps of what has begun.
    pub(crate) fn kept(&self) -> usize {
        let message = self.message.as_ref().map_or(0, |(_, bytes)| bytes.len());
        self.begun.len() + message
    }

    /// Takes the next bytes of the client, and hands on each message that they
    /// complete. Returns how many they were. `bytes` is unmasked in place. A message has at most `limit`
    /// bytes; no more than that, one head and `bytes` is kept.
    pub(crate) fn take(
        &mut self,
        bytes: &mut [u8],
        limit: usize,
        mut receive: impl FnMut(Incoming<'_>),
    ) -> Result<Taken, BadSocket> {
        let taken;
        if self.begun.is_empty() {
            let used;
            (taken, used) = self.frames(bytes, limit, &mut receive)?;
            self.begun.extend_from_slice(&bytes[used..]);
        } else {
            let mut begun = std::mem::take(&mut self.begun);
            begun.extend_from_slice(bytes);
            let used;
            (taken, used) = self.frames(&mut begun, limit, &mut receive)?;
            begun.drain(..used);
            if !begun.is_empty() {
                self.begun = begun;
            }
        }
        Ok(taken)
    }

    /// Handles the whole frames at the beginning of `bytes`; returns how many
    /// they were, and of how many bytes.
    fn frames(
        &mut self,
        bytes: &mut [u8],
        limit: usize,
        receive: &mut impl FnMut(Incoming<'_>),
    ) -> Result<(Taken, usize), BadSocket> {
        let (mut taken, mut used) = (Taken::default(), 0);
        while let Some(head) = Head::read(&bytes[used..])? {
            let gathered = match &self.message {
                Some((_, message)) if !head.opcode.is_control() => message.len(),
                _ => 0,
            };
            if head.end - head.start > limit.saturating_sub(gathered) {
                return Err(BadSocket::TooBig);
            }
            let Some(frame) = bytes[used..].get_mut(..head.end) else {
                break;
            };
            let payload = &mut frame[head.start..];
            unmask(payload, head.mask);
            self.frame(&head, payload, receive)?;
            if head.is_final {
                taken.messages += 1;
            } else {
                taken.fragments += 1;
            }
            used += head.end;
        }
        Ok((taken, used))
    }

    fn frame(
        &mut self,
        head: &Head,
        payload: &[u8],
        receive: &mut impl FnMut(Incoming<'_>),
    ) -> Result<(), BadSocket> {
        match (head.opcode, &mut self.message) {
            (Opcode::Ping, _) => receive(Incoming::Ping(payload)),
            (Opcode::Pong, _) => {}
            (Opcode::Close, _) => receive(Incoming::Close(close_code(payload)?)),
            (Opcode::Continuation, Some((_, message))) => {
                message.extend_from_slice(payload);
                if head.is_final
                    && let Some((opcode, message)) = self.message.take()
                {
                    whole(opcode, &message, receive)?;
                }
            }
            (Opcode::Continuation, None) | (Opcode::Text | Opcode::Binary, Some(_)) => {
                return Err(BadSocket::Misplaced);
            }
            (opcode, none) => {
                if head.is_final {
                    whole(opcode, payload, receive)?;
                } else {
                    *none = Some((opcode, payload.to_vec()));
                }
            }
        }
        Ok(())
    }
}

/// The code of a close frame, if it has one.
fn close_code(payload: &[u8]) -> Result<Option<u16>, BadSocket> {
    let Some((code, reason)) = payload.split_first_chunk() else {
        return if payload.is_empty() {
            Ok(None)
        } else {
            Err(BadSocket::BadClose)
        };
    };
    let code = u16::from_be_bytes(*code);
    // 1004 to 1006 and 1015 are never sent (§7.4.1).
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(BadSocket::BadClose);
    }
    match std::str::from_utf8(reason) {
        Ok(_) => Ok(Some(code)),
        Err(_) => Err(BadSocket::NotUtf8),
    }
}

fn whole(
    opcode: Opcode,
    payload: &[u8],
    receive: &mut impl FnMut(Incoming<'_>),
) -> Result<(), BadSocket> {
    if opcode == Opcode::Text {
        receive(Incoming::Text(
            std::str::from_utf8(payload).map_err(|_| BadSocket::NotUtf8)?,
        ));
    } else {
        receive(Incoming::Binary(payload));
    }
    Ok(())
}

impl Head {
    /// The head of the frame that `bytes` begin with; `None` if it is not all
    /// there.
    fn read(bytes: &[u8]) -> Result<Option<Self>, BadSocket> {
        let &[first, second, ref rest @ ..] = bytes else {
            return Ok(None);
        };
        let is_final = first & 0x80 != 0;
        if first & 0x70 != 0 {
            return Err(BadSocket::Reserved);
        }
        let opcode = Opcode::new(first & 0x0F).ok_or(BadSocket::Reserved)?;
        if second & 0x80 == 0 {
            return Err(BadSocket::NotMasked);
        }
        let short = second & 0x7F;
        if opcode.is_control() && (short > 125 || !is_final) {
            return Err(BadSocket::BadControl);
        }
        let (length, rest) = match short {
            126 => match rest.split_first_chunk() {
                Some((length, rest)) => (u64::from(u16::from_be_bytes(*length)), rest),
                None => return Ok(None),
            },
            127 => match rest.split_first_chunk() {
                Some((length, rest)) => (u64::from_be_bytes(*length), rest),
                None => return Ok(None),
            },
            short => (u64::from(short), rest),
        };
        let Some((mask, rest)) = rest.split_first_chunk() else {
            return Ok(None);
        };
        let start = bytes.len() - rest.len();
        let end = usize::try_from(length)
            .ok()
            .and_then(|length| start.checked_add(length));
        let end = end.ok_or(BadSocket::TooBig)?;
        Ok(Some(Self {
            is_final,
            opcode,
            mask: *mask,
            start,
            end,
        }))
    }
}

/// Removes the mask (§5.3), 8 bytes at a time.
fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (chunks, rest) = payload.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};
    use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};

    use super::*;

    #[test]
    fn the_key_of_the_rfc_is_answered_as_in_the_rfc() {
        assert_eq!(
            accept(b"dGhlIHNhbXBsZSBub25jZQ=="),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        );
    }

    #[test]
    fn lengths_are_written_in_one_two_or_eight_bytes() {
        for (length, head) in [
            (0, vec![0x81, 0]),
            (125, vec![0x81, 125]),
            (126, vec![0x81, 126, 0, 126]),
            (65_535, vec![0x81, 126, 0xFF, 0xFF]),
            (65_536, vec![0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let mut out = Vec::new();
            frame(Opcode::Text, &vec![b'x'; length], &mut out);
            assert_eq!(out[..head.len()], head);
            assert_eq!(out.len(), head.len() + length);
        }
    }

    /// A frame as an independent implementation writes it for a client.
    fn client_frame(opcode: OpCode, is_final: bool, payload: &[u8]) -> Vec<u8> {
        let header = FrameHeader {
            is_final,
            opcode,
            mask: Some([1, 2, 3, 254]),
            ..FrameHeader::default()
        };
        let frame = Frame::from_payload(header, payload.to_vec().into());
        let mut out = Vec::new();
        frame.format(&mut out).expect("writing to memory");
        out
    }

    /// What comes out of `bytes` that come in pieces of `piece`.
    fn received(bytes: &[u8], piece: usize, limit: usize) -> Result<Vec<String>, BadSocket> {
        let (mut reader, mut messages) = (Reader::default(), Vec::new());
        for piece in bytes.to_vec().chunks_mut(piece) {
            reader.take(piece, limit, |incoming| {
                messages.push(format!("{incoming:?}"));
            })?;
        }
        if reader.message.is_none() {
            assert_eq!(
                reader.begun.capacity(),
                0,
                "memory is kept between messages"
            );
        }
        Ok(messages)
    }

    #[test]
    fn fragments_become_one_message_and_control_frames_may_come_between() {
        let bytes = [
            client_frame(OpCode::Data(Data::Text), false, b"Hel"),
            client_frame(OpCode::Control(Control::Ping), true, b"?"),
            client_frame(OpCode::Data(Data::Continue), true, b"lo"),
            client_frame(
                OpCode::Control(Control::Close),
                true,
                &1001_u16.to_be_bytes(),
            ),
        ]
        .concat();
        for piece in [1, 2, 7, bytes.len()] {
            let expected = ["Ping([63])", "Text(\"Hello\")", "Close(Some(1001))"];
            assert_eq!(
                received(&bytes, piece, 5),
                Ok(expected.map(String::from).to_vec())
            );
        }
        assert_eq!(received(&bytes, 3, 4), Err(BadSocket::TooBig));
    }

    #[test]
    fn each_breach_of_the_protocol_is_named() {
        let text =
            |is_final, payload: &[u8]| client_frame(OpCode::Data(Data::Text), is_final, payload);
        let continuation = client_frame(OpCode::Data(Data::Continue), true, b"x");
        for (bytes, error) in [
            (vec![0x81, 0x01, b'x'], BadSocket::NotMasked),
            (vec![0xC1, 0x80, 0, 0, 0, 0], BadSocket::Reserved),
            (vec![0x83, 0x80, 0, 0, 0, 0], BadSocket::Reserved),
            (vec![0x09, 0x80, 0, 0, 0, 0], BadSocket::BadControl),
            (vec![0x89, 0xFE, 0, 126], BadSocket::BadControl),
            (vec![0x88, 0x81, 0, 0, 0, 0, 3], BadSocket::BadClose),
            (
                vec![0x88, 0x82, 0, 0, 0, 0, 0x03, 0xED],
                BadSocket::BadClose,
            ),
            (
                vec![0x88, 0x83, 0, 0, 0, 0, 0x03, 0xE8, 0xFF],
                BadSocket::NotUtf8,
            ),
            (
                vec![
                    0x82, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0,
                ],
                BadSocket::TooBig,
            ),
            (continuation, BadSocket::Misplaced),
            (
                [text(false, b"a"), text(true, b"b")].concat(),
                BadSocket::Misplaced,
            ),
            (text(true, b"\xFF"), BadSocket::NotUtf8),
        ] {
            assert_eq!(received(&bytes, bytes.len(), 100), Err(error), "{bytes:x?}");
        }
    }

    proptest! {
        #[test]
        fn messages_come_out_as_another_implementation_framed_them(
            messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..6),
            piece in 1..400_usize,
        ) {
            let bytes: Vec<u8> = messages
                .iter()
                .flat_map(|message| client_frame(OpCode::Data(Data::Binary), true, message))
                .collect();
            let expected: Vec<_> =
                messages.iter().map(|message| format!("{:?}", Incoming::Binary(message))).collect();
            prop_assert_eq!(received(&bytes, piece, 300), Ok(expected));
        }

        #[test]
        fn no_bytes_of_a_peer_panic_or_grow_the_reader(
            frames in prop::collection::vec(
                (any::<u8>(), 0..140_u8, prop::collection::vec(any::<u8>(), 0..40)),
                0..20,
            ),
            piece in 1..50_usize,
        ) {
            // Heads that pass for a while, with lengths that the payloads don't
            // always have.
            let mut bytes = Vec::new();
            for (first, length, payload) in frames {
                bytes.extend([first & 0x8F, 0x80 | length.min(127)]);
                bytes.extend(payload);
            }
            let mut reader = Reader::default();
            for piece in bytes.chunks_mut(piece) {
                if reader.take(piece, 64, |_| ()).is_err() {
                    break;
                }
                let kept = reader.begun.len() + reader.message.as_ref().map_or(0, |(_, m)| m.len());
                prop_assert!(kept <= 64 + 64 + 14 + 50);
            }
        }
    }
}
