//! Everything that somebody may be allowed to do.

use std::fmt;

macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal;)*) => {
        /// One thing that a page, an API route or a command of staff does. A route that does
        /// something else needs a variant of its own, a line in `authority/schema.cedarschema` and
        /// a policy that permits it: until then nobody may.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl Action {
            /// Every action, in the order in which the console has them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in the policies, in the scopes of a token and in the log: `requests.run`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// One sentence for whoever chooses the scopes of a token.
            pub fn explained(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc),+).trim_start(),)*
                }
            }
        }
    };
}

actions! {
    /// See the promises and their states, the notice and its versions.
    ReadPromises = "promises.read";
    /// Run controls now, which asks the systems.
    CheckPromises = "promises.check";
    /// Confirm by hand what no control can see.
    AttestPromises = "promises.attest";

    /// Prepare, check and discard a version of the notice.
    DraftVersion = "versions.draft";
    /// Schedule a version, and tell everyone whom it affects.
    PublishVersion = "versions.publish";
    /// Publish over sentences that are broken or unproven.
    OverridePromises = "versions.override";

    /// Keep that somebody agreed to the notice, and see what they have agreed to.
    RecordAgreement = "agreements.record";

    /// See the queue, a request, its letters and its clocks.
    ReadRequests = "requests.read";
    /// Write down a request that came by phone, by post or in person.
    FileRequest = "requests.file";
    /// Decide whether somebody is who they say, which shows what they handed in.
    IdentifyRequest = "requests.identify";
    /// Ask the systems what a request would find and change.
    PlanRequest = "requests.plan";
    /// See what was found of a person.
    OpenRequest = "requests.open";
    /// Agree to a plan, bound to its digest.
    ApproveRequest = "requests.approve";
    /// Carry out what was approved.
    RunRequest = "requests.run";
    /// Take more time, with a reason.
    ExtendRequest = "requests.extend";
    /// Stop a clock while the person is asked, and start it again.
    PauseRequest = "requests.pause";
    /// Refuse a request, naming the reason and the regulator.
    RefuseRequest = "requests.refuse";
    /// Withdraw or close a request that was opened by mistake or twice.
    CloseRequest = "requests.close";
    /// Write to the person, and hand out what was made for them.
    AnswerRequest = "requests.answer";
    /// Take on a task by hand in a system without a connector, and say that it is done.
    DoTask = "requests.task";
    /// Tell processors, and write down what they answered.
    TellProcessors = "requests.tell";

    /// See the data map, its drift and its proposals.
    ReadMap = "map.read";
    /// Take a proposal over into the data map.
    ChangeMap = "map.change";

    /// See the systems, their rights and what was found in them.
    ReadSystems = "systems.read";
    /// Connect a system, or disconnect one.
    ConnectSystem = "systems.connect";

    /// See what is due, runs and holds.
    ReadRetention = "retention.read";
    /// Dispose of what is due.
    RunRetention = "retention.run";
    /// Place a legal hold.
    PlaceHold = "holds.place";
    /// Lift a legal hold.
    LiftHold = "holds.lift";

    /// See the evidence log, and take proofs of single entries from it.
    ReadEvidence = "evidence.read";
    /// Take the whole log out.
    ExportEvidence = "evidence.export";

    /// See disclosures to authorities and their counts.
    ReadDisclosures = "disclosures.read";
    /// Write down a disclosure to an authority.
    RecordDisclosure = "disclosures.record";
    /// Announce a change of control.
    AnnounceControl = "control.announce";

    /// See the letters and their drafts.
    ReadLetters = "letters.read";
    /// Change the wording of letters.
    ChangeLetters = "letters.change";

    /// See who is here, as what, and who was asked to come.
    ReadPeople = "people.read";
    /// Ask somebody to come.
    InvitePerson = "people.invite";
    /// Change somebody's role.
    ChangeRole = "people.role";
    /// Give somebody clients to work for, or take them away.
    AssignClients = "people.assign";
    /// Keep somebody out for now, or let them in again.
    SuspendPerson = "people.suspend";
    /// Remove somebody for good.
    RemovePerson = "people.remove";
    /// Give somebody a new way in after every way was lost.
    RecoverPerson = "people.recover";

    /// See settings.
    ReadSettings = "settings.read";
    /// Change settings.
    ChangeSettings = "settings.change";

    /// See the tokens of the API, never their secrets.
    ReadTokens = "tokens.read";
    /// Make a token.
    IssueToken = "tokens.issue";
    /// Take a token back.
    RevokeToken = "tokens.revoke";

    /// See webhooks and what became of their deliveries.
    ReadWebhooks = "webhooks.read";
    /// Add, change, try and remove webhooks.
    ChangeWebhooks = "webhooks.change";

    /// See the queue of jobs and those that failed for good.
    ReadJobs = "jobs.read";
    /// Try a failed job again, or drop it.
    SettleJob = "jobs.settle";
}

impl Action {
    /// The action of that name; an unknown one is none.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == name)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
