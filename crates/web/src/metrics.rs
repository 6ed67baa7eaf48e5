//! What is counted, for Prometheus. Labels are types: no name, address or path can become one.

use std::sync::atomic::AtomicI64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Which answers are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Answered {
    /// The row of the table.
    pub(crate) route: &'static str,
    pub(crate) method: &'static str,
    pub(crate) status: u16,
}

/// The row of the table alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct OfRoute {
    pub(crate) route: &'static str,
}

/// How a promise stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Standing {
    pub(crate) state: &'static str,
}

/// Everything that is counted.
pub(crate) struct Metrics {
    registry: Registry,
    pub(crate) answers: Family<Answered, Counter>,
    pub(crate) seconds: Family<OfRoute, Histogram, fn() -> Histogram>,
    pub(crate) open: Gauge<i64, AtomicI64>,
    pub(crate) promises: Family<Standing, Gauge>,
}

fn buckets() -> Histogram {
    Histogram::new([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0])
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("upheld");
        let answers = Family::default();
        registry.register("http_answers", "Answers by row of the table", answers.clone());
        let seconds =
            Family::<OfRoute, Histogram, fn() -> Histogram>::new_with_constructor(buckets);
        registry.register_with_unit(
            "http_answer",
            "Time until an answer began",
            Unit::Seconds,
            seconds.clone(),
        );
        let open = Gauge::default();
        registry.register("http_connections", "Connections that are open", open.clone());
        let promises = Family::default();
        registry.register("promises", "Promises of the notice by state", promises.clone());
        Self { registry, answers, seconds, open, promises }
    }

    /// All of it as text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
