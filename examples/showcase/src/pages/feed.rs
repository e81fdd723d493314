//! A feed without an end: the browser keeps 60 entries of a stream, and asks for
//! more at either end. The server knows the numbers of these 60 and no more.

use std::collections::VecDeque;

use axum::extract::State;
use bennu::js::{Predict, Push, Scope};
use bennu::prelude::*;

use crate::db::{Activities, Activity};
use crate::layout;
use crate::pages::Exhibit;

pub(crate) const EXHIBIT: Exhibit = Exhibit {
    slug: "feed",
    name: "Feed",
    summary: "An endless list of which only a window is kept, here and in the browser. \
              Scroll down, scroll back, and tell what you did: every tab sees it.",
    source: include_str!("feed.rs"),
};

const CHANGES: Topic<Change> = Topic::new("activities");

/// How many entries the browser keeps.
const KEPT: u32 = 60;

#[derive(Clone)]
pub(crate) enum Change {
    Added(Activity),
    Deleted(i64),
}

pub(crate) struct Feed {
    activities: Activities,
    entries: Stream<Activity>,
    /// What the browser shows, newest first.
    shown: VecDeque<i64>,
    /// Whether the newest of all is among it.
    is_at_top: bool,
    is_at_bottom: bool,
    /// How many came while the visitor read older ones.
    unseen: u32,
}

#[derive(Event)]
pub(crate) enum Msg {
    Older,
    Newer,
    ToTop,
    Tell { text: String },
    Delete { id: i64 },
}

impl LiveView for Feed {
    type Params = State<Activities>;
    type Event = Msg;
    type Info = Change;

    async fn mount(State(activities): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        socket.set_title(EXHIBIT.name);
        socket.subscribe(&CHANGES, Clone::clone);
        let entries = Stream::new(|activity: &Activity| format!("activity-{}", activity.id));
        let mut feed = Self {
            activities: activities.clone(),
            entries: entries.limit(KEPT),
            shown: VecDeque::new(),
            is_at_top: true,
            is_at_bottom: false,
            unseen: 0,
        };
        feed.go_to_top().await?;
        Ok(feed)
    }

    async fn handle_event(&mut self, event: Msg, socket: &mut Socket<Self>) -> Result {
        match event {
            Msg::Older => self.load_older().await?,
            Msg::Newer => self.load_newer().await?,
            Msg::ToTop => self.go_to_top().await?,
            Msg::Tell { text } => {
                if let Some(activity) = self.activities.add(&text).await? {
                    socket.broadcast(&CHANGES, Change::Added(activity));
                }
            }
            Msg::Delete { id } => {
                self.activities.delete(id).await?;
                socket.broadcast(&CHANGES, Change::Deleted(id));
            }
        }
        Ok(())
    }

    async fn handle_info(&mut self, change: Change, _: &mut Socket<Self>) -> Result {
        match change {
            Change::Added(activity) if self.is_at_top => self.prepend(activity),
            // What is being read stays where it is.
            Change::Added(_) => self.unseen += 1,
            Change::Deleted(id) => {
                self.shown.retain(|shown| *shown != id);
                self.entries.remove_by_id(format!("activity-{id}"));
            }
        }
        Ok(())
    }

    fn render(&self) -> Rendered {
        let newer = (!self.is_at_top).then_some(Msg::Newer);
        let older = (!self.is_at_bottom).then_some(Msg::Older);
        let page = html! {
            section.card.feed aria-label="Feed" {
                form #tell.add phx-submit=(Msg::TELL) {
                    label.visually-hidden for="deed" { "What did you do?" }
                    input #deed type="text" name="text" placeholder="What did you do?" autocomplete="off" maxlength="200";
                    button type="submit" { "Tell" }
                }
                p #unseen aria-live="polite" {
                    @if !self.is_at_top {
                        button.quiet #to-top type="button" phx-click=(Msg::ToTop) {
                            @if self.unseen > 0 { (self.unseen) " new, to the top" } @else { "To the top" }
                        }
                    }
                }
                ol #activities phx-update="stream" phx-hook="KeepFocus" data-else="#deed" phx-viewport-top=[newer] phx-viewport-bottom=[older] {
                    @for (id, activity) in &self.entries {
                        li #(id) { (render_activity(&activity)) }
                    }
                }
                @if self.is_at_bottom { p.empty #end { "That was the beginning." } }
            }
        };
        layout::exhibit(&EXHIBIT, page)
    }
}

impl Feed {
    async fn go_to_top(&mut self) -> Result {
        let newest = self.activities.newest().await?;
        self.shown = newest.iter().map(|activity| activity.id).collect();
        self.entries.reset_with(newest);
        self.is_at_top = true;
        self.is_at_bottom = false;
        self.unseen = 0;
        Ok(())
    }

    async fn load_older(&mut self) -> Result {
        let Some(&last) = self.shown.back() else {
            return self.go_to_top().await;
        };
        let older = self.activities.before(last).await?;
        self.is_at_bottom = older.is_empty();
        for activity in older {
            self.shown.push_back(activity.id);
            self.entries.push(activity);
            // The browser lets go of the first one too.
            if self.shown.len() > KEPT as usize {
                self.shown.pop_front();
                self.is_at_top = false;
            }
        }
        Ok(())
    }

    async fn load_newer(&mut self) -> Result {
        let Some(&first) = self.shown.front() else {
            return self.go_to_top().await;
        };
        let newer = self.activities.after(first).await?;
        if newer.is_empty() {
            self.is_at_top = true;
            self.unseen = 0;
        }
        for activity in newer {
            self.prepend(activity);
        }
        Ok(())
    }

    fn prepend(&mut self, activity: Activity) {
        // It may have been loaded before it was announced.
        if self
            .shown
            .front()
            .is_some_and(|first| *first >= activity.id)
        {
            return;
        }
        self.shown.push_front(activity.id);
        self.entries.prepend(activity);
        if self.shown.len() > KEPT as usize {
            self.shown.pop_back();
            self.is_at_bottom = false;
        }
    }
}

fn render_activity(activity: &Activity) -> Rendered {
    let Activity { id, text } = activity;
    let delete = Push::new(Msg::Delete { id: *id }).predict(Predict::hide(Scope::closest("li")));
    html! {
        span { (text) }
        button.quiet type="button" phx-click=(Js::new().push(delete)) aria-label={ "Delete: " (text) } { "✕" }
    }
}
