//! The operations of a stream (`protocol.md §4.7`).

use crate::json::write_string;
use crate::operations::Operations;

/// `[ref, inserts, deletes]`, and `true` for a reset: the stock client takes
/// anything else in its place for one.
pub(super) fn write(operations: &Operations, out: &mut String) {
    out.push_str("[\"");
    write_number(operations.reference(), out);
    out.push_str("\",[");
    // Phoenix lists the last insert first; clients look them up by id.
    for (number, (id, insert)) in operations.inserts().rev().enumerate() {
        out.push_str(if number == 0 { "[" } else { ",[" });
        write_string(id, out);
        out.push(',');
        write_number(insert.at, out);
        match insert.limit {
            Some(limit) => {
                out.push(',');
                write_number(limit, out);
            }
            None => out.push_str(",null"),
        }
        out.push_str(if insert.update_only {
            ",true]"
        } else {
            ",null]"
        });
    }
    out.push_str("],[");
    for (number, id) in operations.removed().iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        write_string(id, out);
    }
    out.push_str(if operations.is_reset() {
        "],true]"
    } else {
        "]]"
    });
}

pub(super) fn write_number(number: impl itoa::Integer, out: &mut String) {
    out.push_str(itoa::Buffer::new().format(number));
}
