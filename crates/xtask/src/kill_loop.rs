//! `cargo xtask kill-loop`: the test of killed processes, as often as it is told.

use std::path::Path;
use std::process::Command;

use crate::cargo;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Wish {
    times: u64,
    products: Vec<&'static str>,
    seed: u64,
}

/// The products, as they are asked for and as the tests are called.
const PRODUCTS: [(&str, &str); 4] = [
    ("sqlite", "killed_on_sqlite"),
    ("postgres", "killed_on_postgres"),
    ("mariadb", "killed_on_mariadb"),
    ("files", "killed_in_files"),
];

/// Runs the loop; true if nothing was wrong.
pub(crate) fn run(root: &Path, words: &[String]) -> Result<bool, String> {
    let wish = read(words)?;
    let target = cargo::workspace(root)?.target;
    let testkit = target.join("debug").join("testkit");
    let build = ["build", "--quiet", "--package", "testkit"];
    let built = Command::new("cargo").args(build).current_dir(root).status();
    if !built.is_ok_and(|status| status.success()) {
        return Err("testkit does not build".to_owned());
    }
    let each = wish.times.div_ceil(wish.products.len().max(1) as u64);
    println!("{each} kills on each of {} systems, seed {}", wish.products.len(), wish.seed);
    let status = Command::new(testkit)
        .args(["with-servers", "--", "cargo", "test", "--quiet", "--package", "upheld"])
        .args(["--test", "kill", "--", "--nocapture"])
        .args(&wish.products)
        .env("UPHELD_KILL_TIMES", each.to_string())
        .env("UPHELD_KILL_SEED", wish.seed.to_string())
        .current_dir(root)
        .status()
        .map_err(|error| format!("cannot start the servers: {error}"))?;
    Ok(status.success())
}

fn read(words: &[String]) -> Result<Wish, String> {
    let all = PRODUCTS.map(|(_, test)| test).to_vec();
    let mut wish = Wish { times: 10_000, products: all, seed: 1 };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("`{word}` wants a value"))?;
        let number = || value.parse().map_err(|_| format!("`{value}` is not a number"));
        match word.as_str() {
            "--times" => wish.times = number()?,
            "--seed" => wish.seed = number()?,
            "--engine" => {
                let known = PRODUCTS.iter().find(|(name, _)| name == value);
                let known = known.ok_or_else(|| {
                    let names = PRODUCTS.map(|(name, _)| name).join(", ");
                    format!("there is no engine `{value}`: {names}")
                })?;
                wish.products = vec![known.1];
            }
            other => {
                return Err(format!("`{other}` is not known: --times, --engine and --seed are"));
            }
        }
    }
    Ok(wish)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_read_and_what_is_not_known_is_told() {
        let read =
            |words: &str| read(&words.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let all = read("").unwrap();
        assert_eq!((all.times, all.products.len(), all.seed), (10_000, 4, 1));
        let one = read("--times 7 --engine mariadb --seed 3").unwrap();
        assert_eq!(one, Wish { times: 7, products: vec!["killed_on_mariadb"], seed: 3 });
        assert_eq!(
            read("--engine oracle").unwrap_err(),
            "there is no engine `oracle`: sqlite, postgres, mariadb, files"
        );
        assert_eq!(read("--times many").unwrap_err(), "`many` is not a number");
        assert_eq!(read("--times").unwrap_err(), "`--times` wants a value");
        assert_eq!(
            read("--fast yes").unwrap_err(),
            "`--fast` is not known: --times, --engine and --seed are"
        );
    }
}
