//! The pages of the workloads, from state to bytes: render, diff and encode.
//!
//! `cargo bench -p bennu-core`. The templates are written as `html!` expands
//! them.

#![allow(missing_docs, reason = "a bench has no users")]

use bennu_core::__private::{Keys, Splice, ViaRender as _, Writer};
use bennu_core::wire::{Extensions, Message};
use bennu_core::{Prints, Rendered, Template, long_text};
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

const ROWS: u32 = 1000;

#[derive(Clone)]
struct Row {
    id: u32,
    label: String,
    value: u32,
}

impl Row {
    fn new(id: u32) -> Self {
        Self {
            id,
            label: format!("Row label number {id}"),
            value: id * 7919 % 100_000,
        }
    }
}

fn rows() -> Vec<Row> {
    (1..=ROWS).map(Row::new).collect()
}

fn table(rows: &[Row]) -> Rendered {
    table_with::<false>(rows)
}

/// With a memo for each row, or without.
fn table_with<const MEMO: bool>(rows: &[Row]) -> Rendered {
    static PAGE: Template = Template::fragment(&[
        "<h1>Table</h1><div class=\"buttons\"><button phx-click=\"update_one\">update</button>\
         <button phx-click=\"append\">append</button></div><table class=\"table\"><thead><tr>\
         <th>Id</th><th>Label</th><th>Value</th></tr></thead><tbody>",
        "</tbody></table>",
    ]);
    static ROW: Template = Template::element(&[
        "<tr id=\"row-",
        "\"><td class=\"id\">",
        "</td><td class=\"label\">",
        "</td><td class=\"value\">",
        "</td></tr>",
    ]);
    let mut writer = Writer::new(&PAGE);
    let keys = Keys::new();
    if MEMO {
        let mut list = writer.open_memo_list(&ROW);
        for row in rows {
            let (key, memo) = (keys.key(&row.id), keys.memo(&row.value, 0));
            if writer.keeps(&mut list, key, memo) {
                continue;
            }
            writer.memo_entry(&mut list, key, memo);
            cells(row, &mut writer);
        }
        writer.close_list(list);
    } else {
        let mut list = writer.open_list(&ROW);
        for row in rows {
            writer.entry(&mut list, keys.key(&row.id));
            cells(row, &mut writer);
        }
        writer.close_list(list);
    }
    writer.finish()
}

#[inline]
fn cells(row: &Row, writer: &mut Writer) {
    (&&&Splice(&row.id)).splice(writer.place());
    (&&&Splice(&row.id)).splice(writer.place());
    (&&&Splice(&row.label)).splice(writer.place());
    (&&&Splice(&row.value)).splice(writer.place());
}

fn counter(count: i64) -> Rendered {
    static PAGE: Template = Template::fragment(&[
        "<header class=\"top\"><nav><a href=\"/\">Home</a></nav></header><main><div \
         class=\"counter\"><h1>Count: <span id=\"count\">",
        "</span></h1><button phx-click=\"inc\">+</button></div></main>",
    ]);
    let mut writer = Writer::new(&PAGE);
    (&&&Splice(&count)).splice(writer.place());
    writer.finish()
}

/// What a view does at each turn.
struct View {
    prints: Prints,
    json: String,
}

impl View {
    fn joined(rendered: &Rendered) -> Self {
        let mut view = Self {
            prints: Prints::default(),
            json: String::new(),
        };
        view.join(rendered);
        view
    }

    fn join(&mut self, rendered: &Rendered) -> usize {
        self.json.clear();
        let mut message = Message::new(&mut self.json);
        self.prints.join(rendered, &mut message);
        let _ = message.finish();
        self.json.len()
    }

    fn diff(&mut self, rendered: &Rendered) -> usize {
        self.json.clear();
        let mut message = Message::new(&mut self.json);
        self.prints.diff(rendered, &mut message);
        let _ = message.finish();
        self.json.len()
    }
}

/// Goes to and fro between two states of the table.
fn alternate(bencher: Bencher<'_, '_>, change: impl FnOnce(&mut Vec<Row>)) {
    let one = rows();
    let mut other = one.clone();
    change(&mut other);
    let mut view = View::joined(&table(&one));
    let mut changed = false;
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| {
        changed = !changed;
        view.diff(&table(if changed { &other } else { &one }))
    });
}

/// As [`alternate`], with a memo for each row.
fn alternate_memo(bencher: Bencher<'_, '_>, change: impl FnOnce(&mut Vec<Row>)) {
    let one = rows();
    let mut other = one.clone();
    change(&mut other);
    let mut view = View::joined(&table_with::<true>(&one));
    let mut changed = false;
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| {
        changed = !changed;
        let rows = if changed { &other } else { &one };
        let rendered = view.prints.render(|| table_with::<true>(rows));
        view.diff(&rendered)
    });
}

#[divan::bench]
fn memo_update_one(bencher: Bencher<'_, '_>) {
    alternate_memo(bencher, |rows| rows[500].value = 12_345);
}

#[divan::bench]
fn memo_unchanged(bencher: Bencher<'_, '_>) {
    alternate_memo(bencher, |_| ());
}

#[divan::bench]
fn memo_update_every_10th(bencher: Bencher<'_, '_>) {
    alternate_memo(bencher, |rows| {
        for row in rows.iter_mut().step_by(10) {
            row.value += 1;
        }
    });
}

#[divan::bench]
fn memo_swap(bencher: Bencher<'_, '_>) {
    alternate_memo(bencher, |rows| rows.swap(1, 998));
}

#[divan::bench]
fn memo_prepend_and_remove_first(bencher: Bencher<'_, '_>) {
    alternate_memo(bencher, |rows| rows.insert(0, Row::new(ROWS + 1)));
}

fn transcript(text: &str, whole: bool) -> Rendered {
    static PAGE: Template = Template::element(&["<pre>", "</pre>"]);
    let mut writer = Writer::new(&PAGE);
    if whole {
        (&&&Splice(text)).splice(writer.place());
    } else {
        (&&&Splice(&long_text(text))).splice(writer.place());
    }
    writer.finish()
}

/// A token of 6 bytes more, and gone again.
fn append_token(bencher: Bencher<'_, '_>, whole: bool) {
    let long = "token ".repeat(20_000 / 6);
    let longer = format!("{long}token ");
    let extensions = Extensions::of(["splices"]);
    let mut view = View::joined(&transcript(&long, whole));
    let mut changed = false;
    bencher.bench_local(|| {
        changed = !changed;
        view.json.clear();
        let mut message = Message::new(&mut view.json).with(extensions);
        let text = if changed { &longer } else { &long };
        view.prints.diff(&transcript(text, whole), &mut message);
        let _ = message.finish();
        view.json.len()
    });
}

#[divan::bench]
fn long_text_append_to_20_kb(bencher: Bencher<'_, '_>) {
    append_token(bencher, false);
}

#[divan::bench]
fn text_append_to_20_kb(bencher: Bencher<'_, '_>) {
    append_token(bencher, true);
}

#[divan::bench]
fn counter_click(bencher: Bencher<'_, '_>) {
    let mut view = View::joined(&counter(0));
    let mut count = 0;
    bencher.bench_local(|| {
        count += 1;
        view.diff(&counter(count))
    });
}

#[divan::bench]
fn table_update_one(bencher: Bencher<'_, '_>) {
    alternate(bencher, |rows| rows[500].value = 12_345);
}

#[divan::bench]
fn table_update_every_10th(bencher: Bencher<'_, '_>) {
    alternate(bencher, |rows| {
        for row in rows.iter_mut().step_by(10) {
            row.value += 1;
        }
    });
}

#[divan::bench]
fn table_unchanged(bencher: Bencher<'_, '_>) {
    alternate(bencher, |_| ());
}

#[divan::bench]
fn table_swap(bencher: Bencher<'_, '_>) {
    alternate(bencher, |rows| rows.swap(1, 998));
}

#[divan::bench]
fn table_prepend_and_remove_first(bencher: Bencher<'_, '_>) {
    alternate(bencher, |rows| rows.insert(0, Row::new(ROWS + 1)));
}

#[divan::bench]
fn table_remove_middle_and_insert(bencher: Bencher<'_, '_>) {
    alternate(bencher, |rows| drop(rows.remove(500)));
}

#[divan::bench]
fn table_create(bencher: Bencher<'_, '_>) {
    alternate(bencher, |rows| {
        *rows = (ROWS + 1..=2 * ROWS).map(Row::new).collect();
    });
}

#[divan::bench]
fn table_render_alone(bencher: Bencher<'_, '_>) {
    let rows = rows();
    bencher.bench_local(|| table(&rows));
}

#[divan::bench]
fn table_diff_alone(bencher: Bencher<'_, '_>) {
    let rendered = table(&rows());
    let mut view = View::joined(&rendered);
    bencher.bench_local(|| view.diff(&rendered));
}

#[divan::bench]
fn table_join(bencher: Bencher<'_, '_>) {
    let rows = rows();
    let mut view = View::joined(&table(&rows));
    bencher.bench_local(|| view.join(&table(&rows)));
}

#[divan::bench]
fn table_html(bencher: Bencher<'_, '_>) {
    let rows = rows();
    bencher.bench_local(|| table(&rows).to_html().len());
}
