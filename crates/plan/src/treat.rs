//! What an erasure does to a field of a row that is tied to the person.

use model::planted;
use policy::{Collection, EraseField, EraseRows, Field, Tie};

/// The treatment of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Treatment {
    /// Nothing.
    Leave,
    /// The whole value goes, whatever it is. `None` leaves the method to the column: NULL where it
    /// may be NULL, a unique pseudonym where it must be unique, a mark otherwise.
    Clear(Option<EraseField>),
    /// What names the person goes out of the text; the rest stays. If the whole value is nothing
    /// but the person, it is cleared like [`Treatment::Clear`].
    TakeOut {
        /// Also the bare given name or surname: the row is known to be about the person.
        bare_names: bool,
        /// Also dates of birth, addresses of devices and the like: the person wrote the text.
        own_words: bool,
        /// How a value that is nothing but the person is cleared.
        whole: Option<EraseField>,
    },
}

/// Decides the treatment of `field` in a row with this tie.
///
/// Keys and bare references are left: once the row they lead to is anonymous, they lead to nobody,
/// and the application goes on working.
pub fn treatment(collection: &Collection, field: &Field, tie: Tie, near: bool) -> Treatment {
    if matches!(collection.erase, EraseRows::Nothing(_))
        || matches!(field.erase, Some(EraseField::Keep(_)))
        || field.primary_key
    {
        return Treatment::Leave;
    }
    let whole = field.erase.clone().filter(|erase| *erase != EraseField::Redact);
    let take_out =
        |own_words: bool| Treatment::TakeOut { bare_names: near, own_words, whole: whole.clone() };
    match tie {
        Tie::Own if field.erase == Some(EraseField::Redact) => take_out(true),
        Tie::Own if whole.is_some() || field.is_personal() => Treatment::Clear(whole),
        Tie::Own => take_out(true),
        // What people write freely is edited; a field that holds one personal thing is cleared.
        Tie::Authored if field.free_text || field.erase == Some(EraseField::Redact) => {
            take_out(true)
        }
        Tie::Authored if whole.is_some() || field.is_personal() => Treatment::Clear(whole),
        Tie::Authored => take_out(true),
        Tie::Shared | Tie::Mention if planted::bug("a_mention_is_left") => Treatment::Leave,
        Tie::Shared | Tie::Mention => take_out(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::TableName;

    fn field(categories: &[&str], free_text: bool, erase: Option<EraseField>) -> Field {
        Field {
            name: "f".into(),
            title: None,
            categories: categories.iter().map(|c| (*c).to_owned()).collect(),
            class: None,
            identity: None,
            primary_key: false,
            data_type: None,
            free_text,
            erase,
            references: Vec::new(),
        }
    }

    fn collection(erase: EraseRows) -> Collection {
        Collection {
            name: "c".into(),
            title: "C".into(),
            table: TableName::new("", "c"),
            erase,
            keep: Vec::new(),
            soft_delete: None,
            skip: None,
            erase_after: Vec::new(),
            class: None,
            retain: Vec::new(),
            source: None,
            fields: Vec::new(),
        }
    }

    #[test]
    fn the_closer_the_row_the_more_goes() {
        let rows = collection(EraseRows::Fields);
        let phone = field(&["user.contact.phone_number"], false, None);
        let body = field(&["user.content"], true, None);
        let id = field(&["user.unique_id"], false, None);
        let take = |own_words| Treatment::TakeOut { bare_names: true, own_words, whole: None };
        for (field, tie, expected) in [
            (&phone, Tie::Own, Treatment::Clear(None)),
            (&phone, Tie::Authored, Treatment::Clear(None)),
            (&phone, Tie::Shared, take(false)),
            (&body, Tie::Own, Treatment::Clear(None)),
            (&body, Tie::Authored, take(true)),
            (&body, Tie::Mention, take(false)),
            (&id, Tie::Own, take(true)),
        ] {
            assert_eq!(treatment(&rows, field, tie, true), expected, "{tie:?}");
        }
    }

    #[test]
    fn what_is_kept_is_left() {
        let kept = field(&["user.name"], false, Some(EraseField::Keep("tax law".into())));
        assert_eq!(
            treatment(&collection(EraseRows::Fields), &kept, Tie::Own, true),
            Treatment::Leave
        );
        let rows = collection(EraseRows::Nothing("an archive".into()));
        let name = field(&["user.name"], false, None);
        assert_eq!(treatment(&rows, &name, Tie::Own, true), Treatment::Leave);
    }
}
