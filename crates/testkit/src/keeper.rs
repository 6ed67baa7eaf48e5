//! A shell that holds one server and outlives nobody.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// Reads orders; at the end of its input it kills the server and removes the folder ($1).
const KEEPER: &str = r#"
folder=$1; stopping=$2; ending=$3; shift 3
trap : INT
begin() { "$@" >>"$folder/log" 2>&1 </dev/null & pid=$!; }
begin "$@"
echo ready
while read -r order; do
  case $order in
    kill9) kill -9 "$pid"; wait "$pid" ;;
    stop) kill "-$stopping" "$pid"; wait "$pid" ;;
    begin)
      # What a killed server left in memory is there until its last helper has noticed: begun too soon, it ends at once.
      for try in 1 2 3 4 5 6 7 8 9 10; do
        begin "$@"; sleep 0.5
        [ -e "/proc/$pid/exe" ] && break
        wait "$pid"
      done ;;
  esac
  echo done
done
kill "-$ending" "$pid"; wait "$pid"
rm -rf "$folder"
"#;

/// A running server and the shell that keeps it.
pub(crate) struct Keeper {
    folder: PathBuf,
    orders: Mutex<Option<(ChildStdin, BufReader<ChildStdout>)>>,
    shell: Mutex<Child>,
}

impl Keeper {
    /// Starts `program` with its arguments; `stopping` is the signal that stops it in good order, `ending`
    /// the one that stops it fastest.
    pub(crate) fn start(
        folder: PathBuf,
        [stopping, ending]: [&str; 2],
        program: &[String],
    ) -> Self {
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            .arg(KEEPER)
            .arg("keeper")
            .arg(&folder)
            .args([stopping, ending])
            .args(program);
        let shell =
            shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut shell = shell.unwrap_or_else(|error| panic!("`sh` cannot be started: {error}"));
        let orders = shell.stdin.take().zip(shell.stdout.take().map(BufReader::new));
        let keeper = Self { folder, orders: Mutex::new(orders), shell: Mutex::new(shell) };
        keeper.answer();
        keeper
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Gives an order and waits until it is carried out.
    pub(crate) fn order(&self, order: &str) {
        if let Some((orders, _)) =
            self.orders.lock().unwrap_or_else(PoisonError::into_inner).as_mut()
        {
            let sent = writeln!(orders, "{order}").and_then(|()| orders.flush());
            sent.unwrap_or_else(|error| panic!("the server's keeper is gone: {error}"));
        }
        self.answer();
    }

    fn answer(&self) {
        if let Some((_, answers)) =
            self.orders.lock().unwrap_or_else(PoisonError::into_inner).as_mut()
        {
            let mut line = String::new();
            let read = answers.read_line(&mut line);
            read.unwrap_or_else(|error| panic!("the server's keeper is gone: {error}"));
        }
    }

    /// The last lines that the server wrote, for a failed start.
    pub(crate) fn log(&self) -> String {
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // Closing the pipe is the order to end.
        drop(self.orders.lock().unwrap_or_else(PoisonError::into_inner).take());
        let _ = self.shell.lock().unwrap_or_else(PoisonError::into_inner).wait();
    }
}

/// A folder for a server, owned by `user` if we are root; and the words that make a command run as
/// that user.
pub(crate) fn quarters(kind: &str, user: &str) -> (PathBuf, Vec<String>) {
    let folder = tempfile::Builder::new().prefix(kind).tempdir_in("/tmp");
    let folder = folder.unwrap_or_else(|error| panic!("no temporary folder: {error}")).keep();
    if !crate::is_root() {
        return (folder, Vec::new());
    }
    crate::run(Command::new("chown").arg(user).arg(&folder), "");
    let drop_rights = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups", "--"];
    (folder, drop_rights.map(str::to_owned).to_vec())
}

/// A command made of words.
pub(crate) fn command(words: &[String]) -> Command {
    let (program, rest) = words.split_first().unwrap_or_else(|| panic!("no command"));
    let mut command = Command::new(program);
    command.args(rest).current_dir("/tmp");
    command
}

/// Waits until `ready`, up to half a minute.
pub(crate) fn await_ready(mut ready: impl FnMut() -> bool, log: impl Fn() -> String) {
    for _ in 0..600 {
        if ready() {
            return;
        }
        pause();
    }
    panic!("the server did not start:\n{}", log());
}

#[expect(
    clippy::disallowed_methods,
    reason = "no runtime here: tests wait for a server on their own thread"
)]
fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(50));
}
