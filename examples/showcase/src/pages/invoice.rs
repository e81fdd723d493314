//! An invoice with as many lines as one likes: a nested form whose lines are
//! added, moved and removed, with sums to the cent while one types.

use axum::extract::{Query, State};
use bennu::form::{Entry, FormFields, List};
use bennu::prelude::*;
use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::db::{Invoice, InvoiceLine, Invoices, Listed, Saved};
use crate::decimal::{Cents, Quantity};
use crate::layout;
use crate::pages::Exhibit;

pub(crate) const EXHIBIT: Exhibit = Exhibit {
    slug: "invoice",
    name: "Invoice",
    summary: "A form in a form: add lines, move them, take them away, and watch the sums. \
              What is half typed survives a lost connection.",
    source: include_str!("invoice.rs"),
};

/// How many lines fit on an invoice.
const MOST_LINES: usize = 50;
const TAXES: [(&str, &str); 3] = [("0", "None"), ("7", "7 %"), ("19", "19 %")];

pub(crate) struct InvoiceEditor {
    invoices: Invoices,
    /// The one that is edited; none while it is new.
    id: Option<i64>,
    form: Form<Draft>,
    /// The key of the line that was added last: the focus goes there.
    added: Option<String>,
    listed: Vec<Listed>,
}

/// What the form's fields mean, and what must hold of them.
#[derive(Debug, Serialize, Deserialize, Validate, FormFields)]
pub(crate) struct Draft {
    #[garde(length(chars, max = 20))]
    number: String,
    #[garde(length(chars, max = 80))]
    customer: String,
    #[garde(length(max = 10))]
    issued: String,
    #[garde(range(max = 100))]
    tax: u8,
    #[garde(length(chars, max = 500))]
    note: String,
    #[garde(custom(count_lines), dive)]
    lines: Vec<Line>,
}

#[derive(Debug, Default, Serialize, Deserialize, Validate, FormFields)]
struct Line {
    #[garde(length(chars, max = 80))]
    title: String,
    #[garde(skip)]
    quantity: Quantity,
    #[garde(skip)]
    price: Cents,
}

#[derive(Event)]
pub(crate) enum Msg {
    Change { invoice: Form<Draft> },
    Save { invoice: Form<Draft> },
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Address {
    open: Option<i64>,
}

impl LiveView for InvoiceEditor {
    type Params = (State<Invoices>, Query<Address>);
    type Event = Msg;
    type Info = Never;

    async fn mount((State(invoices), _): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        socket.set_title(EXHIBIT.name);
        Ok(Self {
            invoices: invoices.clone(),
            id: None,
            form: empty(),
            added: None,
            listed: Vec::new(),
        })
    }

    async fn handle_params(
        &mut self,
        (_, Query(Address { open })): Self::Params,
        socket: &mut Socket<Self>,
    ) -> Result {
        self.added = None;
        self.listed = self.invoices.list().await?;
        let found = match open {
            Some(id) => self.invoices.find(id).await?,
            None => None,
        };
        self.id = open.filter(|_| found.is_some());
        self.form = found.as_ref().map_or_else(empty, filled);
        if open.is_some() && found.is_none() {
            socket.put_flash("error", "This invoice is gone.");
        }
        Ok(())
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Change { invoice } => self.take(invoice),
            Msg::Save { invoice } => {
                self.take(invoice);
                self.save(socket).await?;
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let page = html! {
            div.invoicing {
                section.card.invoice aria-label="Invoice" { (self.render_form()) }
                aside.card aria-labelledby="saved-title" { (self.render_saved()) }
            }
        };
        layout::exhibit(&EXHIBIT, page)
    }
}

/// An invoice with a line to begin with.
fn empty() -> Form<Draft> {
    #[derive(Serialize)]
    struct Blank {
        tax: u8,
        lines: [(); 1],
    }
    let blank = Blank {
        tax: 19,
        lines: [()],
    };
    Form::filled(&blank).named("invoice")
}

fn filled(invoice: &Invoice) -> Form<Draft> {
    let line = |line: &InvoiceLine| Line {
        title: line.title.clone(),
        quantity: line.quantity,
        price: line.price,
    };
    let draft = Draft {
        number: invoice.number.clone(),
        customer: invoice.customer.clone(),
        issued: invoice.issued.clone(),
        tax: u8::try_from(invoice.tax).unwrap_or_default(),
        note: invoice.note.clone(),
        lines: invoice.lines.iter().map(line).collect(),
    };
    Form::filled(&draft).named("invoice")
}

impl Draft {
    fn to_invoice(&self) -> Invoice {
        let line = |line: &Line| InvoiceLine {
            title: line.title.trim().to_owned(),
            quantity: line.quantity,
            price: line.price,
        };
        Invoice {
            number: self.number.trim().to_owned(),
            customer: self.customer.trim().to_owned(),
            issued: self.issued.clone(),
            tax: self.tax.into(),
            note: self.note.trim().to_owned(),
            lines: self.lines.iter().map(line).collect(),
        }
    }
}

fn check(form: &mut Form<Draft>) {
    let lines = form.list(Draft::LINES);
    let titles = lines
        .entries()
        .map(|line| line.field(Line::TITLE).path().to_owned());
    let titles: Vec<_> = titles.collect();
    form.require([Draft::NUMBER, Draft::CUSTOMER, Draft::ISSUED])
        .require(titles.iter().map(String::as_str))
        .garde();
}

fn count_lines(lines: &[Line], (): &()) -> garde::Result {
    match lines.len() {
        0 => Err(garde::Error::new("needs a line")),
        1..=MOST_LINES => Ok(()),
        _ => Err(garde::Error::new(format!(
            "has more than {MOST_LINES} lines"
        ))),
    }
}

/// What a line comes to, as far as it can be read.
fn line_total(line: &Entry<'_>) -> Option<Cents> {
    let quantity = Quantity::try_from(line.field(Line::QUANTITY).raw().to_owned());
    let price = Cents::try_from(line.field(Line::PRICE).raw().to_owned());
    Some(price.ok()?.times(quantity.ok()?))
}

impl InvoiceEditor {
    fn take(&mut self, mut form: Form<Draft>) {
        check(&mut form);
        let known = self.form.list(Draft::LINES);
        let is_new = |line: &Entry<'_>| known.entries().all(|known| known.key() != line.key());
        let added = form.list(Draft::LINES).entries().find(is_new);
        self.added = added
            .map(|line| line.key().to_owned())
            .or_else(|| self.added.take());
        self.form = form;
    }

    async fn save(&mut self, socket: &mut Socket<Self>) -> Result {
        let Some(draft) = self.form.value() else {
            return Ok(());
        };
        let invoice = draft.to_invoice();
        match self.invoices.save(self.id, &invoice).await? {
            Saved::NumberTaken => {
                self.form
                    .add_error(Draft::NUMBER, "is that of another invoice");
                Ok(())
            }
            Saved::As(id) => {
                socket.put_flash("info", format!("Invoice {} is saved.", invoice.number));
                socket.push_patch(format!("/invoice?open={id}"))
            }
        }
    }

    fn render_form(&self) -> Rendered {
        let form = &self.form;
        let lines = form.list(Draft::LINES);
        html! {
            form #invoice phx-change=(Msg::CHANGE) phx-submit=(Msg::SAVE) novalidate {
                div.head {
                    (form.input(Draft::NUMBER).label("Number").required().autocomplete("off").debounce(200))
                    (form.input(Draft::CUSTOMER).label("Customer").required().autocomplete("organization").debounce(200))
                    (form.input(Draft::ISSUED).label("Issued on").kind("date").required())
                    (form.select(Draft::TAX).label("Tax").options(TAXES))
                }
                h2 #lines-title { "Lines" }
                ol #lines aria-labelledby="lines-title" phx-hook="KeepFocus" data-else="#lines-errors ~ button" {
                    @for line in lines.entries() key=(line.key()) { (self.render_line(&line)) }
                }
                div #lines-errors.errors aria-live="polite" {
                    @for error in lines.errors() { p { "The invoice " (error) "." } }
                }
                @if lines.len() < MOST_LINES { (lines.add("Add a line").class("quiet")) }
                (form.textarea(Draft::NOTE).label("Note").attribute("rows", 2).debounce(200))
                (self.render_sums(&lines))
                div.foot {
                    button type="submit" phx-disable-with="Saving…" { "Save" }
                    a ..(link::patch("/invoice")) { "New invoice" }
                }
            }
        }
    }

    fn render_line(&self, line: &Entry<'_>) -> Rendered {
        let number = line.index() + 1;
        let id = line.field(Line::TITLE).id();
        let is_added = self.added.as_deref() == Some(line.key());
        let focus = is_added.then(|| Js::new().focus(format!("[id=\"{id}\"]")));
        let number_field = |name, label| {
            let field = line.input(name).label(label);
            field
                .attribute("inputmode", "decimal")
                .autocomplete("off")
                .debounce(200)
        };
        html! {
            li #{ "line-" (line.key()) } phx-mounted=[focus] {
                fieldset {
                    legend.visually-hidden { "Line " (number) }
                    (line.order())
                    (line.input(Line::TITLE).label("What").class("field what").autocomplete("off").debounce(200))
                    (number_field(Line::QUANTITY, "Quantity"))
                    (number_field(Line::PRICE, "Price"))
                    p.sum {
                        span { "Sum" }
                        output for={ (line.field(Line::QUANTITY).id()) " " (line.field(Line::PRICE).id()) } { (show(line_total(line))) }
                    }
                    div.moves {
                        (line.up("↑").label(format!("Move line {number} up")).class("quiet"))
                        (line.down("↓").label(format!("Move line {number} down")).class("quiet"))
                        (line.remove("✕").label(format!("Remove line {number}")).class("quiet"))
                    }
                }
            }
        }
    }

    fn render_sums(&self, lines: &List<'_>) -> Rendered {
        let net: Cents = lines.entries().filter_map(|line| line_total(&line)).sum();
        let tax = net.percent(self.form.raw(Draft::TAX).parse().unwrap_or_default());
        let total: Cents = [net, tax].into_iter().sum();
        html! {
            dl #sums {
                div { dt { "Net" } dd #net { (net) } }
                div { dt { "Tax" } dd #tax { (tax) } }
                div.total { dt { "Total" } dd #total { (total) } }
            }
        }
    }

    fn render_saved(&self) -> Rendered {
        html! {
            h2 #saved-title { "Saved" }
            @if self.listed.is_empty() {
                p.muted { "Nothing yet." }
            }
            ul #saved {
                @for invoice in &self.listed key=(invoice.id) {
                    li {
                        a ..(link::patch(format!("/invoice?open={}", invoice.id)))
                            aria-current=[(self.id == Some(invoice.id)).then_some("true")] {
                            strong { (invoice.number) }
                            span { (invoice.customer) }
                            span.amount { (invoice.total) }
                        }
                    }
                }
            }
        }
    }
}

fn show(amount: Option<Cents>) -> String {
    amount.map_or_else(|| "–".to_owned(), |amount| amount.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(encoded: &str) -> Vec<String> {
        let mut form = Form::parse(encoded);
        check(&mut form);
        let errors = form.result().err();
        let lines = errors.map(|errors| {
            errors
                .iter()
                .map(|(field, text)| format!("{field} {text}"))
                .collect()
        });
        lines.unwrap_or_default()
    }

    #[test]
    fn each_field_of_each_line_has_its_own_error() {
        let head = "number=7&customer=Ada&issued=2026-11-20&tax=19&note=";
        assert_eq!(errors(head), ["lines needs a line"]);
        let line = "lines[_sort][]=4&lines[4][title]=Tea&lines[4][quantity]=2&lines[4][price]=1.5";
        assert_eq!(errors(&format!("{head}&{line}")), [""; 0]);
        assert_eq!(
            errors(&format!(
                "{head}&{line}&lines[_sort][]=1&lines[1][title]=+&lines[1][quantity]=x&lines[1][price]=1.005"
            )),
            [
                "lines.1.price has more than 2 digits after the point",
                "lines.1.quantity must be a number such as 12.50",
                "lines.1.title is required",
            ]
        );
        let blank = "&lines[_sort][]=5&lines[5][title]=&lines[5][quantity]=1&lines[5][price]=1";
        assert_eq!(
            errors(&format!("{head}&{line}{blank}")),
            ["lines.1.title is required"]
        );
    }
}
