//! The sentence stands where the public reads it.

use std::time::Duration;

use policy::file::promises::NoticeTextControl;
use policy::quote::{Document, Miss};
use policy::{Form, Notice, Promise, QuoteSelector};

use super::facts::Facts;
use super::verdict::Verdict;

/// A page is read for at most so long and so far.
const PATIENCE: Duration = Duration::from_secs(10);
const LARGEST: u64 = 2 * 1024 * 1024;

/// The name under which the look at the page is kept.
pub(super) const KEY: &str = "published";
/// The words for it.
pub(super) const TITLE: &str = "The sentence stands on the published page";

/// A page as the public gets it.
pub(crate) struct Page {
    pub(crate) text: String,
    pub(crate) form: Form,
}

impl Page {
    pub(super) fn holds(&self, quote: &str) -> bool {
        let document = Document::new(&self.text, self.form);
        let notice = Notice::of(&document);
        let quote = QuoteSelector { exact: quote.to_owned(), prefix: None, suffix: None };
        // Where it stands more than once, it stands there.
        !matches!(document.find(&quote, &notice), Err(Miss::Absent { .. }))
    }
}

pub(super) fn judge(control: &NoticeTextControl, promise: &Promise, facts: &Facts<'_>) -> Verdict {
    let because = control.because.trim();
    match (&facts.page, &promise.found) {
        (Some(Err(why)), _) => Verdict::unproven(format!(
            "The published page could not be read, so nobody knows what it says: {why}."
        )),
        (Some(Ok(_)), _) => Verdict::upheld(because).shown_by("read on the published page"),
        (None, Some(found)) => Verdict::upheld(because).shown_by(format!(
            "line {} of {}; policy.yaml names no address of the published page",
            found.line,
            facts.policy.notice.file.as_deref().unwrap_or("the notice")
        )),
        (None, None) => Verdict::unproven("Neither a file nor a page holds the notice."),
    }
}

/// Whether the published page still makes the promise; none where there is no page to ask.
pub(super) fn stands(promise: &Promise, facts: &Facts<'_>) -> Option<Verdict> {
    let url = facts.policy.notice.url.as_deref().unwrap_or_default();
    let page = match facts.page.as_ref()? {
        Ok(page) => page,
        // What the public reads is not known, and a sentence nobody saw is not upheld.
        Err(why) => {
            return Some(
                Verdict::unproven(format!("The published page could not be read: {why}."))
                    .shown_by(url),
            );
        }
    };
    Some(if page.holds(&promise.quote) {
        Verdict::upheld("The page that the public reads says so.").shown_by(url)
    } else {
        Verdict::broken("The page that the public reads does not say so any more.").shown_by(url)
    })
}

/// Fetches the page. Follows at most three redirects, keeps no cookie, asks no proxy.
pub(super) async fn fetch(url: &str) -> Result<Page, String> {
    let url = url.to_owned();
    let fetched = tokio::task::spawn_blocking(move || get(&url)).await;
    fetched.unwrap_or_else(|_| Err("the look at it was interrupted".to_owned()))
}

/// A client of the web that follows at most so many redirects, keeps no cookie, asks no proxy and
/// waits ten seconds.
pub(crate) fn agent(redirects: u32) -> ureq::Agent {
    use std::sync::Arc;
    use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::WebPki)
        .unversioned_rustls_crypto_provider(provider)
        .build();
    ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(redirects)
        .proxy(None)
        .user_agent("upheld")
        .tls_config(tls)
        .build()
        .into()
}

fn get(url: &str) -> Result<Page, String> {
    let mut answer = agent(3).get(url).call().map_err(|error| told(&error))?;
    let body = answer.body_mut();
    let kind = body.mime_type().unwrap_or_default().to_ascii_lowercase();
    let charset = body.charset().map(str::to_owned);
    let bytes = body.with_config().limit(LARGEST).read_to_vec().map_err(|error| told(&error))?;
    let text = text_of(bytes, charset.as_deref())?;
    Ok(Page { text, form: form_of(&kind, url) })
}

/// How the page is to be read: as its server says, else by its name. Plain text is often Markdown,
/// whose marks are no words; it never holds tags.
pub(super) fn form_of(kind: &str, url: &str) -> Form {
    let named = Form::of(url.split(['?', '#']).next().unwrap_or(url));
    match kind {
        "text/html" | "application/xhtml+xml" => Form::Html,
        "text/markdown" => Form::Markdown,
        "text/plain" => named.filter(|form| *form != Form::Html).unwrap_or(Form::Markdown),
        _ => named.unwrap_or(Form::Html),
    }
}

/// The page in characters: UTF-8, or what browsers take a page for that is none.
pub(super) fn text_of(bytes: Vec<u8>, charset: Option<&str>) -> Result<String, String> {
    let western = ["", "utf-8", "utf8", "us-ascii", "iso-8859-1", "latin1", "windows-1252"];
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let bytes = error.into_bytes();
            let head = String::from_utf8_lossy(bytes.get(..1024).unwrap_or(&bytes)).to_lowercase();
            let named =
                head.split("charset=").nth(1).map(|rest| rest.trim_start_matches(['"', '\'']));
            let named = named.and_then(|rest| rest.split(['"', '\'', '>', ' ', ';', '/']).next());
            let charset = charset.or(named).unwrap_or_default().to_lowercase();
            if western.contains(&charset.as_str()) && !bytes.contains(&0) {
                Ok(bytes.into_iter().map(detect::windows_1252).collect())
            } else {
                Err("it is written in an encoding that is not read here: publish it in UTF-8"
                    .into())
            }
        }
    }
}

/// What went wrong, in words of our own: a server's own are anybody's.
fn told(error: &ureq::Error) -> String {
    match error {
        ureq::Error::StatusCode(code) => format!("the server answers with status {code}"),
        ureq::Error::Timeout(_) => "the server does not answer within ten seconds".to_owned(),
        ureq::Error::HostNotFound => "the name of its server is not known".to_owned(),
        ureq::Error::BodyExceedsLimit(_) => "the page is larger than 2 MiB".to_owned(),
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => {
            "its certificate could not be verified".to_owned()
        }
        ureq::Error::BadUri(_) => "its address is not one of the web".to_owned(),
        ureq::Error::TooManyRedirects => "it leads on more than three times".to_owned(),
        _ => "no connection to its server".to_owned(),
    }
}
