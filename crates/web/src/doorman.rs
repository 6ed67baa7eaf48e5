//! Who came in: asked once for each request to a page of staff.

use async_trait::async_trait;
use auth::Actor;
use axum::http::HeaderMap;

use crate::site::Site;

/// Finds out who asks, from what their request brings along.
#[async_trait]
pub trait Doorman: Send + Sync {
    /// The member of staff behind a request; nobody, if nothing good was shown.
    async fn actor(&self, site: &Site, headers: &HeaderMap) -> Option<Actor>;
}

/// Lets nobody in.
#[derive(Debug, Clone, Copy)]
pub struct Nobody;

#[async_trait]
impl Doorman for Nobody {
    async fn actor(&self, _: &Site, _: &HeaderMap) -> Option<Actor> {
        None
    }
}
