//! Tests of the WebSocket: what other implementations write, and what peers may try.

mod autobahn;

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
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn each_breach_of_the_protocol_is_named() {
    let text = |is_final, payload: &[u8]| client_frame(OpCode::Data(Data::Text), is_final, payload);
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
                0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0,
            ],
            BadSocket::TooBig,
        ),
        (
            vec![
                0x82, 0xFF, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0, 0, 0, 0,
            ],
            BadSocket::TooBig,
        ),
        (
            vec![
                0x82, 0xFF, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0, 0, 0, 0,
            ],
            BadSocket::BadLength,
        ),
        (
            vec![
                0x82, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0,
            ],
            BadSocket::BadLength,
        ),
        (
            vec![
                0x82, 0xFF, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0, 0, 0, 0,
            ],
            BadSocket::BadLength,
        ),
        (
            vec![
                0x82, 0xFF, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x7D, 0, 0, 0, 0,
            ],
            BadSocket::BadLength,
        ),
        (
            vec![
                0x82, 0xFF, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0, 0, 0, 0,
            ],
            BadSocket::BadLength,
        ),
        (vec![0x82, 0xFE, 0, 0, 0, 0, 0, 0], BadSocket::BadLength),
        (vec![0x82, 0xFE, 0, 125, 0, 0, 0, 0], BadSocket::BadLength),
        (continuation, BadSocket::Misplaced),
        (
            [text(false, b"a"), text(true, b"b")].concat(),
            BadSocket::Misplaced,
        ),
        (text(true, b"\xFF"), BadSocket::NotUtf8),
    ] {
        for piece in [1, 3, bytes.len()] {
            assert_eq!(received(&bytes, piece, 100), Err(error), "{bytes:x?}");
        }
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
        check_memory(bytes, piece);
    }

    #[test]
    fn no_noise_panics_or_grows_the_reader(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        piece in 1..50_usize,
    ) {
        check_memory(bytes, piece);
    }
}

/// What is kept is a message within the limit, and the beginning of a frame
/// beside it; a vector has at most twice as much room as it was filled with.
fn check_memory(mut bytes: Vec<u8>, piece: usize) {
    const LIMIT: usize = 64;
    let mut reader = Reader::default();
    for piece in bytes.chunks_mut(piece) {
        if reader.take(piece, LIMIT, |_| ()).is_err() {
            break;
        }
        let message = reader
            .message
            .as_ref()
            .map_or(0, |message| message.bytes.capacity());
        assert!(message <= 2 * LIMIT, "{message}");
        assert!(reader.begun.capacity() <= 2 * (MAX_HEAD + MAX_CONTROL));
    }
}

/// The bytes of a text of `length` bytes in frames of `frame` bytes.
fn fragments(length: usize, frame: usize) -> Vec<u8> {
    let text = vec![b'x'; length];
    let count = length.div_ceil(frame);
    let pieces = text.chunks(frame).enumerate().flat_map(|(at, piece)| {
        let data = if at == 0 { Data::Text } else { Data::Continue };
        client_frame(OpCode::Data(data), at + 1 == count, piece)
    });
    pieces.collect()
}

/// A vector that gets more room may be copied to another place.
#[test]
fn a_message_moves_as_seldom_in_small_pieces_as_in_large_ones() {
    const LENGTH: usize = 512 * 1024;
    // From a first piece of 1 KB, by doubling.
    const MOST_MOVES: usize = 11;
    for frame in [1000, 4095, 4096, 16 * 1024, LENGTH] {
        let bytes = fragments(LENGTH, frame);
        for piece in [1000, 4095, 4096, 16 * 1024] {
            let (mut reader, mut moves, mut room, mut whole) = (Reader::default(), 0, 0, 0);
            for piece in bytes.clone().chunks_mut(piece) {
                reader
                    .take(piece, LENGTH, |incoming| {
                        whole += usize::from(
                            matches!(incoming, Incoming::Text(text) if text.len() == LENGTH),
                        );
                    })
                    .expect("a text in fragments");
                if let Some(message) = &reader.message {
                    moves += usize::from(message.bytes.capacity() != room);
                    room = message.bytes.capacity();
                }
                assert!(
                    reader.begun.len() < MAX_HEAD,
                    "payload is kept beside the message"
                );
            }
            assert_eq!(whole, 1);
            assert!(moves <= MOST_MOVES, "{frame} in {piece}: {moves}");
        }
    }
}
