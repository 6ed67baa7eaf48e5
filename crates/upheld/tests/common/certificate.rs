//! A certificate, checked by tools that are not ours: Python reads it, OpenSSL checks the signature.

use std::path::Path;
use std::process::Command;

const TAKE_APART: &str = "import base64, json, sys
c = json.load(open(sys.argv[1]))
text = json.dumps(c['certificate'], sort_keys=True, separators=(',', ':'), ensure_ascii=False)
open('text', 'wb').write(text.encode())
open('signature', 'wb').write(base64.b64decode(c['signature']))
open('key', 'wb').write(bytes.fromhex('302a300506032b6570032100') + base64.b64decode(c['key']))
published = base64.b64decode(c['certificate']['public_key'].split('+', 2)[2])[1:]
assert published == base64.b64decode(c['key']), 'another key'
assert c['certificate']['outcome'] == 'complete'
";

/// Writes its text, signature and key into a folder; it must be one of a complete erasure.
pub fn take_apart(certificate: &str, folder: &Path) {
    let mut python = Command::new("python3");
    python.args(["-c", TAKE_APART, certificate]).current_dir(folder);
    assert!(python.status().unwrap().success(), "{certificate}");
}

/// Whether the signature in this folder is that of the text.
pub fn holds(folder: &Path) -> bool {
    let mut openssl = Command::new("openssl");
    openssl.args(["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key"]);
    openssl.args(["-rawin", "-in", "text", "-sigfile", "signature"]);
    openssl.current_dir(folder).output().unwrap().status.success()
}
