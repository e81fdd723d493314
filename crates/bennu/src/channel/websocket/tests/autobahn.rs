//! The cases of the Autobahn test suite for servers, by their numbers: what the
//! suite sends, and what an echo made of our reader and writer answers. Each is
//! tried in one piece, frame by frame, byte by byte and cut at random.
//!
//! Compression (12 and 13) is not offered, so there is nothing to try. The close
//! codes 1012 to 1014 are newer than the suite's list of unassigned ones (7.9)
//! and pass. What the suite lets a server choose stands in the table as we chose:
//! invalid UTF-8 is refused at the byte that makes it so (6.4).

#![expect(clippy::too_many_lines, reason = "tables of cases")]

use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};

use super::super::{BadSocket, Incoming, Opcode, Reader, frame};
use super::client_frame;

const FINAL: u8 = 0x80;
const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// The suite's longest message is 16 MiB.
const LIMIT: usize = 16 * 1024 * 1024;

/// The suite's Greek word, with an omicron of three bytes.
const GREEK: &[u8] = b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5";

/// How a case ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// The connection stays open.
    Open,
    /// The peer closed it, with this code.
    Closed(Option<u16>),
    /// The peer broke the protocol.
    Broken(BadSocket),
}

struct Case {
    number: String,
    sent: Vec<Vec<u8>>,
    /// The frames that are answered: first byte and payload.
    answers: Vec<(u8, Vec<u8>)>,
    end: End,
}

/// A frame of the suite. Its length and mask are written by an implementation
/// that isn't ours; the first byte is as the case wants it.
fn sent(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = client_frame(OpCode::Data(Data::Binary), true, payload);
    bytes[0] = first;
    bytes
}

fn text(payload: &[u8]) -> Vec<u8> {
    sent(FINAL | TEXT, payload)
}

fn ping(payload: &[u8]) -> Vec<u8> {
    sent(FINAL | PING, payload)
}

fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    sent(FINAL | CLOSE, &[&code.to_be_bytes(), reason].concat())
}

/// A message in frames, each of at most so many bytes.
fn pieces(opcode: u8, message: &[u8], frame: usize) -> Vec<Vec<u8>> {
    let last = message.len().div_ceil(frame).max(1) - 1;
    let mut chunks = message.chunks(frame);
    (0..=last)
        .map(|at| {
            let opcode = if at == 0 { opcode } else { CONTINUATION };
            let fin = if at == last { FINAL } else { 0 };
            sent(fin | opcode, chunks.next().unwrap_or_default())
        })
        .collect()
}

fn echo(payload: &[u8]) -> (u8, Vec<u8>) {
    (FINAL | TEXT, payload.to_vec())
}

fn echo_binary(payload: &[u8]) -> (u8, Vec<u8>) {
    (FINAL | BINARY, payload.to_vec())
}

fn pong(payload: &[u8]) -> (u8, Vec<u8>) {
    (FINAL | PONG, payload.to_vec())
}

#[derive(Default)]
struct Cases(Vec<Case>);

impl Cases {
    fn add(
        &mut self,
        number: impl Into<String>,
        sent: Vec<Vec<u8>>,
        answers: Vec<(u8, Vec<u8>)>,
        end: End,
    ) {
        let number = number.into();
        self.0.push(Case {
            number,
            sent,
            answers,
            end,
        });
    }

    fn check(self) {
        for case in &self.0 {
            case.check();
        }
    }
}

/// An echo of the reader and the writer, as the suite wants to meet one.
#[derive(Default)]
struct Echo {
    reader: Reader,
    written: Vec<u8>,
    end: Option<End>,
}

impl Echo {
    /// Takes some bytes; nothing is answered after the end.
    fn take(&mut self, bytes: &mut [u8]) {
        if self.end.is_some() {
            return;
        }
        let (written, end) = (&mut self.written, &mut self.end);
        let taken = self.reader.take(bytes, LIMIT, |incoming| {
            if end.is_some() {
                return;
            }
            match incoming {
                Incoming::Text(text) => frame(Opcode::Text, text.as_bytes(), written),
                Incoming::Binary(bytes) => frame(Opcode::Binary, bytes, written),
                Incoming::Ping(payload) => frame(Opcode::Pong, payload, written),
                Incoming::Close(code) => *end = Some(End::Closed(code)),
            }
        });
        if let (Err(error), None) = (taken, &end) {
            *end = Some(End::Broken(error));
        }
    }
}

impl Case {
    fn check(&self) {
        let all = self.sent.concat();
        self.check_in("frame by frame", self.sent.clone());
        if all.len() > 64 * 1024 {
            // Byte by byte these would take minutes.
            return self.check_in("in reads", chunks(&all, 4095));
        }
        self.check_in("whole", vec![all.clone()]);
        self.check_in("byte by byte", chunks(&all, 1));
        let mut random = 1_u32;
        for _ in 0..4 {
            let (mut rest, mut cut) = (&*all, Vec::new());
            while !rest.is_empty() {
                // The multiplier of Park and Miller: any would do.
                random = random.wrapping_mul(48_271).wrapping_add(11);
                let most = rest.len().min(40);
                let (piece, after) = rest.split_at(1 + (random >> 16) as usize % most);
                cut.push(piece.to_vec());
                rest = after;
            }
            self.check_in("cut at random", cut);
        }
    }

    fn check_in(&self, how: &str, pieces: Vec<Vec<u8>>) {
        let mut echo = Echo::default();
        for mut piece in pieces {
            echo.take(&mut piece);
        }
        let mut answers = Vec::new();
        for (first, payload) in &self.answers {
            // A server doesn't mask.
            let header = FrameHeader::default();
            let mut bytes = Vec::new();
            Frame::from_payload(header, payload.clone().into())
                .format(&mut bytes)
                .expect("writing to memory");
            bytes[0] = *first;
            answers.extend(bytes);
        }
        let number = &self.number;
        assert_eq!(echo.end.unwrap_or(End::Open), self.end, "{number}, {how}");
        assert!(
            echo.written == answers,
            "{number}, {how}: {} bytes instead of {}",
            echo.written.len(),
            answers.len()
        );
    }
}

fn chunks(bytes: &[u8], piece: usize) -> Vec<Vec<u8>> {
    bytes.chunks(piece).map(<[u8]>::to_vec).collect()
}

#[test]
fn case_1_framing() {
    let mut cases = Cases::default();
    for (at, length) in [0, 125, 126, 127, 128, 65_535, 65_536]
        .into_iter()
        .enumerate()
    {
        let payload = vec![b'*'; length];
        let number = at + 1;
        // 1.1.8 and 1.2.8 are 1.1.7 and 1.2.7, cut into pieces.
        cases.add(
            format!("1.1.{number}"),
            vec![text(&payload)],
            vec![echo(&payload)],
            End::Open,
        );
        let payload = vec![0xFE; length];
        cases.add(
            format!("1.2.{number}"),
            vec![sent(FINAL | BINARY, &payload)],
            vec![echo_binary(&payload)],
            End::Open,
        );
    }
    cases.check();
}

#[test]
fn case_2_pings_and_pongs() {
    let mut cases = Cases::default();
    let unasked = |payload| sent(FINAL | PONG, payload);
    let binary: &[u8] = &[0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF];
    let longest = &[0xFE; 125];
    for (number, sent, answers, end) in [
        ("2.1", vec![ping(b"")], vec![pong(b"")], End::Open),
        ("2.2", vec![ping(b"hello")], vec![pong(b"hello")], End::Open),
        ("2.3", vec![ping(binary)], vec![pong(binary)], End::Open),
        // And 2.6, byte by byte.
        ("2.4", vec![ping(longest)], vec![pong(longest)], End::Open),
        (
            "2.5",
            vec![ping(&[0xFE; 126])],
            vec![],
            End::Broken(BadSocket::BadControl),
        ),
        ("2.7", vec![unasked(b"")], vec![], End::Open),
        ("2.8", vec![unasked(b"unsolicited")], vec![], End::Open),
        (
            "2.9",
            vec![unasked(b"unsolicited"), ping(b"ping")],
            vec![pong(b"ping")],
            End::Open,
        ),
    ] {
        cases.add(number, sent, answers, end);
    }
    let payloads: Vec<Vec<u8>> = (0..10).map(|at| format!("payload-{at}").into()).collect();
    cases.add(
        "2.10 and 2.11",
        payloads.iter().map(|payload| ping(payload)).collect(),
        payloads.iter().map(|payload| pong(payload)).collect(),
        End::Open,
    );
    cases.check();
}

#[test]
fn case_3_reserved_bits() {
    let mut cases = Cases::default();
    let reserved = End::Broken(BadSocket::Reserved);
    let bits = |bits: u8, opcode: u8, payload| sent(FINAL | (bits << 4) | opcode, payload);
    let first = || text(b"*");
    cases.add("3.1", vec![bits(1, TEXT, b"*")], vec![], reserved);
    for (number, wrong) in [
        // 3.3 and 3.4 are 3.2, cut into pieces.
        ("3.2", bits(2, TEXT, b"*")),
        ("3.3 with bit 3", bits(3, TEXT, b"*")),
        ("3.4", bits(4, TEXT, b"*")),
    ] {
        let sent = vec![first(), wrong, ping(b"")];
        cases.add(number, sent, vec![echo(b"*")], reserved);
    }
    for (number, wrong) in [
        ("3.5", bits(5, BINARY, &[0xFF; 8])),
        ("3.6", bits(6, PING, b"hello")),
        ("3.7", bits(7, CLOSE, b"")),
    ] {
        cases.add(number, vec![wrong], vec![], reserved);
    }
    cases.check();
}

#[test]
fn case_4_opcodes() {
    let mut cases = Cases::default();
    let reserved = End::Broken(BadSocket::Reserved);
    for (section, opcodes) in [(1, 3..=7), (2, 11..=15)] {
        for (at, opcode) in opcodes.enumerate() {
            let number = format!("4.{section}.{}", at + 1);
            for payload in [&b""[..], b"reserved"] {
                let wrong = || sent(FINAL | opcode, payload);
                cases.add(&number, vec![wrong(), ping(b"")], vec![], reserved);
                let after = vec![text(b"*"), wrong(), ping(b"")];
                cases.add(&number, after, vec![echo(b"*")], reserved);
            }
        }
    }
    cases.check();
}

#[test]
fn case_5_fragmentation() {
    let mut cases = Cases::default();
    let misplaced = End::Broken(BadSocket::Misplaced);
    let control = End::Broken(BadSocket::BadControl);
    let (first, second) = (b"fragment1", b"fragment2");
    let both = &[&first[..], second].concat();
    let begin = || sent(TEXT, first);
    let go_on = |payload| sent(CONTINUATION, payload);
    let finish = |payload| sent(FINAL | CONTINUATION, payload);
    for (number, sent, answers, end) in [
        (
            "5.1",
            vec![sent(PING, first), finish(second)],
            vec![],
            control,
        ),
        (
            "5.2",
            vec![sent(PONG, first), finish(second)],
            vec![],
            control,
        ),
        // And 5.4 and 5.5, cut into pieces; likewise below.
        (
            "5.3",
            vec![begin(), finish(second)],
            vec![echo(both)],
            End::Open,
        ),
        (
            "5.6 to 5.8",
            vec![begin(), ping(b"ping"), finish(second)],
            vec![pong(b"ping"), echo(both)],
            End::Open,
        ),
        (
            "5.9 to 5.11",
            vec![finish(first), text(b"*")],
            vec![],
            misplaced,
        ),
        (
            "5.12 to 5.14",
            vec![go_on(first), text(b"*")],
            vec![],
            misplaced,
        ),
        (
            "5.15",
            vec![begin(), finish(second), go_on(b"fragment3"), text(b"*")],
            vec![echo(both)],
            misplaced,
        ),
        (
            "5.16",
            vec![
                go_on(first),
                begin(),
                finish(second),
                go_on(first),
                begin(),
                finish(second),
            ],
            vec![],
            misplaced,
        ),
        (
            "5.17",
            vec![
                finish(first),
                begin(),
                finish(second),
                finish(first),
                begin(),
                finish(second),
            ],
            vec![],
            misplaced,
        ),
        ("5.18", vec![begin(), text(second)], vec![], misplaced),
        (
            "5.19 and 5.20",
            vec![
                sent(TEXT, b"1"),
                go_on(b"2"),
                ping(b"first"),
                go_on(b"3"),
                go_on(b"4"),
                ping(b"second"),
                finish(b"5"),
            ],
            vec![pong(b"first"), pong(b"second"), echo(b"12345")],
            End::Open,
        ),
    ] {
        cases.add(number, sent, answers, end);
    }
    cases.check();
}

/// Texts that are valid, by the suite's sections: empty ones and those in
/// pieces (6.1 to 6.2), then whole ones.
#[test]
fn case_6_valid_utf8() {
    let mut cases = Cases::default();
    let hello = "Hello-µ@ßöäüàá-UTF-8!!".as_bytes();
    let begin = |payload| sent(TEXT, payload);
    let go_on = |payload| sent(CONTINUATION, payload);
    let finish = |payload| sent(FINAL | CONTINUATION, payload);
    for (number, sent, whole) in [
        ("6.1.1", vec![text(b"")], &b""[..]),
        ("6.1.2", vec![begin(b""), go_on(b""), finish(b"")], b""),
        (
            "6.1.3",
            vec![begin(b""), go_on(b"middle"), finish(b"")],
            b"middle",
        ),
        ("6.2.1", vec![text(hello)], hello),
        // Between two characters, and within one.
        (
            "6.2.2",
            vec![begin(&hello[..8]), finish(&hello[8..])],
            hello,
        ),
        (
            "6.2.2 within ß",
            vec![begin(&hello[..10]), finish(&hello[10..])],
            hello,
        ),
        ("6.2.3", pieces(TEXT, hello, 1), hello),
        ("6.2.4", pieces(TEXT, GREEK, 1), GREEK),
    ] {
        cases.add(number, sent, vec![echo(whole)], End::Open);
    }
    let valid: [(&str, &[&[u8]]); 8] = [
        (
            "6.5",
            &[
                b"hello$world",
                "hello¢world".as_bytes(),
                "hello€world".as_bytes(),
                "hello𤭢world".as_bytes(),
                GREEK,
            ],
        ),
        (
            "6.6",
            &[&GREEK[..2], &GREEK[..5], &GREEK[..7], &GREEK[..9], GREEK],
        ),
        (
            "6.7",
            &[b"\0", b"\xC2\x80", b"\xE0\xA0\x80", b"\xF0\x90\x80\x80"],
        ),
        (
            "6.9",
            &[b"\x7F", b"\xDF\xBF", b"\xEF\xBF\xBF", b"\xF4\x8F\xBF\xBF"],
        ),
        (
            "6.11",
            &[
                b"\xED\x9F\xBF",
                b"\xEE\x80\x80",
                b"\xEF\xBF\xBD",
                b"\xF4\x8F\xBF\xBF",
            ],
        ),
        (
            "6.22 in the first plane",
            &[b"\xEF\xBF\xBE", b"\xEF\xBF\xBF"],
        ),
        (
            "6.23",
            &[
                b"\xEF\xBF\xB9",
                b"\xEF\xBF\xBA",
                b"\xEF\xBF\xBB",
                b"\xEF\xBF\xBC",
                b"\xEF\xBF\xBD",
                b"\xEF\xBF\xBE",
                b"\xEF\xBF\xBF",
            ],
        ),
        ("a byte order mark", &[b"\xEF\xBB\xBF"]),
    ];
    for (section, texts) in valid {
        for (at, &bytes) in texts.iter().enumerate() {
            let number = format!("{section}, {}", at + 1);
            cases.add(&number, vec![text(bytes)], vec![echo(bytes)], End::Open);
            cases.add(
                &number,
                pieces(TEXT, bytes, 1),
                vec![echo(bytes)],
                End::Open,
            );
        }
    }
    // The last two code points of each plane are no characters, and valid.
    for plane in 1..=16_u32 {
        for last in [0xFFFE, 0xFFFF] {
            let character = char::from_u32((plane << 16) | last).expect("not a surrogate");
            let bytes = character.to_string().into_bytes();
            let number = format!("6.22, plane {plane}");
            cases.add(
                number,
                pieces(TEXT, &bytes, 1),
                vec![echo(&bytes)],
                End::Open,
            );
        }
    }
    cases.check();
}

/// The suite's invalid sequences, by its sections.
const INVALID: [(&str, &[&[u8]]); 17] = [
    (
        "6.3",
        &[b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xED\xA0\x80edited"],
    ),
    (
        "6.6",
        &[
            b"\xCE",
            b"\xCE\xBA\xE1",
            b"\xCE\xBA\xE1\xBD",
            b"\xCE\xBA\xE1\xBD\xB9\xCF",
            b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE",
            b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE",
        ],
    ),
    (
        "6.8",
        &[b"\xF8\x88\x80\x80\x80", b"\xFC\x84\x80\x80\x80\x80"],
    ),
    (
        "6.10",
        &[
            b"\xF7\xBF\xBF\xBF",
            b"\xFB\xBF\xBF\xBF\xBF",
            b"\xFD\xBF\xBF\xBF\xBF\xBF",
        ],
    ),
    ("6.11", &[b"\xF4\x90\x80\x80"]),
    (
        "6.12",
        &[
            b"\x80",
            b"\xBF",
            b"\x80\xBF",
            b"\x80\xBF\x80",
            b"\x80\xBF\x80\xBF",
            b"\x80\xBF\x80\xBF\x80",
            b"\x80\xBF\x80\xBF\x80\xBF",
            b"\x80\x81\x82\x83\x9F\xA0\xBD\xBE",
        ],
    ),
    (
        "6.13",
        &[
            b"\xC0 \xC1 \xDF ",
            b"\xE0 \xEF ",
            b"\xF0 \xF7 ",
            b"\xF8 \xFB ",
            b"\xFC \xFD ",
        ],
    ),
    (
        "6.14",
        &[
            b"\xC0",
            b"\xE0\x80",
            b"\xF0\x80\x80",
            b"\xF8\x80\x80\x80",
            b"\xFC\x80\x80\x80\x80",
            b"\xDF",
            b"\xEF\xBF",
            b"\xF7\xBF\xBF",
            b"\xFB\xBF\xBF\xBF",
            b"\xFD\xBF\xBF\xBF\xBF",
        ],
    ),
    (
        "6.15",
        &[b"\xC0\xE0\x80\xF0\x80\x80\xF8\x80\x80\x80\xFC\x80\x80\x80\x80\xDF\xEF\xBF\xF7\xBF\xBF"],
    ),
    ("6.16", &[b"\xFE", b"\xFF", b"\xFE\xFE\xFF\xFF"]),
    (
        "6.17",
        &[
            b"\xC0\xAF",
            b"\xE0\x80\xAF",
            b"\xF0\x80\x80\xAF",
            b"\xF8\x80\x80\x80\xAF",
            b"\xFC\x80\x80\x80\x80\xAF",
        ],
    ),
    (
        "6.18",
        &[
            b"\xC1\xBF",
            b"\xE0\x9F\xBF",
            b"\xF0\x8F\xBF\xBF",
            b"\xF8\x87\xBF\xBF\xBF",
            b"\xFC\x83\xBF\xBF\xBF\xBF",
        ],
    ),
    (
        "6.19",
        &[
            b"\xC0\x80",
            b"\xE0\x80\x80",
            b"\xF0\x80\x80\x80",
            b"\xF8\x80\x80\x80\x80",
            b"\xFC\x80\x80\x80\x80\x80",
        ],
    ),
    (
        "6.20",
        &[
            b"\xED\xA0\x80",
            b"\xED\xAD\xBF",
            b"\xED\xAE\x80",
            b"\xED\xAF\xBF",
            b"\xED\xB0\x80",
            b"\xED\xBE\x80",
            b"\xED\xBF\xBF",
        ],
    ),
    (
        "6.21",
        &[
            b"\xED\xA0\x80\xED\xB0\x80",
            b"\xED\xA0\x80\xED\xBF\xBF",
            b"\xED\xAD\xBF\xED\xB0\x80",
            b"\xED\xAD\xBF\xED\xBF\xBF",
            b"\xED\xAE\x80\xED\xB0\x80",
            b"\xED\xAE\x80\xED\xBF\xBF",
            b"\xED\xAF\xBF\xED\xB0\x80",
            b"\xED\xAF\xBF\xED\xBF\xBF",
        ],
    ),
    ("Latin-1", &[b"caf\xE9", b"\xE9t\xE9"]),
    (
        "after much that is valid",
        &[b"0123456789abcdefghijklmnopqrstuvwxyz\xFF"],
    ),
];

#[test]
fn case_6_invalid_utf8() {
    let mut cases = Cases::default();
    let broken = End::Broken(BadSocket::NotUtf8);
    for (section, texts) in INVALID {
        for (at, &bytes) in texts.iter().enumerate() {
            let number = format!("{section}, {}", at + 1);
            cases.add(&number, vec![text(bytes)], vec![], broken);
            cases.add(&number, pieces(TEXT, bytes, 1), vec![], broken);
            // As bytes they may be anything.
            let binary = vec![sent(FINAL | BINARY, bytes)];
            cases.add(&number, binary, vec![echo_binary(bytes)], End::Open);
        }
    }
    cases.check();
}

/// Case 6.4: nothing that follows could make these texts valid.
#[test]
fn case_6_invalid_utf8_is_refused_at_the_byte_that_makes_it_so() {
    for (number, first, second) in [
        ("6.4.1", GREEK, &b"\xF4\x90"[..]),
        ("6.4.2", &[GREEK, b"\xF4"].concat(), b"\x90"),
        ("a byte that is in no text", GREEK, b"\xFF"),
        ("a surrogate", &[GREEK, b"\xED"].concat(), b"\xA0"),
    ] {
        let rest = [second, b"\x80\x80edited"].concat();
        // 6.4.1 and 6.4.2: in frames, of which the second is not the last.
        // 6.4.3 and 6.4.4: in one frame, whose rest never comes.
        let [mut in_frames, mut in_one] = [
            [sent(TEXT, first), sent(CONTINUATION, &rest)].concat(),
            text(&[first, &rest].concat()),
        ];
        for bytes in [&mut in_frames, &mut in_one] {
            let unread = rest.len() - second.len();
            let last = bytes.len() - unread;
            let mut reader = Reader::default();
            let mut refused = None;
            for (at, byte) in bytes.iter_mut().enumerate() {
                let taken = reader.take(std::slice::from_mut(byte), LIMIT, |_| ());
                if let Err(error) = taken {
                    refused = Some((at + 1, error));
                    break;
                }
            }
            assert_eq!(refused, Some((last, BadSocket::NotUtf8)), "{number}");
        }
    }
}

#[test]
fn case_7_closing() {
    let mut cases = Cases::default();
    let normal = End::Closed(Some(1000));
    let hello = b"Hello World!";
    let twice = vec![close(1000, b""), close(1000, b"")];
    for (number, sent, answers, end) in [
        (
            "7.1.1",
            vec![text(hello), close(1000, b"")],
            vec![echo(hello)],
            normal,
        ),
        ("7.1.2", twice, vec![], normal),
        ("7.1.3", vec![close(1000, b""), ping(b"")], vec![], normal),
        ("7.1.4", vec![close(1000, b""), text(hello)], vec![], normal),
        (
            "7.1.5",
            vec![
                sent(TEXT, b"fragment1"),
                close(1000, b""),
                sent(FINAL | CONTINUATION, b"fragment2"),
                ping(b""),
            ],
            vec![],
            normal,
        ),
        (
            "7.1.6",
            vec![
                text(&[b'B'; 256 * 1024]),
                text(hello),
                close(1000, b""),
                ping(b""),
            ],
            vec![echo(&[b'B'; 256 * 1024]), echo(hello)],
            normal,
        ),
        (
            "7.3.1",
            vec![sent(FINAL | CLOSE, b"")],
            vec![],
            End::Closed(None),
        ),
        (
            "7.3.2",
            vec![sent(FINAL | CLOSE, b"a")],
            vec![],
            End::Broken(BadSocket::BadClose),
        ),
        ("7.3.3", vec![close(1000, b"")], vec![], normal),
        ("7.3.4", vec![close(1000, hello)], vec![], normal),
        ("7.3.5", vec![close(1000, &[b'*'; 123])], vec![], normal),
        (
            "7.3.6",
            vec![close(1000, &[b'*'; 124])],
            vec![],
            End::Broken(BadSocket::BadControl),
        ),
        (
            "7.5.1",
            vec![close(1000, b"\xCE\xBA\xE1\xBD\xB9\xED\xA0\x80edited")],
            vec![],
            End::Broken(BadSocket::NotUtf8),
        ),
    ] {
        cases.add(number, sent, answers, end);
    }
    let assigned = [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
    ];
    for code in assigned.into_iter().chain([3000, 3999, 4000, 4999]) {
        for reason in [&b""[..], b"a reason"] {
            let end = End::Closed(Some(code));
            cases.add(
                format!("7.7, {code}"),
                vec![close(code, reason)],
                vec![],
                end,
            );
        }
    }
    let unassigned = [
        0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535,
    ];
    for code in unassigned {
        for reason in [&b""[..], b"a reason"] {
            let end = End::Broken(BadSocket::BadClose);
            cases.add(
                format!("7.9 and 7.13, {code}"),
                vec![close(code, reason)],
                vec![],
                end,
            );
        }
    }
    cases.check();
}

#[test]
fn case_9_limits_and_10_fragments_of_any_size() {
    const KIB: usize = 1024;
    const MIB: usize = 1024 * KIB;
    let mut cases = Cases::default();
    let message = |length| -> Vec<u8> { (b'a'..=b'z').cycle().take(length).collect() };
    for (at, length) in [64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB]
        .into_iter()
        .enumerate()
    {
        // 9.2 is 9.1 with bytes instead of text.
        let message = message(length);
        let number = at + 1;
        cases.add(
            format!("9.1.{number}"),
            vec![text(&message)],
            vec![echo(&message)],
            End::Open,
        );
        if length <= 4 * MIB {
            let sent = vec![sent(FINAL | BINARY, &message)];
            cases.add(
                format!("9.2.{number}"),
                sent,
                vec![echo_binary(&message)],
                End::Open,
            );
        }
    }
    let too_long = message(LIMIT + 1);
    let too_big = End::Broken(BadSocket::TooBig);
    cases.add(
        "one byte above the limit",
        vec![text(&too_long)],
        vec![],
        too_big,
    );
    cases.add(
        "likewise, in fragments",
        pieces(TEXT, &too_long, MIB),
        vec![],
        too_big,
    );

    let large = message(4 * MIB);
    for (at, frame) in [
        64,
        256,
        KIB,
        4 * KIB,
        16 * KIB,
        64 * KIB,
        256 * KIB,
        MIB,
        4 * MIB,
    ]
    .into_iter()
    .enumerate()
    {
        let number = at + 1;
        let sent = pieces(TEXT, &large, frame);
        cases.add(format!("9.3.{number}"), sent, vec![echo(&large)], End::Open);
        if frame >= 4 * KIB {
            let sent = pieces(BINARY, &large, frame);
            cases.add(
                format!("9.4.{number}"),
                sent,
                vec![echo_binary(&large)],
                End::Open,
            );
        }
    }
    // 9.5 and 9.6: one frame in pieces of a few bytes.
    let large = message(MIB);
    for piece in [64, 128, 256, 512, KIB, 2 * KIB] {
        let mut case = Cases::default();
        case.add(
            format!("9.5, {piece}"),
            vec![],
            vec![echo(&large)],
            End::Open,
        );
        case.0[0].check_in("in pieces", chunks(&text(&large), piece));
    }
    // 9.7 and 9.8: a thousand messages.
    for length in [0, 16, 64, 256, KIB, 4 * KIB] {
        let message = message(length);
        let (sent, answers) = (vec![text(&message); 1000], vec![echo(&message); 1000]);
        cases.add(format!("9.7, {length}"), sent, answers, End::Open);
    }
    let message = message(64 * KIB);
    cases.add(
        "10.1.1",
        pieces(TEXT, &message, 1300),
        vec![echo(&message)],
        End::Open,
    );
    cases.check();
}
