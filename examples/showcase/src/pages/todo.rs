//! A list in SQLite that all open tabs show alike: keyed rows, a filter in the
//! URL, editing in place.

use axum::extract::{Query, State};
use bennu::prelude::*;
use serde::Deserialize;

use crate::db::{Counts, Filter, Title, TitleError, Todo, Todos};
use crate::layout;
use crate::pages::Exhibit;

pub(crate) const EXHIBIT: Exhibit = Exhibit {
    slug: "todo",
    name: "To-do",
    summary: "A list in SQLite. Open it in two tabs: they stay in step through pub/sub.",
    source: include_str!("todo.rs"),
};

/// Broadcast after every change of the list.
const CHANGED: Topic<()> = Topic::new("todos");

pub(crate) struct TodoList {
    todos: Todos,
    filter: Filter,
    shown: Vec<Todo>,
    counts: Counts,
    /// A title that was not good enough to be added.
    rejected: Draft,
    /// The row that is being edited.
    editing: Option<(i64, Draft)>,
}

/// A title on its way.
#[derive(Default)]
struct Draft {
    text: String,
    error: Option<TitleError>,
}

#[derive(Event)]
pub(crate) enum Msg {
    Add { title: String },
    Mark { id: i64, done: bool },
    Delete { id: i64 },
    ClearDone,
    Edit { id: i64, title: String },
    Rename { title: String },
    Cancel,
}

pub(crate) struct Changed;

#[derive(Clone, Deserialize)]
pub(crate) struct Address {
    #[serde(default)]
    show: Filter,
}

impl LiveView for TodoList {
    type Params = (State<Todos>, Query<Address>);
    type Event = Msg;
    type Info = Changed;

    async fn mount((State(todos), _): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        socket.set_title(EXHIBIT.name);
        socket.subscribe(&CHANGED, |()| Changed);
        Ok(Self {
            todos: todos.clone(),
            filter: Filter::All,
            shown: Vec::new(),
            counts: Counts::default(),
            rejected: Draft::default(),
            editing: None,
        })
    }

    /// Runs after `mount`, and again for each link with `patch` that is
    /// followed, also by the browser's back button.
    async fn handle_params(
        &mut self,
        (_, Query(address)): Self::Params,
        _: &mut Socket<Self>,
    ) -> Result {
        self.filter = address.show;
        self.load().await
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Add { title } => match Title::new(&title) {
                Ok(title) => {
                    self.todos.add(&title).await?;
                    self.rejected = Draft::default();
                }
                Err(error) => self.rejected = Draft::wrong(title, error),
            },
            Msg::Mark { id, done } => self.todos.mark(id, done).await?,
            Msg::Delete { id } => self.todos.delete(id).await?,
            Msg::ClearDone => self.todos.clear_done().await?,
            Msg::Edit { id, title } => self.editing = Some((id, Draft::of(title))),
            Msg::Cancel => self.editing = None,
            Msg::Rename { title } => self.rename(title).await?,
        }
        self.load().await?;
        socket.broadcast_to_others(&CHANGED, ());
        Ok(())
    }

    async fn handle_info(&mut self, _: Changed, _: &mut Socket<Self>) -> Result {
        self.load().await
    }

    fn render(&self) -> Rendered {
        let page = html! {
            section.card.todos aria-label="To-dos" {
                (self.render_add())
                ul #todos phx-hook="KeepFocus" data-else="#new-todo" {
                    // The key lets a row move or go without a touch on the others.
                    @for todo in &self.shown key=(todo.id) { (self.render_row(todo)) }
                }
                @if self.shown.is_empty() {
                    p.empty {
                        @match self.filter {
                            Filter::All => "Nothing to do. Add something above.",
                            Filter::Active => "All done.",
                            Filter::Done => "Nothing is done yet.",
                        }
                    }
                }
                (self.render_foot())
            }
        };
        layout::exhibit(&EXHIBIT, page)
    }
}

impl TodoList {
    async fn load(&mut self) -> Result {
        self.shown = self.todos.list(self.filter).await?;
        self.counts = self.todos.counts().await?;
        Ok(())
    }

    async fn rename(&mut self, title: String) -> Result {
        let Some((id, draft)) = &mut self.editing else {
            return Ok(());
        };
        match Title::new(&title) {
            Ok(title) => {
                self.todos.rename(*id, &title).await?;
                self.editing = None;
            }
            Err(error) => *draft = Draft::wrong(title, error),
        }
        Ok(())
    }

    fn render_add(&self) -> Rendered {
        let Draft { text, error } = &self.rejected;
        html! {
            form #add.add phx-submit=(Msg::ADD) {
                label.visually-hidden for="new-todo" { "New to-do" }
                input #new-todo type="text" name="title" value=(text) placeholder="What is there to do?"
                    autocomplete="off"
                    aria-invalid=[error.as_ref().map(|_| "true")] aria-describedby="new-todo-error";
                button type="submit" { "Add" }
            }
            p.error #new-todo-error aria-live="polite" { (show(error)) }
        }
    }

    fn render_row(&self, todo: &Todo) -> Rendered {
        html! {
            li.todo #{ "todo-" (todo.id) } {
                @match &self.editing {
                    Some((id, draft)) if *id == todo.id => (render_edit(*id, draft)),
                    _ => (render_todo(todo)),
                }
            }
        }
    }

    fn render_foot(&self) -> Rendered {
        let Counts { active, done } = self.counts;
        html! {
            div.foot {
                p #left aria-live="polite" { (active) @if active == 1 { " thing" } @else { " things" } " left" }
                nav #filters aria-label="Filter" {
                    (self.render_filter(Filter::All, "/todo", "All", active + done))
                    (self.render_filter(Filter::Active, "/todo?show=active", "Active", active))
                    (self.render_filter(Filter::Done, "/todo?show=done", "Done", done))
                }
                button.quiet #clear-done type="button" phx-click=(Msg::ClearDone) disabled[done == 0] { "Clear done" }
            }
        }
    }

    fn render_filter(&self, filter: Filter, to: &str, name: &str, count: i64) -> Rendered {
        html! {
            a ..(link::patch(to))
                aria-current=[(self.filter == filter).then_some("page")] { (name) " " small { (count) } }
        }
    }
}

impl Draft {
    fn of(text: String) -> Self {
        Self { text, error: None }
    }

    fn wrong(text: String, error: TitleError) -> Self {
        Self {
            text,
            error: Some(error),
        }
    }
}

fn render_todo(todo: &Todo) -> Rendered {
    let Todo { id, title, done } = todo;
    let edit = Msg::Edit {
        id: *id,
        title: title.clone(),
    };
    html! {
        label {
            input type="checkbox" checked[*done] phx-click=(Msg::Mark { id: *id, done: !done });
            span { (title) }
        }
        button.quiet #{ "edit-" (id) } type="button" phx-click=(edit) aria-label={ "Edit " (title) } { "Edit" }
        button.quiet type="button" phx-click=(Msg::Delete { id: *id }) aria-label={ "Delete " (title) } { "✕" }
    }
}

/// Enter saves, as in any form; Escape gives up.
fn render_edit(id: i64, draft: &Draft) -> Rendered {
    let Draft { text, error } = draft;
    html! {
        form.add phx-submit=(Msg::RENAME) {
            label.visually-hidden for={ "title-" (id) } { "Title" }
            input #{ "title-" (id) } type="text" name="title" value=(text) autocomplete="off"
                phx-hook="Focus" data-return={ "edit-" (id) }
                phx-keydown=(Msg::Cancel) phx-key="Escape"
                aria-invalid=[error.as_ref().map(|_| "true")] aria-describedby={ "error-" (id) };
            button type="submit" { "Save" }
            button.quiet type="button" phx-click=(Msg::Cancel) { "Cancel" }
        }
        p.error #{ "error-" (id) } aria-live="polite" { (show(error)) }
    }
}

fn show(error: &Option<TitleError>) -> String {
    error.as_ref().map(ToString::to_string).unwrap_or_default()
}
