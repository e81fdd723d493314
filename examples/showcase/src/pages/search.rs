//! Search as you type, with the URL as the only state: it can be shared,
//! reloaded and gone back to.

use std::time::{Duration, Instant};

use axum::extract::{Query, State};
use bennu::prelude::*;
use serde::Deserialize;

use crate::db::{Book, Books, Search, Sort, terms};
use crate::layout;
use crate::pages::Exhibit;

pub(crate) const EXHIBIT: Exhibit = Exhibit {
    slug: "search",
    name: "Search",
    summary: "Twelve thousand made-up books in SQLite, found while you type. Text, order and page are in the URL.",
    source: include_str!("search.rs"),
};

const PAGE: u32 = 20;

pub(crate) struct BookSearch {
    books: Books,
    wanted: Wanted,
    found: Vec<Book>,
    count: u32,
    took: Duration,
}

/// What the URL asks for, and the form too: it has no page and so asks for the
/// first.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    q: String,
    sort: Sort,
    page: u32,
}

#[derive(Event)]
pub(crate) enum Msg {
    Search(Wanted),
}

impl LiveView for BookSearch {
    type Params = (State<Books>, Query<Wanted>);
    type Event = Msg;
    type Info = Never;

    async fn mount((State(books), _): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        socket.set_title(EXHIBIT.name);
        Ok(Self {
            books: books.clone(),
            wanted: Wanted::default(),
            found: Vec::new(),
            count: 0,
            took: Duration::ZERO,
        })
    }

    /// The one place that searches: for the first page load, while typing, for
    /// links to other pages, and for back and forward.
    async fn handle_params(
        &mut self,
        (_, Query(wanted)): Self::Params,
        _: &mut Socket<Self>,
    ) -> Result {
        let start = Instant::now();
        self.count = self.books.count(&wanted.q).await?;
        let page = wanted.page.clamp(1, pages(self.count));
        self.wanted = Wanted { page, ..wanted };
        let search = Search {
            text: &self.wanted.q,
            sort: self.wanted.sort,
            offset: (page - 1) * PAGE,
            limit: PAGE,
        };
        self.found = self.books.find(search).await?;
        self.took = start.elapsed();
        Ok(())
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        // In place of the current URL, so that "back" doesn't go letter by letter.
        match event {
            Msg::Search(wanted) => socket.replace_patch(wanted.url()),
        }
    }

    fn render(&self) -> Rendered {
        let page = html! {
            section.card.search aria-label="Search" {
                (self.render_form())
                p #summary.muted role="status" {
                    (grouped(self.count)) @if self.count == 1 { " book" } @else { " books" }
                    " in " (format!("{:.1}", self.took.as_secs_f64() * 1e3)) " ms"
                }
                @if self.found.is_empty() {
                    p #empty.empty { "No book has all of these words. Try fewer, or only their beginnings." }
                } @else {
                    (self.render_found())
                    (self.render_pages())
                }
            }
        };
        layout::exhibit(&EXHIBIT, page)
    }
}

impl BookSearch {
    fn render_form(&self) -> Rendered {
        let Wanted { q, sort, .. } = &self.wanted;
        let option = |value: Sort, name: &str| {
            html! { option value=(value.name()) selected[*sort == value] { (name) } }
        };
        html! {
            form #search role="search" action="/search" phx-change=(Msg::SEARCH) phx-submit=(Msg::SEARCH) {
                label.visually-hidden for="q" { "Title or author" }
                input #q type="search" name="q" value=(q) placeholder="Title or author, such as “phoe nov”"
                    autocomplete="off" spellcheck="false" phx-debounce="150";
                label.visually-hidden for="sort" { "Order" }
                select #sort name="sort" {
                    (option(Sort::Best, "Best match"))
                    (option(Sort::Title, "Title"))
                    (option(Sort::Author, "Author"))
                    (option(Sort::Newest, "Newest"))
                }
            }
        }
    }

    fn render_found(&self) -> Rendered {
        let terms: Vec<String> = terms(&self.wanted.q).map(folded).collect();
        html! {
            ol #books {
                @for book in &self.found key=(book.id) {
                    li #{ "book-" (book.id) } {
                        span.title { (highlighted(&book.title, &terms)) }
                        span.author { (highlighted(&book.author, &terms)) }
                        span.year { (book.year) }
                    }
                }
            }
        }
    }

    fn render_pages(&self) -> Rendered {
        let Wanted { page, .. } = self.wanted;
        let last = pages(self.count);
        html! {
            nav #pages aria-label="Pages of results" {
                (self.render_page("previous", (page > 1).then(|| page - 1), "← Previous"))
                span #page { "Page " (grouped(page)) " of " (grouped(last)) }
                (self.render_page("next", (page < last).then(|| page + 1), "Next →"))
            }
        }
    }

    /// A link to another page of results; without one it can't be followed.
    fn render_page(&self, id: &str, page: Option<u32>, text: &str) -> Rendered {
        let Some(page) = page else {
            return html! { span #(id) aria-hidden="true" { (text) } };
        };
        let url = Wanted {
            page,
            ..self.wanted.clone()
        }
        .url();
        html! {
            a #(id) ..(link::patch(url)) { (text) }
        }
    }
}

impl Wanted {
    /// The URL that asks for this, without what goes without saying.
    fn url(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.q.is_empty() {
            query.append_pair("q", &self.q);
        }
        if self.sort != Sort::default() {
            query.append_pair("sort", self.sort.name());
        }
        if self.page > 1 {
            query.append_pair("page", &self.page.to_string());
        }
        match query.finish() {
            query if query.is_empty() => "/search".to_owned(),
            query => format!("/search?{query}"),
        }
    }
}

fn pages(count: u32) -> u32 {
    count.div_ceil(PAGE).max(1)
}

/// A number with its thousands apart.
fn grouped(number: u32) -> String {
    match number {
        0..=999 => number.to_string(),
        _ => format!("{},{:03}", grouped(number / 1000), number % 1000),
    }
}

/// A text with the beginnings of its words marked that were searched for.
fn highlighted(text: &str, terms: &[String]) -> Rendered {
    html! {
        @for word in text.split_inclusive(|char: char| !char.is_alphanumeric()) {
            @let (found, rest) = word.split_at(match_length(word, terms));
            @if !found.is_empty() { mark { (found) } }
            (rest)
        }
    }
}

/// How many bytes of a word the longest of the terms covers.
fn match_length(word: &str, terms: &[String]) -> usize {
    let folded_word = folded(word);
    let covered = terms.iter().filter(|term| folded_word.starts_with(*term));
    let chars = covered.map(|term| term.chars().count()).max().unwrap_or(0);
    word.chars().take(chars).map(char::len_utf8).sum()
}

/// Without case and accents, as the index compares; these are all accents of
/// our books.
fn folded(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|char| match char {
            'ë' => 'e',
            'í' => 'i',
            'ö' => 'o',
            char => char,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginnings_of_words_are_marked() {
        let html = |text, search: &str| {
            let terms: Vec<String> = terms(search).map(folded).collect();
            highlighted(text, &terms).to_html()
        };
        assert_eq!(
            html("The Golden Garden", "gar"),
            "The Golden <mark>Gar</mark>den"
        );
        assert_eq!(
            html("Zoë & Io", "ZOE i"),
            "<mark>Zoë</mark> &amp; <mark>I</mark>o"
        );
        assert_eq!(html("Garden", "arden"), "Garden");
        assert_eq!(html("Garden", "g gard ga"), "<mark>Gard</mark>en");
    }

    #[test]
    fn the_url_says_only_what_is_not_the_default() {
        let wanted = |q: &str, sort, page| Wanted {
            q: q.to_owned(),
            sort,
            page,
        };
        assert_eq!(wanted("", Sort::Best, 1).url(), "/search");
        assert_eq!(
            wanted("a&b ö", Sort::Best, 0).url(),
            "/search?q=a%26b+%C3%B6"
        );
        assert_eq!(
            wanted("x", Sort::Newest, 3).url(),
            "/search?q=x&sort=newest&page=3"
        );
    }

    #[test]
    fn results_come_in_pages_of_which_there_is_at_least_one() {
        assert_eq!([0, 1, 20, 21, 12_000].map(pages), [1, 1, 1, 2, 600]);
        assert_eq!([7, 1_234, 12_000].map(grouped), ["7", "1,234", "12,000"]);
    }
}
