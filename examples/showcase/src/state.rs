//! What views take from the application: `State<Todos>` and the like.

use axum::extract::FromRef;
use sqlx::SqlitePool;

use crate::db::{Activities, Books, Cards, Invoices, Orders, People, Todos};
use crate::machine::Monitor;

#[derive(Clone, Debug)]
pub(crate) struct AppState {
    pub(crate) pool: SqlitePool,
    pub(crate) monitor: Monitor,
}

impl FromRef<AppState> for Todos {
    fn from_ref(state: &AppState) -> Self {
        Self::new(state.pool.clone())
    }
}

impl FromRef<AppState> for People {
    fn from_ref(state: &AppState) -> Self {
        Self::new(state.pool.clone())
    }
}

impl FromRef<AppState> for Invoices {
    fn from_ref(state: &AppState) -> Self {
        Self::new(state.pool.clone())
    }
}

impl FromRef<AppState> for Books {
    fn from_ref(state: &AppState) -> Self {
        Self::new(state.pool.clone())
    }
}

impl FromRef<AppState> for Orders {
    fn from_ref(state: &AppState) -> Self {
        Self::new(state.pool.clone())
    }
}

impl FromRef<AppState> for Activities {
    fn from_ref(state: &AppState) -> Self {
        Self::new(state.pool.clone())
    }
}

impl FromRef<AppState> for Cards {
    fn from_ref(state: &AppState) -> Self {
        Self::new(state.pool.clone())
    }
}

impl FromRef<AppState> for Monitor {
    fn from_ref(state: &AppState) -> Self {
        state.monitor.clone()
    }
}
