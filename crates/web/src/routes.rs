//! The table of every route. The router is built from it and from nothing else.

use std::convert::Infallible;

use auth::Action;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};
use tower_http::limit::RequestBodyLimitLayer;

use crate::api::Operation;
use crate::site::Shared;
use crate::{api, assets, centre, console, ops, staff};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public(Kind),
    /// Whoever runs the server: from this machine, or with the token for metrics.
    Operator,
    /// Every member of staff who has signed in with two factors.
    SignedIn,
    /// Whoever of them may do this, in the organisation that the page is about.
    May(Action),
}

/// What a public route is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page that is the same for everybody; it may be kept for a minute.
    Page,
    /// A file whose name carries its hash; it may be kept for ever.
    Asset,
    /// A page that is made for whoever asks, or takes something in; it is kept nowhere.
    Form,
    /// Whether the server lives.
    Health,
}

/// What a request may bring along if its row says nothing else, in bytes.
const BODY: usize = 64 * 1024;

/// A row of the table.
pub struct Row {
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What it reads and answers, for a row of the API.
    pub(crate) operation: Option<Operation>,
    handler: MethodRouter<Shared>,
}

impl Row {
    /// The same, told in the document of the API.
    pub(crate) fn told(self, operation: Operation) -> Self {
        Self { operation: Some(operation), ..self }
    }

    fn new<H, T>(
        (method, filter): (Method, MethodFilter),
        path: &'static str,
        access: Access,
        body: usize,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        // The limit of axum itself is lifted: the one that the row gives counts, on bytes that come.
        let handler = on(filter, handler)
            .layer::<_, Infallible>(DefaultBodyLimit::disable())
            .layer(RequestBodyLimitLayer::new(body));
        Self { method, path, access, operation: None, handler }
    }

    /// A page, or anything else that is read.
    pub fn get<H, T>(path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        Self::new((Method::GET, MethodFilter::GET), path, access, BODY, handler)
    }

    /// Something that changes what is kept.
    pub fn post<H, T>(path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        Self::new((Method::POST, MethodFilter::POST), path, access, BODY, handler)
    }

    /// The same, where more than a form comes along: at most so many bytes.
    pub fn post_large<H, T>(path: &'static str, access: Access, body: usize, handler: H) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        Self::new((Method::POST, MethodFilter::POST), path, access, body, handler)
    }
}

/// Every route there is.
pub fn table() -> Vec<Row> {
    let mut rows = vec![Row::get(assets::PATH, Access::Public(Kind::Asset), assets::show)];
    rows.extend(ops::rows());
    rows.extend(staff::rows());
    rows.extend(console::rows());
    rows.extend(centre::rows());
    rows.extend(api::rows());
    rows
}

/// The routes as axum takes them.
pub(crate) fn router(rows: Vec<Row>) -> Router<Shared> {
    // Rows with the same path and different methods are one route to axum, which joins them.
    rows.into_iter().fold(Router::new(), |router, row| router.route(row.path, row.handler))
}
