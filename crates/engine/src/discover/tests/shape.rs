//! Fingerprints and differences.

use super::super::{differences, fingerprint};
use super::fake::Fake;
use super::look;

const BEFORE: &str = "people: id int pk | email text100! :email | age int
    orders: id int pk | person_id int :ref people";

#[test]
fn the_fingerprint_follows_the_shape_and_nothing_else() {
    let print = |schema: &str| fingerprint(&Fake::new(schema).catalogue);
    let before = print(BEFORE);
    assert_eq!(before.len(), 32);
    let mut other = Fake::new(BEFORE).catalogue;
    other.tables.reverse();
    other.version = "4".into();
    other.tables[0].about_rows = 9;
    assert_eq!(fingerprint(&other), before, "order, version and counts do not matter");
    for changed in [
        BEFORE.replace("age int", "age text"),
        BEFORE.replace("age int", "age int!"),
        BEFORE.replace("text100", "text90"),
        BEFORE.replace("email text100!", "email text100! unique"),
        BEFORE.replace(" | age int", ""),
        format!("{BEFORE}\n more: id int pk"),
        format!("{BEFORE}\n ; fk person_id people id"),
    ] {
        assert_ne!(print(&changed), before, "{changed}");
    }
}

#[tokio::test]
async fn differences_are_told_in_words() {
    let (fake, found) = look(BEFORE).await;
    assert!(differences(&found.system, &fake.catalogue).is_empty());
    for (from, to, told) in [
        (
            "age int",
            "age text",
            "column `age` of `people` is now text (the map says a whole number)",
        ),
        (
            "text100",
            "text90",
            "column `email` of `people` now holds 90 characters (the map says 100)",
        ),
        (" | age int", "", "column `age` of `people` is gone"),
        ("age int", "age int | tel text", "column `tel` of `people` is new"),
        ("orders:", "order2:", "table `orders` is gone; table `order2` is new"),
        (
            "age int",
            "age int!",
            "keys, limits or declared references changed since the map was made",
        ),
    ] {
        let now = Fake::new(&BEFORE.replace(from, to)).catalogue;
        assert_eq!(differences(&found.system, &now).join("; "), told);
    }
}
