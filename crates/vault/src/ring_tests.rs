use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use model::SeededRng;

use super::*;

fn fresh() -> (tempfile::TempDir, PathBuf, Vault) {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    let vault = Vault::create(&keys, Arc::new(SeededRng::new(1))).unwrap();
    (folder, keys, vault)
}

fn reopen(keys: &Path) -> Result<Vault> {
    Vault::open(keys, Arc::new(SeededRng::new(2)))
}

#[test]
fn what_is_sealed_opens_in_its_place_and_nowhere_else() {
    let (_folder, keys, vault) = fresh();
    let acme = vault.of("acme");
    let sealed = acme.seal("case state", "r1", b"jane@acme.example").unwrap();
    assert!(sealed.starts_with(&store::SEALED_MARK));
    assert!(!sealed.windows(4).any(|window| window == b"jane"));
    let again = reopen(&keys).unwrap().of("acme");
    assert_eq!(again.open_sealed("case state", "r1", &sealed).unwrap(), b"jane@acme.example");

    let other = vault.of("other").seal("case state", "r1", b"x").unwrap();
    for (who, purpose, record, bytes) in [
        (&acme, "case state", "r2", &sealed),
        (&acme, "receipt", "r1", &sealed),
        (&acme, "case stater", "1", &sealed),
        (&vault.of("other"), "case state", "r1", &sealed),
        (&vault, "case state", "r1", &sealed),
        (&acme, "case state", "r1", &other),
    ] {
        let error = who.open_sealed(purpose, record, bytes).unwrap_err();
        assert!(matches!(error, Error::Unopenable), "{purpose} {record}: {error}");
    }
}

#[test]
fn every_changed_bit_and_every_cut_is_noticed() {
    let (_folder, _keys, vault) = fresh();
    let sealed = vault.seal("p", "r", b"secret").unwrap();
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(matches!(vault.open_sealed("p", "r", &changed), Err(Error::Unopenable)), "{at}");
        assert!(matches!(vault.open_sealed("p", "r", &sealed[..at]), Err(Error::Unopenable)));
    }
    let mut longer = sealed.clone();
    longer.push(0);
    assert!(matches!(vault.open_sealed("p", "r", &longer), Err(Error::Unopenable)));
    assert_ne!(
        sealed,
        vault.seal("p", "r", b"secret").unwrap(),
        "a record key is never used twice"
    );
}

#[test]
fn wider_modes_are_refused_with_the_command_that_mends_them() {
    let (_folder, keys, vault) = fresh();
    vault.put_secret("rt", &Secret::new("hunter2".to_owned())).unwrap();
    let secret = fs::read_dir(keys.join("secrets")).unwrap().next().unwrap().unwrap().path();
    for (path, mode, wanted) in [
        (keys.clone(), 0o750, 0o700),
        (keys.join("root.v1"), 0o640, 0o600),
        (keys.join("root.v1"), 0o604, 0o600),
        (keys.join("organisations"), 0o755, 0o700),
        (secret, 0o644, 0o600),
    ] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = reopen(&keys).unwrap_err().to_string();
        let command = format!("`chmod {wanted:o} '{}'`", path.display());
        assert!(error.contains(&command), "{error}");
        fs::set_permissions(&path, fs::Permissions::from_mode(wanted)).unwrap();
        reopen(&keys).unwrap();
    }
}

#[test]
fn rotation_keeps_everything_readable_and_destroys_the_old_root() {
    let (_folder, keys, vault) = fresh();
    let acme = vault.of("acme");
    let sealed = acme.seal("p", "r", b"before").unwrap();
    let public = vault.signing_key().unwrap().public_key();
    let mac = acme.derive("suppression").unwrap().mac(b"jane");
    // A second program that has the old root in memory.
    let bystander = reopen(&keys).unwrap();
    assert_eq!(vault.rotate().unwrap(), 2);
    assert!(!keys.join("root.v1").exists());
    let late = bystander.of("new organisation").seal("p", "r", b"late").unwrap();
    for vault in [vault, bystander, reopen(&keys).unwrap()] {
        let acme = vault.of("acme");
        assert_eq!(acme.open_sealed("p", "r", &sealed).unwrap(), b"before");
        assert_eq!(acme.derive("suppression").unwrap().mac(b"jane"), mac);
        assert_eq!(vault.signing_key().unwrap().public_key(), public);
        let new = vault.of("new organisation");
        assert_eq!(new.open_sealed("p", "r", &late).unwrap(), b"late");
    }
}

#[test]
fn a_rotation_cut_short_anywhere_is_finished_on_opening() {
    let (_folder, keys, vault) = fresh();
    let mut sealed = Vec::new();
    for name in ["a", "b", "c"] {
        sealed.push((name, vault.of(name).seal("p", "r", name.as_bytes()).unwrap()));
    }
    // The new root is written, and one organisation of three is wrapped anew: then the power goes.
    write_root(&keys, 2, &SeededRng::new(9)).unwrap();
    let roots = read_roots(&keys).unwrap();
    let first = file::list(&keys.join("organisations")).unwrap().remove(0);
    let bytes = fs::read(&first).unwrap();
    let plain = Wrapped::parse(&first, &bytes).unwrap().unwrap_with(&first, &roots[&1]).unwrap();
    file::write(&first, &wrap(&first, 2, &roots[&2], &plain).unwrap()).unwrap();
    fs::write(keys.join("organisations").join("torn.new"), b"UPK1").unwrap();

    let vault = Vault::open(&keys, Arc::new(SeededRng::new(3)));
    // The torn leftover was made with an ordinary mode: it is not a key file, and not looked at.
    let vault = vault.unwrap();
    assert!(!keys.join("root.v1").exists());
    for (name, sealed) in sealed {
        assert_eq!(vault.of(name).open_sealed("p", "r", &sealed).unwrap(), name.as_bytes());
    }
}

#[test]
fn a_ring_is_never_made_twice_and_a_missing_one_is_named() {
    let (folder, keys, _vault) = fresh();
    let rng: Arc<dyn Rng> = Arc::new(SeededRng::new(2));
    assert!(matches!(Vault::create(&keys, Arc::clone(&rng)), Err(Error::Exists(_))));
    assert!(matches!(
        Vault::open(&folder.path().join("none"), Arc::clone(&rng)),
        Err(Error::NoKeys(_))
    ));
    Vault::open_or_create(&keys, Arc::clone(&rng)).unwrap();
    // The root alone is lost: making a new one would bury what it sealed.
    let vault = reopen(&keys).unwrap();
    vault.seal("p", "r", b"x").unwrap();
    fs::remove_file(keys.join("root.v1")).unwrap();
    assert!(matches!(Vault::create(&keys, rng), Err(Error::Exists(_))));
    assert!(matches!(reopen(&keys), Err(Error::NoKeys(_))));
}

#[test]
fn swapped_organisation_keys_and_a_broken_root_are_refused() {
    let (_folder, keys, vault) = fresh();
    let sealed = vault.of("a").seal("p", "r", b"x").unwrap();
    vault.of("b").seal("p", "r", b"x").unwrap();
    let files = file::list(&keys.join("organisations")).unwrap();
    fs::copy(&files[0], keys.join("spare")).unwrap();
    fs::copy(&files[1], &files[0]).unwrap();
    fs::rename(keys.join("spare"), &files[1]).unwrap();
    let error = reopen(&keys).unwrap().of("a").open_sealed("p", "r", &sealed).unwrap_err();
    assert!(matches!(error, Error::Unopenable));
    fs::write(keys.join("root.v1"), "not a key").unwrap();
    assert!(matches!(reopen(&keys), Err(Error::Malformed { .. })));
}

#[test]
fn secrets_are_kept_replaced_listed_and_forgotten() {
    let (_folder, keys, vault) = fresh();
    assert!(vault.secret("rt").unwrap().is_none());
    for value in ["first", "second"] {
        vault.put_secret("rt", &Secret::new(value.to_owned())).unwrap();
    }
    vault.put_secret("billing ü/../x", &Secret::new("third".to_owned())).unwrap();
    vault.of("acme").put_secret("rt", &Secret::new("acme's".to_owned())).unwrap();
    let vault = reopen(&keys).unwrap();
    assert_eq!(vault.secret("rt").unwrap().unwrap().expose_secret(), "second");
    assert_eq!(vault.of("acme").secret("rt").unwrap().unwrap().expose_secret(), "acme's");
    assert_eq!(vault.secret_names().unwrap(), ["billing ü/../x", "rt"]);
    assert!(vault.remove_secret("rt").unwrap());
    assert!(!vault.remove_secret("rt").unwrap());
    assert!(vault.secret("rt").unwrap().is_none());
    for path in file::list(&keys.join("secrets")).unwrap() {
        let bytes = fs::read(path).unwrap();
        assert!(!bytes.windows(5).any(|w| w == b"third" || w == b"secon"));
    }
}

#[test]
fn derived_keys_differ_by_purpose_and_organisation() {
    let (_folder, _keys, vault) = fresh();
    let macs = [
        vault.derive("a").unwrap().mac(b"x"),
        vault.derive("b").unwrap().mac(b"x"),
        vault.of("acme").derive("a").unwrap().mac(b"x"),
        vault.derive("a").unwrap().mac(b"y"),
    ];
    for (at, mac) in macs.iter().enumerate() {
        assert!(!macs[..at].contains(mac));
    }
    assert_eq!(macs[0], vault.derive("a").unwrap().mac(b"x"));
    assert_eq!(format!("{:?}", vault.derive("a").unwrap()), "[secret]");
}

#[test]
fn signatures_verify_with_the_public_key() {
    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
    let (_folder, keys, vault) = fresh();
    let key = vault.signing_key().unwrap();
    let signature = key.sign(b"checkpoint").unwrap();
    UnparsedPublicKey::new(&ED25519, key.public_key()).verify(b"checkpoint", &signature).unwrap();
    assert_eq!(reopen(&keys).unwrap().signing_key().unwrap().public_key(), key.public_key());
}
