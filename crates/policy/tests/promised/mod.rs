//! The promises of the catalogue: which kinds of notice make each, and how Upheld makes it true.
//! This is data; the test beside it compares it with the packs and writes docs/promises.md.

/// A promise, who makes it, and how it is made true.
pub(crate) struct Promised {
    pub(crate) id: &'static str,
    /// The packs whose kind of notice makes it.
    pub(crate) who: &'static [&'static str],
    /// One or two sentences, without a full stop.
    pub(crate) how: &'static str,
}

const CALIFORNIA: &str = "msp-california";
const SOFTWARE: &str = "msp-software-vendor";
const DEVICES: &str = "device-vendor";
const DEVOPS: &str = "devops-consultancy";
const CANADA: &str = "msp-canada";

pub(crate) const CHAPTERS: [(&str, &str); 10] = [
    ("A", "The notice itself"),
    ("B", "What is held, from where, and why"),
    ("C", "Consent and choice"),
    ("D", "The person's rights"),
    ("E", "Retention and disposal"),
    ("F", "Security"),
    ("G", "Disclosure and transfer"),
    ("H", "Artificial intelligence"),
    ("I", "Special people and special data"),
    ("J", "Data without names"),
];

pub(crate) const OPENING: &str = "\
# Promises

Five kinds of privacy notice are common among companies that look after other companies' computers. This page lists every promise
that they make, with an id by which `promises.yaml` names it (`catalogue: [E2]`), how Upheld makes it true, and which starter pack
carries it. What Upheld does not do yet is said here, and a promise that rests on it is listed as *unproven*, never as good.

A promise is made true by controls. Most look something up in connected systems or in the registers of the policy; an
`attestation` asks a person at intervals, and lapses; `notice_text` is for sentences that promise nothing about data or machines.

`upheld init DIR --pack NAME` writes a pack; every company in it is made up, and its comments say what to change.
";

pub(crate) const READING: &str = "
In the tables below, **yes**: every such promise of the pack has a control. **In part**: some have, and the others say what is
missing. **Unproven**: none has. Empty: that kind of notice does not promise it.
";

const fn promised(id: &'static str, who: &'static [&'static str], how: &'static str) -> Promised {
    Promised { id, who, how }
}

pub(crate) const PROMISED: &[Promised] = &[
    promised(
        "A1",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS, CANADA],
        "`notice_text` looks for the sentence here and on the published page; `attestation`: test messages to each address, number and form arrived",
    ),
    promised(
        "A2",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS],
        "`lead_time` counts from the day on which the last of those concerned was told; `told`: `upheld serve` writes to everybody whose address the systems hold, once, in their language, and its log binds who was told when; the notice page, `notice.json` and lines for the home page announce it too",
    ),
    promised(
        "A3",
        &[CALIFORNIA, SOFTWARE, DEVOPS],
        "`sections:` and `places:` in policy.yaml; `check` compares the headings, and a person's place chooses their clock",
    ),
    promised(
        "A4",
        &[CALIFORNIA, SOFTWARE, DEVOPS],
        "Earlier texts stay in the folder, under `past:`; `agreement`: who agreed to which version, when and where, in the privacy centre or by the API of your sign-up form, with a receipt",
    ),
    promised(
        "A5",
        &[CALIFORNIA, SOFTWARE, DEVOPS],
        "Not yet: a scan of the published pages for links, scripts and widgets of others",
    ),
    promised(
        "B1",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS, CANADA],
        "`held` compares the data maps, and what stands in columns that no map has, with the categories that the notice names, both ways; `upheld map` lists each difference and takes it over",
    ),
    promised(
        "B2",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS, CANADA],
        "`source:` of each system and collection is shown in the answer to a person; `attestation`: the notice names each",
    ),
    promised(
        "B3",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS, CANADA],
        "`purpose`: every system and recipient uses data for purposes of policy.yaml, and for no other",
    ),
    promised(
        "B4",
        &[SOFTWARE, DEVOPS],
        "`purpose`: each has its legal basis; `upheld register` writes the record of processing",
    ),
    promised(
        "B5",
        &[DEVOPS],
        "classification.yaml is the matrix; `access`, `encryption` and `retention` follow its rows",
    ),
    promised(
        "B6",
        &[CALIFORNIA, DEVICES],
        "`optional: yes` marks rows that people may decline to give; `attestation`: the forms were walked through",
    ),
    promised(
        "C1",
        &[CALIFORNIA, SOFTWARE, DEVOPS, CANADA],
        "`request_right: consent_withdrawal`. Not yet: the ledger of consents, and the list of people who must not be written to",
    ),
    promised(
        "C2",
        &[DEVICES],
        "`purpose` keeps service messages apart. Not yet: classes of messages, so that one of service cannot advertise",
    ),
    promised(
        "C3",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS],
        "Not yet: the table of cookies really set, a banner, and the proof that nothing is set before a choice",
    ),
    promised(
        "C4",
        &[CALIFORNIA, SOFTWARE],
        "`request_right: opt_out` for advertising. Not yet: a visit to the published pages with and without the signals",
    ),
    promised(
        "C5",
        &[SOFTWARE, DEVICES, DEVOPS, CANADA],
        "`request_right: consent_withdrawal`. Not yet: the history of each consent",
    ),
    promised(
        "C6",
        &[CALIFORNIA, DEVICES, DEVOPS],
        "`no_sale` looks at what each recipient gets and why; `request_right: opt_out`; `attestation`: nobody is treated worse",
    ),
    promised(
        "C7",
        &[CALIFORNIA],
        "Not yet: an opt-out for each feature, which services ask before they act",
    ),
    promised("C8", &[DEVICES, DEVOPS], "Not yet: consents with a scope and an end"),
    promised(
        "D1",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS, CANADA],
        "`request_right: access`: one request searches every connected system and answers with the seven lists, for people and for machines",
    ),
    promised(
        "D2",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS, CANADA],
        "`request_right: rectification`: before and after are shown, made in every system that holds the field, and passed on to recipients",
    ),
    promised(
        "D3",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS, CANADA],
        "`request_right: erasure`: plan, review, erase, search again; what a law keeps is listed; recipients are told",
    ),
    promised(
        "D4",
        &[SOFTWARE, DEVICES, DEVOPS],
        "`request_right: portability`: JSON and CSV with their schema. Not yet: sending it straight to another company",
    ),
    promised("D5", &[DEVICES, DEVOPS], "`request_right: restriction` and `objection`"),
    promised(
        "D6",
        &[SOFTWARE, DEVICES, DEVOPS, CANADA],
        "`request_right: consent_withdrawal`, with a clock of its own",
    ),
    promised(
        "D7",
        &[DEVICES],
        "`request_right: erasure`, for the account and all that hangs on it",
    ),
    promised(
        "D8",
        &[SOFTWARE],
        "Not yet: the log of disclosures for direct marketing, and the yearly limit",
    ),
    promised(
        "D9",
        &[CALIFORNIA],
        "`request_right: automated_decision_review`, with a clock. Not yet: the record of decisions and their reasons",
    ),
    promised(
        "D10",
        &[CALIFORNIA, DEVICES, DEVOPS],
        "`attestation`: a sample of answered requests shows how people were identified. `upheld serve` asks for nothing, a code by mail or a document, by what is asked for",
    ),
    promised(
        "D11",
        &[CALIFORNIA, DEVICES],
        "`request_right`: the clock of the notice and that of the law run side by side, with extensions and pauses, and the stricter counts where the law allows",
    ),
    promised(
        "D12",
        &[SOFTWARE],
        "`fee:` of a right in policy.yaml: quoted before any work, waived unless somebody decides otherwise",
    ),
    promised(
        "D13",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS, CANADA],
        "`attestation`: a test message by each route arrived. Form, mailbox, telephone and post lead into one queue of `upheld serve`",
    ),
    promised(
        "D14",
        &[CALIFORNIA, DEVICES],
        "`request_right: rectification`, from one's own page: whoever types the code of a mail sees in the privacy centre what is held by category, and corrects, withdraws or closes the account; `attestation`: somebody of yours tried it",
    ),
    promised(
        "D15",
        &[SOFTWARE, DEVICES, DEVOPS],
        "`notice_text`. Not yet: the directory of authorities, and refusals that name the right one",
    ),
    promised(
        "E1",
        &[CANADA],
        "`retention` with `after: agreement_end` purges them. Not yet: the hand-over with a receipt",
    ),
    promised(
        "E2",
        &[CANADA],
        "`retention` with `max` and `min`: what is too old is purged, what is too young cannot be",
    ),
    promised(
        "E3",
        &[DEVOPS],
        "`retention` with `after: service_end`: the day stands in clients.yaml or in a column",
    ),
    promised(
        "E4",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS, CANADA],
        "`keep:` of a row, with its law, in `retention` with `min`; legal holds with reason, owner and end (`upheld hold`)",
    ),
    promised(
        "E5",
        &[CALIFORNIA, DEVICES],
        "`retention`: each rule says delete, anonymise, redact or aggregate, and each run leaves a record of destruction",
    ),
    promised(
        "E6",
        &[DEVOPS],
        "`retention`: rows of its own for usage data and for what serves security",
    ),
    promised("E7", &[CALIFORNIA], "`retention` of the row `ai-training`"),
    promised(
        "F1",
        &[CALIFORNIA, DEVOPS, CANADA],
        "`encryption`: each connection is asked whether it is encrypted; a dated paper for the disks",
    ),
    promised(
        "F2",
        &[CALIFORNIA, DEVOPS, CANADA],
        "`access`: the grants inside connected databases are read and compared with the matrix; a second factor is attested. Staff of Upheld itself sign in with two factors, always",
    ),
    promised(
        "F3",
        &[CANADA],
        "`absence` of passwords elsewhere and `access` to the row. Not yet: a vault for clients' passwords",
    ),
    promised(
        "F4",
        &[CANADA],
        "`absence`: maps and values are searched for card numbers; `recipient_evidence` of the gateway",
    ),
    promised(
        "F5",
        &[CALIFORNIA, CANADA],
        "`attestation` with owner, interval and evidence; overdue is broken",
    ),
    promised(
        "F6",
        &[CALIFORNIA, CANADA],
        "`recipient_evidence`: each report with its last day; a lapsed one breaks the promise",
    ),
    promised(
        "F7",
        &[DEVOPS],
        "`retention` of the row `incident`. Not yet: the register of incidents with the clocks of each law",
    ),
    promised(
        "F8",
        &[DEVOPS],
        "`retention` of the row `compliance`; Upheld's own log can be verified by anybody",
    ),
    promised(
        "G1",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS],
        "recipients.yaml by class; `purpose` and `contract` look at each",
    ),
    promised("G2", &[CALIFORNIA, DEVOPS], "`contract`: each processor has one that is in force"),
    promised(
        "G3",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS],
        "Not yet: the register of disclosures to authorities, with counts",
    ),
    promised(
        "G4",
        &[CALIFORNIA, SOFTWARE, DEVOPS],
        "`told`: everybody whose address is held is written to before that day, as for a change of the notice; `attestation`: no sale was forgotten",
    ),
    promised(
        "G5",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS],
        "`transfer`: each system and recipient abroad has a mechanism",
    ),
    promised(
        "H1",
        &[CALIFORNIA],
        "Recipients marked `ai: yes`; `purpose`; `attestation`: the list is complete",
    ),
    promised(
        "H2",
        &[CALIFORNIA],
        "`deidentified`: training data goes through `upheld deidentify`; `retention` of it; `attestation` of audits and of the person who watches",
    ),
    promised(
        "H3",
        &[CALIFORNIA],
        "`request_right: automated_decision_review`. Not yet: the record of what people were told and what was decided",
    ),
    promised(
        "H4",
        &[CALIFORNIA],
        "`recipient_evidence` and `contract` of recipients marked `ai: yes`. Not yet: telling people of them",
    ),
    promised(
        "I1",
        &[CALIFORNIA],
        "`client_paper`: health data is in order only while the client's agreement is in force",
    ),
    promised(
        "I2",
        &[CALIFORNIA, SOFTWARE, DEVICES, DEVOPS],
        "`children`: dates of birth below the age, without a parent's consent beside them",
    ),
    promised("I3", &[DEVOPS], "`access` and `encryption` of the row of special data"),
    promised(
        "J1",
        &[SOFTWARE, DEVOPS],
        "`upheld deidentify` removes, masks, widens and replaces, and measures the risk that is left; `deidentified` asks the log whether in every run enough rows were alike",
    ),
];
