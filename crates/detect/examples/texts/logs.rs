//! Lines of logs in their common formats.

use std::fmt::Write as _;

use super::Dice;
use super::words::GIVEN;

/// The formats by name; [`line`] takes the place in this list.
pub(crate) const FORMATS: [&str; 5] = ["syslog", "web server", "JSON lines", "firewall", "service"];

const UNITS: &[&str] = &["sshd", "CRON", "systemd", "postfix/smtpd", "kernel", "dhcpd", "nginx"];
const PATHS: &[&str] =
    &["orders", "items", "assets/app", "static/img", "users", "health", "v2/tickets", "search"];
const AGENTS: &[&str] = &[
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "curl/8.5.0",
    "kube-probe/1.29",
    "Go-http-client/2.0",
];

fn v4(dice: &mut Dice) -> String {
    format!("10.{}.{}.{}", dice.roll(256), dice.roll(256), 1 + dice.roll(254))
}

/// One line of a format, with its end.
pub(crate) fn line(dice: &mut Dice, format: usize, number: usize, out: &mut String) {
    let (hour, minute, second) = (number / 36_000 % 24, number / 600 % 60, number / 10 % 60);
    let clock = format!("{hour:02}:{minute:02}:{second:02}");
    let written = match format {
        0 => syslog(dice, &clock, out),
        1 => {
            let agent = dice.of(AGENTS);
            writeln!(
                out,
                "{} - - [22/Nov/2026:{clock} +0100] \"GET /api/{}/{}?page={}&size=50 HTTP/1.1\" {} {} \"-\" \"{agent}\" {}.{:03}",
                v4(dice),
                dice.of(PATHS),
                dice.roll(1_000_000),
                dice.roll(40),
                dice.of(&["200", "200", "304", "404", "500"]),
                dice.roll(90_000),
                dice.roll(3),
                dice.roll(1000)
            )
        }
        2 => writeln!(
            out,
            "{{\"ts\":\"2026-11-22T{clock}.{:06}Z\",\"level\":\"{}\",\"logger\":\"app.worker\",\"msg\":\"job done\",\"job\":{},\"took_us\":{},\"rows\":{},\"trace_id\":\"{:016x}{:016x}\",\"offset\":{}}}",
            dice.roll(1_000_000),
            dice.of(&["info", "info", "debug", "warn"]),
            dice.roll(10_000_000),
            dice.roll(900_000),
            dice.roll(5000),
            dice.roll(usize::MAX),
            dice.roll(usize::MAX),
            dice.roll(100_000_000)
        ),
        3 => writeln!(
            out,
            "Nov 22 {clock} fw01 kernel: [{}.{:06}] DROP IN=eth0 OUT= MAC=52:54:00:{:02x}:{:02x}:{:02x}:52:54:00:aa:10:01:08:00 SRC={} DST={} LEN={} TOS=0x00 PREC=0x00 TTL={} ID={} DF PROTO=TCP SPT={} DPT={} WINDOW={} RES=0x00 SYN URGP=0",
            dice.roll(10_000_000),
            dice.roll(1_000_000),
            dice.roll(256),
            dice.roll(256),
            dice.roll(256),
            v4(dice),
            v4(dice),
            40 + dice.roll(1400),
            32 + dice.roll(200),
            dice.roll(65_536),
            1024 + dice.roll(60_000),
            dice.roll(10_000),
            dice.roll(65_536)
        ),
        _ => writeln!(
            out,
            "2026-11-22 {clock},{:03} {:5} [pool-{}-thread-{}] c.e.shop.OrderService - order {} of batch {} took {} us, {} rows, offset {}, lag {}.{:03} s",
            dice.roll(1000),
            dice.of(&["INFO", "INFO", "DEBUG", "WARN"]),
            dice.roll(8),
            dice.roll(64),
            dice.roll(10_000_000),
            dice.roll(90_000),
            dice.roll(1_000_000),
            dice.roll(5000),
            dice.roll(100_000_000),
            dice.roll(9),
            dice.roll(1000)
        ),
    };
    // A text has room for whatever is written.
    let _ = written;
}

fn syslog(dice: &mut Dice, clock: &str, out: &mut String) -> std::fmt::Result {
    let unit = dice.of(UNITS);
    write!(out, "Nov 22 {clock} web{:02} {unit}[{}]: ", dice.roll(40), 200 + dice.roll(65_000))?;
    match dice.roll(5) {
        0 => writeln!(
            out,
            "Failed password for invalid user test{} from {} port {} ssh2",
            dice.roll(100),
            v4(dice),
            1024 + dice.roll(60_000)
        ),
        1 => {
            writeln!(out, "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)")
        }
        2 => writeln!(
            out,
            "Started session-{}.scope - Session {} of User {}.",
            dice.roll(9000),
            dice.roll(9000),
            dice.of(GIVEN).to_lowercase()
        ),
        3 => writeln!(
            out,
            "connect from mail{}.client{}.example[{}]",
            dice.roll(9),
            dice.roll(400),
            v4(dice)
        ),
        _ => writeln!(
            out,
            "[{:6}.{:06}] usb 1-{}: new high-speed USB device number {} using xhci_hcd, {} bytes",
            dice.roll(900_000),
            dice.roll(1_000_000),
            dice.roll(8),
            dice.roll(100),
            dice.roll(1_000_000)
        ),
    }
}
