#!/usr/bin/env python3
"""Compares our holiday calendars with the PyPI package `holidays`, day by day.

Ours are in crates/policy/tests/holidays.txt, which a test of the crate `policy` keeps equal to what is
computed from crates/policy/data/calendars.yaml. Only Monday to Friday is compared: no due date depends on
a holiday on a Saturday.

Differences that are meant stand in MEANT with their reason. Any other is printed and ends in exit code 1,
as does a reason that no longer applies to anything.

Needs Python and, the first time, the network: it makes a virtual environment of its own.
"""

import datetime
import pathlib
import subprocess
import sys
import tempfile
import venv

PACKAGE = "holidays==0.109"
TABLE = pathlib.Path(__file__).parent.parent / "crates/policy/tests/holidays.txt"
ENVIRONMENT = pathlib.Path(tempfile.gettempdir()) / "upheld-check-holidays"

# Our calendar: their country and subdivision, and the categories asked for.
THEIRS = {
    "CA": ("CA", None, ("government",)),
    "CA-QC": ("CA", "QC", ("public",)),
    "CA-NS": ("CA", "NS", ("public",)),
    "CA-ON": ("CA", "ON", ("public",)),
    "CA-BC": ("CA", "BC", ("public",)),
    "CA-AB": ("CA", "AB", ("public",)),
    "US": ("US", None, ("public",)),
    "US-CA": ("US", "CA", ("public",)),
    "GB-ENG": ("GB", "ENG", ("public",)),
    "GB-SCT": ("GB", "SCT", ("public",)),
    "GB-NIR": ("GB", "NIR", ("public",)),
    "IE": ("IE", None, ("public",)),
    "DE": ("DE", None, ("public",)),
    "FR": ("FR", None, ("public",)),
    "IN": ("IN", None, ("public",)),
    "BR": ("BR", None, ("public",)),
}

IN_LIEU = "a day in lieu is between employer and employee; the law moves no holiday here"
MOON = "follows the moon, a state or a religion; only the three national days bind everybody"
# (calendar, part of their name for the day, or "ours: " and our reason) -> why it is meant.
MEANT = {
    ("CA", "observed"): IN_LIEU,
    ("CA", "Boxing Day"): "not a holiday under the Interpretation Act",
    ("CA", "ours:Easter Monday"): "a holiday under the Interpretation Act, s. 35",
    ("CA-QC", "observed"): IN_LIEU,
    ("CA-NS", "observed"): IN_LIEU,
    ("CA-NS", "Funeral"): "one day of mourning for schools and offices of the province",
    ("CA-ON", "observed"): IN_LIEU,
    ("CA-BC", "observed"): IN_LIEU,
    ("CA-BC", "Funeral"): "one day of mourning for schools and offices of the province",
    ("CA-AB", "observed"): IN_LIEU,
    ("US-CA", "Susan B. Anthony"): "in schools only",
    ("US-CA", "Diwali"): "may be taken instead of another day; offices work",
    ("US-CA", "Juneteenth"): "may be taken instead of another day; offices work",
    ("US-CA", "observed"): "of the days on a Saturday the Government Code moves only Veterans Day",
    ("IN", "*"): MOON,
}


def python():
    """The interpreter of the environment, made if it is missing."""
    found = ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not found.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    subprocess.run([found, "-m", "pip", "install", "--quiet", PACKAGE], check=True)
    return found


def main():
    import holidays

    ours = {}
    for line in TABLE.read_text().splitlines():
        key, year, *days = line.split()
        for day in days:
            on = datetime.date(int(year), int(day[:2]), int(day[2:]))
            ours.setdefault(key, set()).add(on)
    years = sorted({on.year for days in ours.values() for on in days})
    used, wrong, meant, same = set(), [], 0, 0
    for key in sorted(ours):
        if key not in THEIRS:
            print(f"{key}: not compared, the package has no such calendar")
            continue
        country, part, categories = THEIRS[key]
        theirs = holidays.country_holidays(country, subdiv=part, years=years, categories=categories)
        theirs = {on: name for on, name in theirs.items() if on.weekday() < 5 and on.year in years}
        same += len(ours[key] & set(theirs))
        for on in sorted(set(theirs) - ours[key]):
            reason = next((m for m in MEANT if m[0] == key and (m[1] == "*" or m[1] in theirs[on])), None)
            if reason:
                used.add(reason)
                meant += 1
            else:
                wrong.append(f"{key} {on}: the package has {theirs[on]}, we have nothing")
        for on in sorted(ours[key] - set(theirs)):
            reason = next((m for m in MEANT if m[0] == key and m[1].startswith("ours:")), None)
            if reason:
                used.add(reason)
                meant += 1
            else:
                wrong.append(f"{key} {on}: we have a holiday, the package has none")
    for reason in MEANT:
        if reason not in used:
            wrong.append(f"{reason[0]}: the difference “{reason[1]}” no longer occurs")
    print(f"{years[0]} to {years[-1]}, {len(ours)} calendars: {same} days are the same in both")
    print(f"{meant} days differ on purpose:")
    for key, what in sorted(used):
        print(f"  {key}, {what.removeprefix('ours:')}: {MEANT[(key, what)]}")
    for line in wrong:
        print(f"! {line}")
    print("no other difference" if not wrong else f"{len(wrong)} differences to look at")
    return 1 if wrong else 0


if __name__ == "__main__":
    if "--inside" in sys.argv:
        sys.exit(main())
    sys.exit(subprocess.run([python(), __file__, "--inside"]).returncode)
