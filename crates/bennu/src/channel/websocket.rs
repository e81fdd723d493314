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
    /// A length in more bytes than it needs, or of 2^63 and more (§5.2).
    BadLength,
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

/// The longest head (§5.2), and the longest payload of a control frame (§5.5).
const MAX_HEAD: usize = 14;
const MAX_CONTROL: usize = 125;

/// Takes messages out of a client's bytes.
///
/// ```text
///              a whole frame, or a whole message in one frame: handed on where it was read
///            ┌──┐
///            │  ▼      a data frame whose rest has not come,
///          ┌──────┐    or that is not the last of its message     ┌─────────┐
///          │ head │ ────────────────────────────────────────────► │ message │
///          └──────┘ ◄──────────────────────────────────────────── └─────────┘
///            ▲  │      all of the frame is there
///            └──┘
///              a head or a control frame whose rest has not come: kept in `begun`
/// ```
///
/// A byte of a message that comes in pieces is copied once, to its place in the
/// message, however the pieces are cut.
///
/// Invariant: between messages it owns no memory.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// The beginning of a head or of a control frame whose rest has not come.
    begun: Vec<u8>,
    /// The message that has begun and is not whole. Boxed because most messages
    /// come whole.
    message: Option<Box<Message>>,
}

/// A message that comes in pieces.
#[derive(Debug)]
struct Message {
    opcode: Opcode,
    bytes: Vec<u8>,
    /// How many of the bytes are known to be UTF-8, if this is a text.
    valid: usize,
    /// The frame whose payload is being received.
    frame: Option<Arriving>,
}

/// A data frame whose head was read.
#[derive(Debug)]
struct Arriving {
    is_final: bool,
    /// The mask of the next byte and of those after it.
    mask: [u8; 4],
    /// How many bytes of the payload have not come.
    missing: usize,
}

/// The head of a frame (§5.2).
struct Head {
    is_final: bool,
    opcode: Opcode,
    mask: [u8; 4],
    /// Where the payload begins, from the beginning of the frame.
    start: usize,
    /// How long the payload is.
    length: usize,
}

impl Reader {
    /// How many bytes it keeps of what has begun.
    pub(crate) fn kept(&self) -> usize {
        let message = self
            .message
            .as_ref()
            .map_or(0, |message| size_of::<Message>() + message.bytes.len());
        self.begun.len() + message
    }

    /// Takes the next bytes of the client, and hands on each message that they
    /// complete. Returns how many they were. `bytes` is unmasked in place. A
    /// message has at most `limit` bytes; no more than that, one head and one
    /// control frame is kept.
    ///
    /// # Errors
    /// As soon as the breach is read, be the frame whole or not. Nothing more
    /// can be taken then.
    pub(crate) fn take(
        &mut self,
        bytes: &mut [u8],
        limit: usize,
        mut receive: impl FnMut(Incoming<'_>),
    ) -> Result<Taken, BadSocket> {
        let (mut taken, mut rest) = (Taken::default(), bytes);
        loop {
            rest = self.payload(rest, &mut taken, &mut receive)?;
            if rest.is_empty() {
                return Ok(taken);
            }
            rest = if self.begun.is_empty() {
                let Some(head) = Head::read(rest)? else {
                    self.begun.extend_from_slice(rest);
                    return Ok(taken);
                };
                self.frame(&head, rest, limit, &mut taken, &mut receive)?
            } else {
                self.complete(rest, limit, &mut taken, &mut receive)?
            };
        }
    }

    /// Takes what `bytes` have of the frame that is arriving, and returns the
    /// bytes after it.
    fn payload<'b>(
        &mut self,
        bytes: &'b mut [u8],
        taken: &mut Taken,
        receive: &mut impl FnMut(Incoming<'_>),
    ) -> Result<&'b mut [u8], BadSocket> {
        let Some(message) = &mut self.message else {
            return Ok(bytes);
        };
        let Some(frame) = &mut message.frame else {
            return Ok(bytes);
        };
        let (part, rest) = bytes.split_at_mut(frame.missing.min(bytes.len()));
        unmask(part, frame.mask);
        frame.mask.rotate_left(part.len() % 4);
        frame.missing -= part.len();
        let arrived = (frame.missing == 0).then_some(frame.is_final);
        message.append(part)?;
        match arrived {
            None => {}
            Some(false) => {
                taken.fragments += 1;
                message.frame = None;
            }
            Some(true) => {
                taken.messages += 1;
                whole(message.opcode, &message.bytes, receive)?;
                self.message = None;
            }
        }
        Ok(rest)
    }

    /// Goes on with a head or control frame that began in earlier bytes.
    fn complete<'b>(
        &mut self,
        bytes: &'b mut [u8],
        limit: usize,
        taken: &mut Taken,
        receive: &mut impl FnMut(Incoming<'_>),
    ) -> Result<&'b mut [u8], BadSocket> {
        let had = self.begun.len();
        // With so many bytes each head and each control frame is whole.
        let more = bytes.len().min(MAX_HEAD + MAX_CONTROL - had);
        let mut begun = std::mem::take(&mut self.begun);
        begun.extend_from_slice(&bytes[..more]);
        let Some(head) = Head::read(&begun)? else {
            self.begun = begun;
            return Ok(&mut []);
        };
        if head.opcode.is_control() {
            let left = self.frame(&head, &mut begun, limit, taken, receive)?.len();
            // What was not whole is in `self.begun` now, with all of `bytes`.
            return Ok(&mut bytes[more - left..]);
        }
        // The payload is taken from where it was read.
        self.begin(&head, limit)?;
        Ok(&mut bytes[head.start - had..])
    }

    /// Handles the frame that `bytes` begin with, and returns the bytes after
    /// it, or after what is there of it.
    fn frame<'b>(
        &mut self,
        head: &Head,
        bytes: &'b mut [u8],
        limit: usize,
        taken: &mut Taken,
        receive: &mut impl FnMut(Incoming<'_>),
    ) -> Result<&'b mut [u8], BadSocket> {
        let is_whole = bytes.len() - head.start >= head.length;
        if head.opcode.is_control() {
            if !is_whole {
                self.begun.extend_from_slice(bytes);
                return Ok(&mut []);
            }
            let (payload, rest) = bytes[head.start..].split_at_mut(head.length);
            unmask(payload, head.mask);
            taken.messages += 1;
            match head.opcode {
                Opcode::Ping => receive(Incoming::Ping(payload)),
                Opcode::Close => receive(Incoming::Close(close_code(payload)?)),
                _ => {}
            }
            return Ok(rest);
        }
        let bytes = &mut bytes[head.start..];
        let is_alone = head.is_final && head.opcode != Opcode::Continuation;
        if is_whole && is_alone && self.message.is_none() && head.length <= limit {
            let (payload, rest) = bytes.split_at_mut(head.length);
            unmask(payload, head.mask);
            taken.messages += 1;
            whole(head.opcode, payload, receive)?;
            return Ok(rest);
        }
        self.begin(head, limit)?;
        self.payload(bytes, taken, receive)
    }

    /// Expects the payload of a data frame.
    fn begin(&mut self, head: &Head, limit: usize) -> Result<(), BadSocket> {
        let gathered = self
            .message
            .as_ref()
            .map_or(0, |message| message.bytes.len());
        if (head.opcode == Opcode::Continuation) != self.message.is_some() {
            return Err(BadSocket::Misplaced);
        }
        if head.length > limit.saturating_sub(gathered) {
            return Err(BadSocket::TooBig);
        }
        let message = self.message.get_or_insert_with(|| {
            Box::new(Message {
                opcode: head.opcode,
                bytes: Vec::new(),
                valid: 0,
                frame: None,
            })
        });
        message.frame = Some(Arriving {
            is_final: head.is_final,
            mask: head.mask,
            missing: head.length,
        });
        Ok(())
    }
}

impl Message {
    /// Adds bytes. What no text can begin with is refused at once (§8.1).
    fn append(&mut self, part: &[u8]) -> Result<(), BadSocket> {
        // It grows by doubling, and only by what has come: what a head claims
        // costs its sender nothing.
        self.bytes.extend_from_slice(part);
        if self.opcode != Opcode::Text {
            return Ok(());
        }
        let unchecked = self.bytes.get(self.valid..).unwrap_or_default();
        self.valid += match std::str::from_utf8(unchecked) {
            Ok(text) => text.len(),
            // The rest of the last character has not come.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => return Err(BadSocket::NotUtf8),
        };
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
        if opcode.is_control() && (usize::from(short) > MAX_CONTROL || !is_final) {
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
        let is_too_wide = match short {
            126 => length < 126,
            127 => length <= u64::from(u16::MAX),
            _ => false,
        };
        if is_too_wide || length > u64::MAX >> 1 {
            return Err(BadSocket::BadLength);
        }
        let Some((mask, rest)) = rest.split_first_chunk() else {
            return Ok(None);
        };
        Ok(Some(Self {
            is_final,
            opcode,
            mask: *mask,
            start: bytes.len() - rest.len(),
            length: usize::try_from(length).map_err(|_| BadSocket::TooBig)?,
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
mod tests;
