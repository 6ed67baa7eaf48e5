"""Compares the risk figures of `upheld deidentify` with those of the PyPI package `pycanon`.

    python3 -m venv VENV && VENV/bin/pip install pycanon pandas
    VENV/bin/python scripts/check-risk-foreign.py target/debug/upheld

Makes tables from a seed, lets both measure them, and wants the same figures. It needs the network once,
for the package, and is run when `crates/deidentify/src/risk.rs` changes.
"""

import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

import pandas as pd
from pycanon import anonymity


def table(seed: int) -> pd.DataFrame:
    chance = random.Random(seed)
    rows = chance.choice([30, 200, 1000])
    zips = [f"6{chance.randrange(10)}{n:03}" for n in range(chance.choice([2, 5, 20]))]
    ills = ["flu", "asthma", "gout", "burn", "none"][: chance.choice([2, 3, 5])]
    return pd.DataFrame(
        {
            "zip": [chance.choice(zips) for _ in range(rows)],
            "sex": [chance.choice("fm") for _ in range(rows)],
            "age": [chance.choice([20, 30, 40, 50]) for _ in range(rows)],
            "diagnosis": [chance.choice(ills) for _ in range(rows)],
            "salary": [chance.randrange(1, 12) * 500 for _ in range(rows)],
        }
    )


def ours(program: str, file: pathlib.Path) -> dict:
    words = [program, "-C", str(file.parent), "deidentify", str(file), "--plan", "--json"]
    words += ["--quasi", "zip,sex,age", "--sensitive", "diagnosis,salary"]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return json.loads(told)["parts"][0]["before"]


def main() -> int:
    program = sys.argv[1] if len(sys.argv) > 1 else "target/debug/upheld"
    quasi, wrong, compared = ["zip", "sex", "age"], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(40):
            data = table(seed)
            file = pathlib.Path(folder) / f"{seed}.csv"
            data.to_csv(file, index=False)
            risk = ours(program, file)
            pairs = [("k", risk["k"], anonymity.k_anonymity(data, quasi))]
            for secret in risk["secrets"]:
                name = secret["column"]
                pairs += [
                    (f"l {name}", secret["l"], anonymity.l_diversity(data, quasi, [name])),
                    # The package cuts the fraction off.
                    (
                        f"entropy l {name}",
                        math.floor(secret["entropy_l"] + 1e-9),
                        anonymity.entropy_l_diversity(data, quasi, [name]),
                    ),
                    (f"t {name}", secret["t"], anonymity.t_closeness(data, quasi, [name])),
                ]
            for what, mine, theirs in pairs:
                compared += 1
                if abs(float(mine) - float(theirs)) > 1e-6:
                    wrong += 1
                    print(f"seed {seed}: {what} is {mine}, and {theirs} by pycanon")
    print(f"{compared} figures of 40 tables compared, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
