//! The browsers that tests drive. Each is brought when it is missing and can be brought, and the
//! output says so.

use std::env;
use std::path::PathBuf;

use crate::programs::{on_path, output};
use crate::step::{Report, Step};

/// A browser, or what drives one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Browser {
    name: &'static str,
    /// The variable that may name its binary, and in which the tests find it.
    pub(crate) variable: &'static str,
    binaries: &'static [&'static str],
    places: &'static [&'static str],
    /// Debian's packages.
    packages: &'static [&'static str],
}

/// Runs the client's tests and all browser specs: Chromium's engine without the windows around it,
/// which takes less than half of the time; else the whole of it.
pub(crate) const HEADLESS_SHELL: Browser = Browser {
    name: "Chromium's headless shell",
    variable: "CHROMIUM",
    binaries: &[
        "chromium-headless-shell",
        "chrome-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ],
    places: CHROMIUM.places,
    packages: &["chromium-headless-shell"],
};

/// What people have: for measurements, and for the long run of all tests.
pub(crate) const CHROMIUM: Browser = Browser {
    name: "Chromium",
    variable: "CHROMIUM",
    binaries: &[
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ],
    places: &["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
    packages: &["chromium"],
};

/// Those that run some of the browser specs too.
pub(crate) const OTHERS: [Browser; 2] = [
    Browser {
        name: "Firefox",
        variable: "FIREFOX",
        binaries: &["firefox-esr", "firefox"],
        places: &["/Applications/Firefox.app/Contents/MacOS/firefox"],
        packages: &["firefox-esr"],
    },
    Browser {
        name: "WebKit",
        variable: "WEBKIT_DRIVER",
        binaries: &["WebKitWebDriver"],
        places: &[],
        packages: &["webkit2gtk-driver", "xvfb", "xauth"],
    },
];

impl Browser {
    /// Where it is, after its packages were installed if need be and possible.
    pub(crate) fn bring(self, report: &mut Report) -> Option<PathBuf> {
        let found = self.find();
        if found.is_some() {
            return found;
        }
        let Self { name, packages, .. } = self;
        let is_root = output("id", &["-u"]).is_some_and(|user| user == "0");
        if is_root && on_path("apt-get").is_some() {
            println!("\n{name} is missing: installing the system's packages");
            // A list that can't be brought up to date is no reason to stop; the installation tells.
            let install = format!(
                "apt-get update -qq; apt-get install -y -qq --no-install-recommends {}",
                packages.join(" ")
            );
            let install = Step::program(name, "sh", &["-c", &install]);
            report.run(&install.variable("DEBIAN_FRONTEND", "noninteractive"));
            return self.find();
        }
        let why = format!(
            "no {name} was found; install it (Debian: apt-get install {}) or name its binary in {}",
            packages.join(" "),
            self.variable
        );
        report.skip(name, &why);
        None
    }

    fn find(self) -> Option<PathBuf> {
        let named = env::var_os(self.variable)
            .filter(|path| !path.is_empty())
            .map(PathBuf::from);
        let called = || self.binaries.iter().find_map(|name| on_path(name));
        let mut places = self.places.iter().map(PathBuf::from);
        named
            .filter(|path| path.is_file())
            .or_else(called)
            .or_else(|| places.find(|path| path.is_file()))
    }
}
