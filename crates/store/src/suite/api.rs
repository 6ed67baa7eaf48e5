//! Calls that may be sent twice.

use model::Micros;

use super::sealed;
use crate::{CallKey, Error, Store, Webhook, WebhookMessage};

const fn call(caller: u8, key: u8) -> CallKey {
    CallKey { caller: [caller; 32], key: [key; 32], sent: [7; 32] }
}

pub(super) async fn a_call_is_begun_once_and_answered_once(one: &Store, two: &Store) {
    let begin = async |store: &Store, call: CallKey, at: i64| {
        let mut tx = store.begin().await.unwrap();
        let begun = tx.begin_call(&call, Micros(at), Micros(at - 100)).await.unwrap();
        tx.commit().await.unwrap();
        begun
    };
    let both = tokio::join!(begin(one, call(1, 1), 5), begin(two, call(1, 1), 5));
    assert!(both.0 != both.1, "of two at once one is the first");
    assert!(begin(one, call(1, 2), 5).await && begin(one, call(2, 1), 5).await);
    let mut tx = one.begin().await.unwrap();
    let known = tx.known_call(&call(1, 1)).await.unwrap().unwrap();
    assert_eq!(
        (known.sent.as_slice(), known.begun_at, known.answer),
        (&[7; 32][..], Micros(5), None)
    );
    assert!(matches!(tx.answer_call(&call(1, 1), b"plain").await, Err(Error::NotSealed { .. })));
    assert!(tx.answer_call(&call(1, 1), &sealed("first")).await.unwrap());
    assert!(!tx.answer_call(&call(1, 1), &sealed("second")).await.unwrap());
    tx.forget_call(&call(1, 1)).await.unwrap();
    let known = tx.known_call(&call(1, 1)).await.unwrap().unwrap();
    assert_eq!(known.answer, Some(sealed("first")), "what was answered stays");
    tx.forget_call(&call(2, 1)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(begin(two, call(2, 1), 6).await, "what changed nothing may be made again");
    assert!(
        !begin(two, call(1, 1), 100).await && begin(two, call(1, 1), 106).await,
        "after a while"
    );
    let mut tx = two.begin().await.unwrap();
    assert_eq!(tx.forget_calls(Micros(100)).await.unwrap(), 2);
    assert_eq!(tx.known_call(&call(1, 2)).await.unwrap(), None);
    tx.commit().await.unwrap();
}

pub(super) async fn webhooks_and_their_messages(one: &Store, two: &Store) {
    let webhook = |id: &str, organisation: &str, at: i64| Webhook {
        id: id.to_owned(),
        organisation: organisation.to_owned(),
        body: sealed("where"),
        kinds: "request.done".to_owned(),
        made_at: Micros(at),
        paused_at: None,
    };
    let message = |id: &str, webhook: &str, at: i64| WebhookMessage {
        id: id.to_owned(),
        webhook: webhook.to_owned(),
        kind: "request.done".to_owned(),
        payload: "{}".to_owned(),
        made_at: Micros(at),
        attempts: 0,
        answer: None,
        delivered_at: None,
    };
    let mut tx = one.begin().await.unwrap();
    let plain = Webhook { body: b"https://acme.example".to_vec(), ..webhook("x", "root", 1) };
    assert!(matches!(tx.insert_webhook(&plain).await, Err(Error::NotSealed { .. })));
    for one in [webhook("a", "root", 2), webhook("b", "root", 1), webhook("c", "acme", 1)] {
        tx.insert_webhook(&one).await.unwrap();
    }
    for one in
        [message("m1", "a", 1), message("m2", "a", 2), message("m3", "a", 2), message("m4", "b", 1)]
    {
        tx.insert_webhook_message(&one).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = two.begin().await.unwrap();
    let ids: Vec<String> =
        tx.webhooks("root").await.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(ids, ["b", "a"]);
    assert_eq!(tx.webhook("c").await.unwrap(), Some(webhook("c", "acme", 1)));
    assert!(tx.pause_webhook("a", Some(Micros(9))).await.unwrap());
    assert_eq!(tx.webhook("a").await.unwrap().unwrap().paused_at, Some(Micros(9)));
    assert!(
        tx.pause_webhook("a", None).await.unwrap() && !tx.pause_webhook("z", None).await.unwrap()
    );
    let first = (Micros(i64::MAX), "");
    let found = tx.webhook_messages("a", first, 2).await.unwrap();
    assert_eq!(found, [message("m3", "a", 2), message("m2", "a", 2)]);
    assert_eq!(
        tx.webhook_messages("a", (Micros(2), "m2"), 9).await.unwrap(),
        [message("m1", "a", 1)]
    );
    tx.note_webhook_message("m1", "away", None).await.unwrap();
    tx.note_webhook_message("m1", "taken", Some(Micros(5))).await.unwrap();
    let noted = tx.webhook_message("m1").await.unwrap().unwrap();
    assert_eq!(
        (noted.attempts, noted.answer.as_deref(), noted.delivered_at),
        (2, Some("taken"), Some(Micros(5)))
    );
    assert!(tx.remove_webhook("b").await.unwrap() && !tx.remove_webhook("b").await.unwrap());
    assert_eq!(tx.webhook_message("m4").await.unwrap(), None);
    assert_eq!(tx.forget_webhook_messages(Micros(2)).await.unwrap(), 1);
    tx.commit().await.unwrap();
}
