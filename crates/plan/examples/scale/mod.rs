//! Maps of many collections, and a case driven over one by an engine that has one row everywhere.

use model::{IdentityKind, Micros, RowKey, TableName, Value};
use plan::{
    Action, Case, CaseError, Drafted, FoundIn, Graph, Mentioned, Outcome, Phase, PlaceCount,
    Request, RequestKind, Settings,
};
use policy::{Collection, EraseRows, Field, FieldPath, Reference, System, Tie, Travel};

/// How the collections refer to each other.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// Each to the one before it.
    Chain,
    /// Each to the first one.
    Star,
    /// Each to two of those before it, anyhow.
    #[allow(dead_code, reason = "the unit tests want maps whose size is known")]
    Random,
}

fn field(name: &str) -> Field {
    Field {
        name: name.to_owned(),
        title: None,
        categories: vec!["system".to_owned()],
        class: None,
        identity: None,
        primary_key: false,
        data_type: None,
        free_text: false,
        erase: None,
        references: Vec::new(),
    }
}

/// So many collections in ten systems; people are looked up in the first one.
pub(crate) fn map(shape: Shape, count: usize) -> Vec<System> {
    let mut random = 7_usize;
    let mut below = |end: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (random >> 33) % end
    };
    let mut systems: Vec<System> = (0..10)
        .map(|number| System {
            key: format!("s{number}"),
            title: format!("System {number}"),
            application: None,
            schema: None,
            purposes: Vec::new(),
            source: None,
            backups: None,
            region: None,
            mechanism: None,
            accounts: Default::default(),
            at_rest: None,
            recipients: Vec::new(),
            collections: Vec::new(),
        })
        .collect();
    for number in 0..count {
        let mut fields = vec![Field { primary_key: true, ..field("id") }];
        if number == 0 {
            let email = Some(IdentityKind::Email);
            fields.push(Field { identity: email, ..field("email") });
        }
        let parents = match shape {
            _ if number == 0 => Vec::new(),
            Shape::Chain => vec![number - 1],
            Shape::Star => vec![0],
            Shape::Random => vec![below(number), below(number)],
        };
        for (index, parent) in parents.into_iter().enumerate() {
            let to = FieldPath {
                system: format!("s{}", parent % 10),
                collection: format!("c{parent}"),
                field: "id".to_owned(),
            };
            let (also, when, travel) = (Vec::new(), Vec::new(), Travel::Both);
            let reference = Reference { to, also, travel, when, tie: Tie::Own, inferred: None };
            fields.push(Field { references: vec![reference], ..field(&format!("parent{index}")) });
        }
        let name = format!("c{number}");
        let collection = Collection {
            table: TableName::new("", &name),
            title: name.clone(),
            name,
            erase: EraseRows::Fields,
            keep: Vec::new(),
            soft_delete: None,
            skip: None,
            erase_after: Vec::new(),
            class: None,
            retain: Vec::new(),
            source: None,
            fields,
        };
        if let Some(system) = systems.get_mut(number % 10) {
            system.collections.push(collection);
        }
    }
    systems
}

/// Drives an erasure to its end. Returns it with the number of steps and of values asked for.
pub(crate) fn run(graph: &Graph<'_>) -> Result<(Case, usize, usize), CaseError> {
    let request = Request {
        id: "5f2c".to_owned(),
        kind: RequestKind::Erasure,
        identities: vec![model::Identity::new(IdentityKind::Email, "jane@acme.example")],
        opened_at: Micros(0),
    };
    let mut case = Case::open(request, Settings::default(), graph);
    let (mut steps, mut asked) = (0, 0);
    loop {
        while let Some(step) = case.steps().first().cloned() {
            steps += 1;
            let outcome = match &step.action {
                Action::Find { carry, values, .. } => {
                    asked += values.len();
                    let key = RowKey(vec![Value::from(1)]);
                    Outcome::Found(vec![FoundIn {
                        key,
                        carried: vec![Value::from(1); carry.len()],
                    }])
                }
                Action::Search { .. } => Outcome::Searched(Mentioned::default()),
                Action::Draft { system } => {
                    let places = case.rows().of_system(system);
                    let count = |collection: &str| PlaceCount {
                        collection: collection.to_owned(),
                        before: 1,
                        ..PlaceCount::default()
                    };
                    let places = places.map(|(at, _)| count(&at.collection)).collect();
                    Outcome::Drafted(Drafted { places, ..Drafted::default() })
                }
                Action::Act { .. } => Outcome::Acted { changed: 0, already: 0 },
                Action::Verify { .. } => Outcome::Verified(Vec::new()),
                Action::Gather { .. } => Outcome::NotReached("not asked for".to_owned()),
            };
            case.take(graph, step.id, outcome)?;
        }
        if case.phase() != Phase::Review {
            return Ok((case, steps, asked));
        }
        let digest = case.outline().digest;
        case.approve(&digest, true)?;
    }
}
