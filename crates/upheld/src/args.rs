//! What can be typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};

use crate::commands::marks::{Mark, MarkUse, Marks};
use crate::commands::messages::Messages;

/// Makes every promise in a published privacy notice true in running systems, and proves it.
#[derive(Debug, Parser)]
#[command(name = "upheld", version, about, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Args {
    /// The policy folder.
    // An id of its own: several commands have a folder of theirs.
    #[arg(
        short = 'C',
        id = "policy-folder",
        value_name = "DIR",
        default_value = ".",
        global = true
    )]
    pub(crate) folder: PathBuf,
    /// Answer in JSON on standard output.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say nothing on the way.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a complete sample MSP and run the main job on it.
    #[command(after_help = "Example:\n  upheld demo\n  upheld demo my-demo --people 5000")]
    Demo(Demo),
    /// Write a starter policy folder.
    #[command(after_help = "Example:\n  upheld init my-msp --pack msp-canada")]
    Init(Init),
    /// Look into a system and write systems/NAME.yaml.
    #[command(
        after_help = "Example:\n  upheld connect ticketing postgres://upheld@db.msp.example/rt?sslmode=require --ask-password\n  upheld connect billing sqlite:data/billing.db\n  upheld connect weblogs 'files:/srv/logs?pattern=**/*.log.gz'"
    )]
    Connect(Connect),
    /// Is the policy sound? Which sentences does nothing stand behind?
    #[command(after_help = "Example:\n  upheld check\n  upheld check --html check.html")]
    Check(Check),
    /// Find personal data in files, folders, archives, mails, documents and databases.
    #[command(
        after_help = "Examples:\n  upheld scan exports/ --html found.html\n  upheld scan ticketing --sample 2000\n  mysqldump shop | upheld scan --deny financial.card\n  upheld scan . --gitignore --kinds credential --sarif found.sarif\n\nRead are: text, HTML, CSV, JSON, JSON Lines, mails (eml, mbox, Maildir), gzip, zstd, zip, tar,\ndocx, xlsx, pptx, OpenDocument, PDF, Parquet and SQLite, within each other. What could not be\nread is listed with its reason. Values are never printed, unless --show is given, and then masked.\n\nExit codes: 0 looked at everything, 1 a kind under --deny was found, 2 a target could not be looked at."
    )]
    Scan(crate::commands::scan::Scan),
    /// What is held where: systems, fields, categories; drift against map and notice; as a picture.
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "Examples:\n  upheld map\n  upheld map --html map.html --svg map.svg\n  upheld map crm --full --fields\n  upheld map --check          (exit code 1 if map, notice and systems differ: for CI)\n  upheld map accept 3f9a1c\n  upheld map accept --above 90\n\nNothing that stands in a row is printed or kept. Exit codes: 0 looked, 1 they differ (with --check),\n2 a system could not be looked into."
    )]
    Map(crate::commands::map::Map),
    /// Take people out of files and tables before they are handed on, and measure the risk that is left.
    #[command(
        after_help = "Examples:\n  upheld deidentify people.csv -o shared.csv --k 5 --html shared.html\n  upheld deidentify exports/ -o shared/ --profile hipaa-safe-harbor\n  upheld deidentify ticketing --table tickets -o shared/ --key people.key\n  journalctl -u app | upheld deidentify - > app.log\n\nRead are: CSV, JSON, JSON Lines, Parquet, text, and tables of databases. Profiles are `default`,\n`hipaa-safe-harbor` or a YAML file; methods are keep, text, remove, mask, pseudonym, encrypt, month,\nquarter, year, decade, age N, zip N, region, bin N and shift DAYS by COLUMN. No value is printed.\n\nExit codes: 0 done, 1 fewer rows are alike than --k asks for, 2 something could not be done."
    )]
    Deidentify(crate::commands::deidentify::Deidentify),
    /// Answer a person's request.
    #[command(subcommand)]
    Request(Box<Request>),
    /// What people have asked that is not done with their data: list it, ask before a use, end it.
    #[command(
        after_help = "Examples:\n  upheld marks\n  upheld marks check --email jane.doe@acme.example --purpose newsletter\n  upheld marks lift 4f0c12ab --reason 'the data was corrected'"
    )]
    Marks(Marks),
    /// After a system was restored from a backup: find who was erased since, and erase them again.
    #[command(
        after_help = "Example:\n  upheld replay --system ticketing --backup-of 2026-11-01 --plan\n  upheld replay --system ticketing --backup-of 2026-11-01 --yes -o replay"
    )]
    Replay(Replay),
    /// Write a backup of everything that Upheld keeps, while it works.
    #[command(
        after_help = "Examples:\n  upheld backup upheld-2026-11-23.tar\n  upheld backup - | age -r age1… > upheld-2026-11-23.tar.age\n\nWhoever holds the file can read everything that Upheld keeps: it is written for its owner alone, and is\nbest sent through a program that encrypts. The systems that Upheld connects to are not in it."
    )]
    Backup(Backup),
    /// Put a backup in the place of what was lost.
    #[command(
        after_help = "Examples:\n  upheld -C acme restore upheld-2026-11-23.tar\n  age -d upheld-2026-11-23.tar.age | upheld -C acme restore -\n\nEvery byte is checked before anything is put in place. `upheld serve` serves nobody until `upheld replay`\nhas looked for people who were erased and are there again."
    )]
    Restore(Restore),
    /// Until when must what be answered, by which law, and how is that counted?
    #[command(
        after_help = "Examples:\n  upheld clocks --place CA-QC\n  upheld clocks --place US-CA --kind erase --received 2026-11-20\n  upheld clocks --kind breach --received 2026-11-20T16:30"
    )]
    Clocks(Clocks),
    /// Is every promise true today? Looks at the real thing behind each.
    #[command(
        after_help = "Example:\n  upheld status\n  upheld status --html status.html --full\n  upheld status --last --json"
    )]
    Status(Status),
    /// Confirm a promise that only a person can see.
    #[command(
        after_help = "Example:\n  upheld attest regular-reviews --by \"Robin Doe\" --evidence review-2026.pdf\n  upheld attest --list"
    )]
    Attest(Attest),
    /// Give an owner who lost every way into the console a new one.
    #[command(subcommand)]
    Staff(Staff),
    /// Check or export the log that proves what was done.
    #[command(subcommand)]
    Ledger(Ledger),
    /// Write the record of processing (GDPR, Article 30) from the policy.
    #[command(
        after_help = "Example:\n  upheld register\n  upheld register --format csv -o register.csv\n  upheld register --format json-ld -o register.jsonld"
    )]
    Register(Register),
    /// Dispose of what is older than promised.
    #[command(subcommand)]
    Retain(crate::commands::retain::Retain),
    /// Keep what a legal claim needs, whatever its age.
    #[command(subcommand)]
    Hold(crate::commands::hold::Hold),
    /// Serve the privacy centre and the console.
    #[command(
        after_help = "Examples:\n  upheld serve\n  upheld serve --listen 0.0.0.0:443 --tls-cert cert.pem --tls-key key.pem --public-url https://privacy.msp.example\n  upheld serve --public-url https://privacy.msp.example --trusted-proxy 127.0.0.1\n\nThe same settings may stand in upheld.toml under [serve]; what is typed counts. Lines of JSON about\nwhat was answered go to standard error and name nobody. SIGTERM ends the server in order, SIGHUP has\nit read its certificates again; a changed policy is read by itself."
    )]
    Serve(crate::commands::serve::Serve),
    /// Look at connections, rights, indexes, keys and the log.
    #[command(
        after_help = "Examples:\n  upheld doctor\n  upheld doctor --grants ticketing > ticketing.sql   (read it, then run it)\n  upheld doctor --grants ticketing --account upheld@10.0.0.5\n  upheld doctor --indexes --measure"
    )]
    Doctor(crate::commands::doctor::Doctor),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Demo {
    /// The folder to make; it must be new or empty.
    #[arg(default_value = "demo")]
    pub(crate) folder: PathBuf,
    /// How many people live in it.
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(200..=1_000_000))]
    pub(crate) people: u32,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Init {
    /// The folder to make.
    pub(crate) folder: PathBuf,
    /// The kind of notice to start from: msp-canada, msp-california, msp-software-vendor,
    /// device-vendor or devops-consultancy.
    #[arg(long, default_value = "msp-canada")]
    pub(crate) pack: String,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Connect {
    /// The system's name: lower-case letters, digits, `-`, `_`.
    pub(crate) name: String,
    /// Its address: postgres://, mysql://, mariadb://, sqlite:PATH or files:FOLDER. A password in it is sealed
    /// and not kept in any file as text.
    pub(crate) url: String,
    /// Ask for the password, so that it stands in no command line.
    #[arg(long)]
    pub(crate) ask_password: bool,
    /// Read the password from this environment variable, now and at every run.
    #[arg(long, value_name = "NAME")]
    pub(crate) password_env: Option<String>,
    /// Refuse every change through this connection.
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Look again at a system that is mapped already; what people wrote and answered in its file is
    /// kept.
    #[arg(long)]
    pub(crate) again: bool,
    /// Infer the map even where a ready one for this application ships.
    #[arg(long)]
    pub(crate) ignore_map: bool,
    /// Answer every question with yes, if you know the system well enough: rules that dispose of
    /// old rows among them.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Check {
    /// Also write the notice with the state of each sentence as one page.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Status {
    /// Also write the notice with the state of each sentence as one page.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Read every row where a sample is read otherwise.
    #[arg(long)]
    pub(crate) full: bool,
    /// Show what was found the last time, without looking again.
    #[arg(long, conflicts_with_all = ["full", "promise"])]
    pub(crate) last: bool,
    /// Look at this promise alone; the others are shown as they stood.
    #[arg(long, value_name = "ID")]
    pub(crate) promise: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Attest {
    /// The promise, by its key in promises.yaml.
    #[arg(required_unless_present = "list")]
    pub(crate) promise: Option<String>,
    /// Who confirms it.
    #[arg(long, value_name = "NAME", required_unless_present = "list")]
    pub(crate) by: Option<String>,
    /// A file that shows it. It stays where it is; its SHA-256 goes into the log.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Option<PathBuf>,
    /// A remark.
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// Show who must confirm what, and until when.
    #[arg(long, conflicts_with_all = ["promise", "by", "evidence", "note"])]
    pub(crate) list: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Staff {
    /// Print a link, good once, by which an owner comes in anew; every way in that they had ends.
    #[command(after_help = "Example:\n  upheld -C acme staff recover ann@acme.example")]
    Recover {
        /// The owner's e-mail address.
        email: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Request {
    /// Hand out everything that is held about a person.
    #[command(
        after_help = "Examples:\n  upheld request access --email jane.doe@acme.example -o jane.zip\n  upheld request access --batch people.csv -o answers\n  upheld request access --batch people.csv --by-reference -o answers"
    )]
    Access(Ask),
    /// The same data in a form for another controller.
    #[command(
        after_help = "Example:\n  upheld request portability --email jane.doe@acme.example -o jane.zip"
    )]
    Portability(Ask),
    /// Erase a person everywhere, and prove it.
    #[command(
        after_help = "Example:\n  upheld request erase --email jane.doe@acme.example --plan\n  upheld request erase --email jane.doe@acme.example --yes -o certificate.json\n  upheld request erase --batch people.csv --yes -o certificates"
    )]
    Erase(Ask),
    /// Correct what is wrong about a person in every system that holds it.
    #[command(
        after_help = "Examples:\n  upheld request rectify --email jane.doe@acme.example --set phone='+1 902 555 0199' --plan\n  upheld request rectify --email jane.doe@acme.example --set email=jane.roe@acme.example --yes\n  upheld request rectify --email jane.doe@acme.example --set crm.contact.city=Halifax"
    )]
    Rectify(Rectify),
    /// Close the person's account for good, and erase what it held.
    #[command(after_help = "Example:\n  upheld request close --email jane.doe@acme.example --plan")]
    Close(Ask),
    /// Keep the person's data and do not use it.
    #[command(
        after_help = "Example:\n  upheld request restrict --email jane.doe@acme.example --because 'she contests what we hold'"
    )]
    Restrict(Mark),
    /// The person objects to a use.
    #[command(
        after_help = "Example:\n  upheld request object --email jane.doe@acme.example --purpose newsletter"
    )]
    Object(MarkUse),
    /// Do not sell the person's data, and do not share it for advertising.
    #[command(after_help = "Example:\n  upheld request opt-out --email jane.doe@acme.example")]
    OptOut(Mark),
    /// The person takes a consent back: for one use, or for every use that rests on it.
    #[command(
        after_help = "Example:\n  upheld request consent-withdrawal --email jane.doe@acme.example --purpose newsletter"
    )]
    ConsentWithdrawal(MarkUse),
    /// Who else must be told of a request, who was, and who has answered.
    #[command(
        after_help = "Examples:\n  upheld request messages 4f0c12ab -o messages\n  upheld request messages 4f0c12ab --sent mail-delivery\n  upheld request messages 4f0c12ab --answered mail-delivery"
    )]
    Messages(Messages),
    /// The fee of a request was paid: the work begins.
    #[command(after_help = "Example:\n  upheld request fee-paid 4f0c12ab -o jane.zip")]
    FeePaid {
        /// The request's number, or its first characters.
        id: String,
        /// It is waived after all.
        #[arg(long)]
        waived: bool,
        #[command(flatten)]
        how: How,
    },
    /// List every request and where it stands.
    List,
    /// Show the plan of a request that waits; take up one that was interrupted or is incomplete.
    #[command(after_help = "Example:\n  upheld request resume 4f0c12ab")]
    Resume(Resume),
    /// Put the answer off, once, where the law and the notice allow it.
    #[command(
        after_help = "Example:\n  upheld request extend 4f0c12ab --reason 'the archive of 2019 must be restored first'"
    )]
    Extend {
        /// The request's number, or its first characters.
        id: String,
        /// Why, in the words that the person is told; name nobody.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Stop the clock of a request while something is awaited from the person.
    #[command(after_help = "Example:\n  upheld request pause 4f0c12ab --for identity")]
    Pause {
        /// The request's number, or its first characters.
        id: String,
        /// What is awaited. Whether that stops a clock is for each law to say.
        #[arg(long = "for", value_name = "WHAT", value_parser = ["clarification", "identity", "fee"])]
        waits_for: String,
    },
    /// What was awaited is here: the clock goes on.
    #[command(after_help = "Example:\n  upheld request resume-clock 4f0c12ab")]
    ResumeClock {
        /// The request's number, or its first characters.
        id: String,
    },
    /// Take back a request that waits, and forget whom it was about.
    #[command(after_help = "Example:\n  upheld request withdraw 4f0c12ab")]
    Withdraw {
        /// The request's number, or its first characters.
        id: String,
    },
    /// Agree to a plan, by its digest, and carry it out.
    #[command(
        after_help = "Example:\n  upheld request approve 4f0c12ab --digest 9d1f00aa12bc -o certificate.json"
    )]
    Approve(Approve),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Ask {
    /// An e-mail address of the person; may be given several times.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: Vec<String>,
    /// A telephone number, in any spelling.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) phone: Vec<String>,
    /// A name the person signs in with.
    #[arg(long, value_name = "NAME")]
    pub(crate) user_name: Vec<String>,
    /// The number of the person's account.
    #[arg(long, value_name = "ID")]
    pub(crate) account_id: Vec<String>,
    /// The person's name: searched for in text, never enough by itself.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Vec<String>,
    /// A list of people, one request for each: a CSV file with a heading (email, phone, user_name,
    /// account_id, name, reference), JSON Lines with the same names, or one e-mail address on each
    /// line. `-o` names the folder for the answers. Every system is read once for all of them; the
    /// same command again goes on where one was stopped.
    #[arg(long, visible_alias = "emails", value_name = "FILE", conflicts_with_all = ["email", "phone", "user_name", "account_id", "name", "plan"])]
    pub(crate) batch: Option<PathBuf>,
    /// Follow identifiers and references, and search no text. Fast, and not everything: every
    /// answer says so, and no erasure counts as complete.
    #[arg(long)]
    pub(crate) by_reference: bool,
    /// Where the person lives, such as CA-QC: which clocks count. Left out, the shortest does.
    #[arg(long, value_name = "PLACE")]
    pub(crate) place: Option<String>,
    /// The day on which the request came, if that was not today.
    #[arg(long, value_name = "DAY")]
    pub(crate) received: Option<String>,
    /// Ask for the fee that the policy names for this right, and do nothing until it is paid.
    #[arg(long, conflicts_with = "batch")]
    pub(crate) charge_fee: bool,
    /// Show the plan and change nothing.
    #[arg(long)]
    pub(crate) plan: bool,
    #[command(flatten)]
    pub(crate) how: How,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Rectify {
    /// What is right: of an identifier (email, phone, user_name, name), of a data category
    /// (user.contact.address.city) or of one field (SYSTEM.COLLECTION.FIELD). May be given several
    /// times.
    #[arg(long, value_name = "WHAT=VALUE", required = true)]
    pub(crate) set: Vec<String>,
    /// Which value is wrong, where the person's records hold several.
    #[arg(long, value_name = "WHAT=VALUE")]
    pub(crate) old: Vec<String>,
    #[command(flatten)]
    pub(crate) ask: Ask,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct How {
    /// Carry the plan out without asking.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Change more rows than the policy's cap allows.
    #[arg(long)]
    pub(crate) override_cap: bool,
    /// The package (.zip) or the certificate (.json, with a page .html beside it).
    #[arg(short = 'o', long = "out", value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Seal the package with the password in this file (AES-256).
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Resume {
    /// The request's number, or its first characters.
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) how: How,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Approve {
    /// The request's number, or its first characters.
    pub(crate) id: String,
    /// The digest of the plan that you have read, or its first twelve characters.
    #[arg(long)]
    pub(crate) digest: String,
    #[command(flatten)]
    pub(crate) how: How,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Backup {
    /// The file to write, which must be new; `-` writes to standard output.
    pub(crate) file: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Restore {
    /// The backup; `-` reads from standard input.
    pub(crate) file: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Replay {
    /// A system that was restored; may be given several times. Left out, every system is read.
    #[arg(long = "system", value_name = "NAME")]
    pub(crate) systems: Vec<String>,
    /// The day on which the backup was taken: who was erased before is not in it.
    #[arg(long, value_name = "DAY")]
    pub(crate) backup_of: Option<String>,
    /// Show who is there again and change nothing.
    #[arg(long)]
    pub(crate) plan: bool,
    /// Erase them without asking.
    #[arg(long, conflicts_with = "plan")]
    pub(crate) yes: bool,
    /// The folder for the certificates.
    #[arg(short = 'o', long = "out", value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Clocks {
    /// Where the person lives, such as CA-QC. Left out, every place of the policy is looked at.
    #[arg(long, value_name = "PLACE")]
    pub(crate) place: Option<String>,
    /// Only this kind: a request (access, erase, opt-out …) or a clock (breach, retention …).
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// Counted from this day, or from this hour (2026-11-20T16:30). Left out, from now.
    #[arg(long, value_name = "DAY")]
    pub(crate) received: Option<String>,
    /// Also clocks that are about no request, and those that set no date, with the reason.
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Ledger {
    /// Check every entry, every hash and every signature.
    #[command(
        after_help = "Example:\n  upheld ledger verify\n  upheld ledger verify --folder exported-log --key 4f0c…"
    )]
    Verify(LedgerVerify),
    /// Write the proof that one request's entry is in the log.
    #[command(after_help = "Example:\n  upheld ledger prove 4f0c12ab -o proof.tlog-proof")]
    Prove(LedgerProve),
    /// Where is the log's last checkpoint kept outside this folder? With a file: does the log still
    /// begin with what was signed when that was written?
    #[command(
        after_help = "Examples:\n  upheld ledger anchor\n  upheld ledger anchor certificate.json old-proof.tlog-proof"
    )]
    Anchor(LedgerAnchor),
    /// After an older copy of this folder's state was restored: explain what is missing, and go on.
    #[command(
        after_help = "Examples:\n  upheld ledger reconcile\n  upheld ledger reconcile --reason 'the disk failed; the newest backup is of Monday'"
    )]
    Reconcile(LedgerReconcile),
    /// Copy the log, with what a stranger needs to check it, into a folder.
    #[command(after_help = "Example:\n  upheld ledger export log-2026")]
    Export(LedgerExport),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct LedgerVerify {
    /// An exported log, checked without any database; needs `--key`.
    #[arg(long, value_name = "DIR", requires = "key")]
    pub(crate) folder: Option<PathBuf>,
    /// The log's public key, as the organisation publishes it.
    #[arg(long)]
    pub(crate) key: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct LedgerProve {
    /// The request's number, or its first characters.
    pub(crate) id: String,
    /// The proof's file.
    #[arg(short = 'o', long = "out", value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct LedgerAnchor {
    /// Certificates, records of destruction, proofs, or the file `checkpoint` of an exported log.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct LedgerReconcile {
    /// Go on without what is missing, for this reason. It stands in the log's evidence: name nobody.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct LedgerExport {
    /// The folder to make.
    pub(crate) folder: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Register {
    /// As text for people, as a spreadsheet, or in the words of the Data Privacy Vocabulary.
    #[arg(long, value_enum, default_value_t = RegisterForm::Table)]
    pub(crate) format: RegisterForm,
    /// Write it into this file.
    #[arg(short = 'o', long = "out", value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum RegisterForm {
    Table,
    Csv,
    JsonLd,
}
