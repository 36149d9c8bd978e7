"""A count of an HMIS CSV export that shares no code with Approdo: the standard library and the reading rules.

    python tests/independent/hmis_count.py FOLDER --project "ES-EE One" --json

For each residential project and month: the nights, the different persons with at least one of them, and the persons of
the month's last night. The rules:

- a row with DateDeleted does not count;
- in an entry/exit project a night belongs to a stay from EntryDate (included) to ExitDate (excluded); a stay without an
  exit is open on ExportEndDate, so that night is its last one known;
- in a night-by-night project (TrackingMethod 3) only the bed nights count (Services, RecordType 200);
- each person counts once a night.

Rows with dates that cannot be read give no night and are named on the error stream.
"""

import argparse
import csv
import datetime
import json
import pathlib
import sys

RESIDENTIAL = {"0", "1", "2", "8"}
DAY = datetime.timedelta(days=1)


def rows_of(folder, name):
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if not row.get("DateDeleted")]


def day_of(text):
    try:
        return datetime.datetime.strptime(text.strip()[:10], "%Y-%m-%d").date()  # noqa: DTZ007 - a day, no moment
    except ValueError:
        return None


def stay_nights(folder, projects, enrolments, slept):
    """Add the nights of the stays of entry/exit projects."""
    last_known = day_of(rows_of(folder, "Export.csv")[0]["ExportEndDate"])
    exits = {x["EnrollmentID"]: x for x in rows_of(folder, "Exit.csv")}
    for number, enrolment in enrolments.items():
        if projects[enrolment["ProjectID"]]["TrackingMethod"] == "3":
            continue
        night = day_of(enrolment["EntryDate"])
        end = day_of(exits[number]["ExitDate"]) if number in exits else last_known + DAY
        if night is None or end is None:
            sys.stderr.write(f"enrolment {number}: unreadable date\n")
            continue
        while night < end:
            slept[enrolment["ProjectID"]].add((enrolment["PersonalID"], night))
            night += DAY


def bed_nights(folder, projects, enrolments, slept):
    """Add the bed nights of night-by-night projects."""
    for service in rows_of(folder, "Services.csv"):
        enrolment = enrolments.get(service["EnrollmentID"])
        if service["RecordType"] != "200" or enrolment is None:
            continue
        if projects[enrolment["ProjectID"]]["TrackingMethod"] != "3":
            continue
        night = day_of(service["DateProvided"])
        if night is None:
            sys.stderr.write(f"service {service['ServicesID']}: unreadable date\n")
            continue
        slept[enrolment["ProjectID"]].add((enrolment["PersonalID"], night))


def person_nights(folder):
    """Return for each residential project its name and the set of (person, night)."""
    projects = {p["ProjectID"]: p for p in rows_of(folder, "Project.csv") if p["ProjectType"] in RESIDENTIAL}
    enrolments = {e["EnrollmentID"]: e for e in rows_of(folder, "Enrollment.csv") if e["ProjectID"] in projects}
    slept = {project: set() for project in projects}
    stay_nights(folder, projects, enrolments, slept)
    bed_nights(folder, projects, enrolments, slept)
    return {key: (projects[key]["ProjectName"], slept[key]) for key in projects}


def by_month(slept):
    """Return {month: {nights, persons, last_night}} of a set of (person, night)."""
    months = {}
    for person, night in slept:
        month = months.setdefault(f"{night:%Y-%m}", {"nights": 0, "persons": set(), "last_night": 0})
        month["nights"] += 1
        month["persons"].add(person)
        if (night + DAY).month != night.month:
            month["last_night"] += 1
    return {name: {**month, "persons": len(month["persons"])} for name, month in sorted(months.items())}


def count(folder):
    """Return {project name: {month: figures}}; two projects of one name are told apart by their id."""
    counted = {}
    for key, (name, slept) in person_nights(pathlib.Path(folder)).items():
        counted[f"{name} ({key})" if name in counted else name] = by_month(slept)
    return counted


def main():
    parser = argparse.ArgumentParser(description="Count nights and persons of an HMIS CSV export.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--project", help="the name of one project")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    counted = count(asked.folder)
    if asked.project is not None:
        if asked.project not in counted:
            parser.error(f"no residential project of that name; there are: {', '.join(counted)}")
        counted = {asked.project: counted[asked.project]}
    if asked.json:
        sys.stdout.write(json.dumps(counted, indent=2) + "\n")
        return
    for name, months in counted.items():
        for month, found in months.items():
            sys.stdout.write(f"{name}\t{month}\t{found['nights']}\t{found['persons']}\t{found['last_night']}\n")


if __name__ == "__main__":
    main()
