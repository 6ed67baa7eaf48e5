//! Starter policies: one for each kind of notice.

/// A starter policy folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pack {
    /// Its key (`msp-canada`).
    pub key: &'static str,
    /// What it is for.
    pub title: &'static str,
    files: &'static [(&'static str, &'static str)],
}

impl Pack {
    /// Its files: relative name and text.
    pub fn files(&self) -> Vec<(&'static str, String)> {
        self.files.iter().map(|(name, text)| (*name, (*text).to_owned())).collect()
    }
}

macro_rules! files {
    ($folder:literal $(, $more:literal)* $(,)?) => {
        files!(@ $folder: "policy.yaml", "promises.yaml", "notice.md", "classification.yaml",
            "recipients.yaml", "clients.yaml", "systems/README.md" $(, $more)*)
    };
    (@ $folder:literal: $($name:literal),+) => {
        &[$(($name, include_str!(concat!("../packs/", $folder, "/", $name)))),+]
    };
}

/// The packs that ship.
pub const fn packs() -> &'static [Pack] {
    const PACKS: &[Pack] = &[
        Pack {
            key: "msp-canada",
            title: "an IT service provider in Canada that holds its clients' passwords",
            files: files!("msp-canada"),
        },
        Pack {
            key: "msp-california",
            title: "an IT service provider in California that uses artificial intelligence",
            files: files!("msp-california", "notice-1.md"),
        },
        Pack {
            key: "msp-software-vendor",
            title: "a maker of software for IT service providers, with customers around the world",
            files: files!("msp-software-vendor", "notice-2.md"),
        },
        Pack {
            key: "device-vendor",
            title: "a maker of connected devices with online accounts, some of them children's",
            files: files!("device-vendor", "notice-3.md"),
        },
        Pack {
            key: "devops-consultancy",
            title: "a consultancy in India with clients in Europe and California, and a classification matrix",
            files: files!("devops-consultancy", "notice-4.md"),
        },
    ];
    PACKS
}
