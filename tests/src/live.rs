//! A page whose view is joined, and what its client shows of it.

use bennu_replica::Replica;
use serde_json::{Value, json};

use crate::client::Client;
use crate::frame::Frame;
use crate::page::Page;

/// A live page in a browser.
#[derive(Debug)]
pub struct Live {
    /// Its WebSocket.
    pub client: Client,
    /// What was loaded.
    pub page: Page,
    /// The channel's topic.
    pub topic: String,
    /// The ref of the last join.
    pub join_ref: String,
    replica: Option<Replica>,
    next_ref: u64,
    joins: u64,
}

impl Live {
    /// A page before its join.
    #[must_use]
    pub fn new(client: Client, page: Page) -> Self {
        Self {
            client,
            topic: page.topic(),
            page,
            join_ref: String::new(),
            replica: None,
            // Internal callbacks of the client consume the first refs.
            next_ref: 4,
            joins: 0,
        }
    }

    /// A ref that was not used before.
    pub fn next_ref(&mut self) -> String {
        let next = self.next_ref.to_string();
        self.next_ref += 1;
        next
    }

    /// What the client sends to join this page.
    #[must_use]
    pub fn join_payload(&self) -> Value {
        json!({
            "url": self.page.url,
            "params": {"_csrf_token": self.page.csrf_token, "_mounts": self.joins, "_mount_attempts": 0},
            "session": self.page.session,
            "static": self.page.statics,
            "sticky": false,
        })
    }

    /// Joins and shows what came. Returns the reply's response.
    pub async fn join(&mut self) -> Value {
        let payload = self.join_payload();
        self.join_with(payload).await
    }

    /// Joins with this payload and shows what came.
    pub async fn join_with(&mut self, payload: Value) -> Value {
        let reply = self.try_join(payload).await;
        let response = reply.ok().clone();
        let tree = response["rendered"].to_string();
        self.replica = Some(Replica::join(&tree).unwrap_or_else(|error| panic!("{error}: {tree}")));
        self.joins += 1;
        response
    }

    /// Joins with this payload; the reply may be an error.
    ///
    /// # Panics
    /// When something else than the reply comes.
    pub async fn try_join(&mut self, payload: Value) -> Frame {
        self.join_ref = self.push_join(payload).await;
        let frame = self.client.next().await;
        assert_eq!(frame.message_ref.as_ref(), Some(&self.join_ref));
        assert_eq!(frame.join_ref.as_ref(), Some(&self.join_ref));
        assert_eq!(frame.topic, self.topic);
        frame
    }

    /// Pushes a join without waiting for its reply. Returns its ref.
    pub async fn push_join(&mut self, payload: Value) -> String {
        let join_ref = self.next_ref();
        self.client
            .push(
                Some(&join_ref),
                Some(&join_ref),
                &self.topic,
                "phx_join",
                payload,
            )
            .await;
        join_ref
    }

    /// Pushes to the view. Returns the push's ref.
    pub async fn push(&mut self, event: &str, payload: Value) -> String {
        let message_ref = self.next_ref();
        self.client
            .push(
                Some(&self.join_ref),
                Some(&message_ref),
                &self.topic,
                event,
                payload,
            )
            .await;
        message_ref
    }

    /// Pushes to the view and takes the reply, which is the next frame.
    pub async fn ask(&mut self, event: &str, payload: Value) -> Frame {
        let message_ref = self.push(event, payload).await;
        self.answer(&message_ref).await
    }

    /// The next frame, which answers this ref; its diff is applied.
    ///
    /// # Panics
    /// When another frame comes.
    pub async fn answer(&mut self, message_ref: &str) -> Frame {
        let frame = self.client.next().await;
        assert_eq!(frame.event, "phx_reply", "{frame:?}");
        assert_eq!(frame.message_ref.as_deref(), Some(message_ref));
        assert_eq!(frame.join_ref.as_ref(), Some(&self.join_ref));
        assert_eq!(frame.topic, self.topic);
        self.show(&frame);
        frame
    }

    /// The next frame, which is a push with this event; a diff is applied.
    ///
    /// # Panics
    /// When another frame comes.
    pub async fn pushed(&mut self, event: &str) -> Value {
        let frame = self.client.next().await;
        assert_eq!(frame.event, event, "{frame:?}");
        assert_eq!(frame.topic, self.topic);
        assert_eq!(frame.join_ref.as_ref(), Some(&self.join_ref));
        assert_eq!(frame.message_ref, None);
        self.show(&frame);
        frame.payload
    }

    /// The next frame closes this view's channel in good order.
    pub async fn expect_close(&mut self) {
        let frame = json!([self.join_ref, self.join_ref, self.topic, "phx_close", {}]);
        self.client.expect(frame).await;
    }

    /// The next frame says that this view crashed.
    pub async fn expect_crash(&mut self) {
        let payload = json!({"reason": "channel_crash"});
        let frame = json!([
            self.join_ref,
            self.join_ref,
            self.topic,
            "phx_error",
            payload
        ]);
        self.client.expect(frame).await;
    }

    /// Clicks on an element with these values. Returns the response.
    pub async fn click(&mut self, event: &str, value: Value) -> Value {
        let payload = json!({"type": "click", "event": event, "value": value});
        self.ask("event", payload).await.ok().clone()
    }

    /// Follows a patch link. Returns the response.
    pub async fn patch(&mut self, path: &str) -> Value {
        let url = crate::Browser::url(path);
        let reply = self.ask("live_patch", json!({"url": url})).await;
        reply.ok().clone()
    }

    /// Applies the diff in a frame, if there is one.
    ///
    /// # Panics
    /// When it doesn't fit, or is empty: that is never sent.
    pub fn show(&mut self, frame: &Frame) {
        let diff = if frame.event == "diff" {
            &frame.payload
        } else {
            &frame.payload["response"]["diff"]
        };
        if diff.is_null() {
            return;
        }
        assert_ne!(*diff, json!({}), "an empty diff: {frame:?}");
        let replica = self.replica.as_mut().expect("the view is joined");
        replica
            .apply(&diff.to_string())
            .unwrap_or_else(|error| panic!("{error}: {diff}"));
    }

    /// What the client shows.
    ///
    /// # Panics
    /// Before the join.
    #[must_use]
    pub fn html(&self) -> String {
        self.replica().html()
    }

    /// The components that the client shows.
    ///
    /// # Panics
    /// Before the join.
    #[must_use]
    pub fn placed(&self) -> Vec<u32> {
        self.replica().placed()
    }

    /// The components that the client knows, shown or not.
    ///
    /// # Panics
    /// Before the join.
    #[must_use]
    pub fn known(&self) -> Vec<u32> {
        self.replica().known()
    }

    /// The components that are known to the client and shown nowhere.
    ///
    /// # Panics
    /// Before the join.
    #[must_use]
    pub fn gone(&self) -> Vec<u32> {
        let shown = self.replica().placed();
        let mut gone = self.replica().known();
        gone.retain(|cid| !shown.contains(cid));
        gone
    }

    /// Forgets components, as a client does once the server destroyed them.
    ///
    /// # Panics
    /// Before the join.
    pub fn prune(&mut self, cids: Vec<u32>) {
        let replica = self.replica.as_mut().expect("the view is joined");
        replica.prune(cids);
    }

    /// The last title that a message brought.
    ///
    /// # Panics
    /// Before the join.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.replica().title()
    }

    fn replica(&self) -> &Replica {
        self.replica.as_ref().expect("the view is joined")
    }
}
