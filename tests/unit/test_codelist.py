"""The code lists as data: complete, without doubles, pointing only at codes that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from app.errors import UnknownCode
from app.reference.codelist import Code, CodeList, codelist, codelist_names, require
from app.reference.resource import read_toml
from app.reference.texts import use_language

EVERY_LIST = codelist_names()
HEADER = {"name", "title_it", "title_en", "source", "fields", "refers", "groups", "menu", "entries"}
# The codes of the domain that stand in stored rows or on paper: a change here changes the meaning of old registers.
FIXED = {
    "phase": "EME VAL PRO PRI SEC SEM TER FUP",
    "activity": "ATT_A ATT_B ATT_C ATT_D ATT_E ATT_F ATT_G ATT_H ATT_I ATT_L ATT_M",
    "exploitation": "SES LAV ACC EIL MAT DOM SUR ADO ORG DIG TRS ALT NDE",
    "labour_sector": "AGR EDI TES RIS LOG DOM PUL LVA VOL ALT",
    "referral_source": "AUT PRI NVE UDS SPO ANT FFO AGI ISP CAR CTE TRI CAS SAI OIM SSO SAN TER CAV SIN LEG",
    "permit": "REC R18 C18 C8B C8T RAS ASI SUS SPE TEM APO LSU LAU STA ATO STU FAM CUR CAL MIN UES IRR CUE ITA NDE",
    "exit_reason": "OBI AUT TRI TRE SAI CAV SAN TER RIM FAM RIN ALL REG NON SIC DET DEC FPR",
    "destination": "CAS_AFF CAS_DAT FAM_AMI STR_ANT STR_SAI STR_CAV COM_MBB STR_SAN DET EST ORI STRADA NON_NOTA ALTRO",
    "presence": "P A O G L N",
    "meal_kind": "COL PRA MER CEN SUH IFT SAC AUT EXT",
    "diet": "STD HAL VEG VGN CEL LAT DIA GRA SVE ALL",
    "meal_supply": "PASTI AUTOGESTIONE BUONI_SPESA CATERING NON_RIL",
    "health_service": "MMG PLS SCE VAC FAR VOL CON GIN IVG SVS IST INF CPS NPI SRD PSI ETN PSO RIC DIA SPE ODO OCU INV",
    "health_area": "BAS DON MEN INF URG SPE ODO AMM",
    "referral_outcome": "IN_ATTESA PRENOTATO SVOLTO NON_PRESENTATA RIFIUTATO_DALLA_PERSONA "
    "SERVIZIO_NON_DISPONIBILE ANNULLATO",
    "urgency": "PROGRAMMATO BREVE URGENTE",
    "coverage": "NESSUNA STP ENI SSN TEAM PRIVATA DA_VERIFICARE",
    "inclusion_area": "LING FORM LAVO LEGA PSIC CASA FAMI ECON SOCI",
    "vulnerability": "GRA FIG SMN DIP DIS PAT TOR LGB ANA SOL NEO SIC",
    "gender": "F M X ND",
    "house_kind": "DONNE UOMINI MISTO MINORI NUCLEI",
    "province": "VA CO SO MI MB",
    "role": "COORDINAMENTO EDUCATRICE SALUTE TURNO AMMINISTRAZIONE",
    "consent": "C1 C2 C3 C4 C5 C6 C7",
}


@pytest.fixture
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("it")


@pytest.fixture(params=EVERY_LIST)
def any_list(request: pytest.FixtureRequest) -> CodeList:
    return codelist(request.param)


def pointed_at(entry: Code, field: str) -> tuple[str, ...]:
    value = entry.extra[field]
    return value if isinstance(value, tuple) else tuple(filter(None, [str(value)]))


def test_a_list_is_called_as_its_file(any_list: CodeList) -> None:
    raw = read_toml(f"codelists/{any_list.name}.toml")
    assert raw.keys() <= HEADER
    assert any_list.title_it
    assert any_list.title_en
    assert any_list.source


def test_codes_stand_once_and_have_both_labels(any_list: CodeList) -> None:
    for entries in (any_list.entries, any_list.groups):
        codes = [entry.code for entry in entries]
        assert len(codes) == len(set(codes))
        for field in ("label_it", "label_en"):
            labels = [getattr(entry, field) for entry in entries]
            assert all(label == label.strip() != "" for label in labels)
            assert len(labels) == len(set(labels)), f"two codes of {any_list.name} read the same"


def test_codes_are_plain_signs(any_list: CodeList) -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", entry.code) for entry in any_list)


def test_every_pointer_meets_a_code(any_list: CodeList) -> None:
    for field, target in any_list.refers.items():
        known = {entry.code for entry in (any_list.groups if target == "groups" else codelist(target))}
        for entry in any_list:
            assert set(pointed_at(entry, field)) <= known, f"{any_list.name} {entry.code} {field}"


def test_a_source_is_told_in_plain_words(any_list: CodeList) -> None:
    assert not re.search(r"\[(found|BK|proposal|inferred)", any_list.source)


@pytest.mark.parametrize("name", FIXED)
def test_the_codes_are_those_of_the_domain(name: str) -> None:
    assert codelist(name).codes() == tuple(FIXED[name].split())


@pytest.mark.parametrize("name", ["exploitation", "referral_source", "permit", "exit_reason"])
def test_every_entry_has_a_group_and_every_group_an_entry(name: str) -> None:
    used = [entry.text("group") for entry in codelist(name)]
    assert list(dict.fromkeys(sorted(used))) == sorted(group.code for group in codelist(name).groups)


def test_every_service_and_every_step_has_an_area() -> None:
    assert {entry.text("area") for entry in codelist("health_service")} == set(codelist("health_area").codes())
    assert {entry.text("area") for entry in codelist("inclusion_step")} == set(codelist("inclusion_area").codes())


def test_only_the_present_sleep_here_and_only_the_unexplained_lose_the_night() -> None:
    states = codelist("presence")
    assert [state.code for state in states if state.flag("sleeps_here")] == ["P"]
    assert [state.code for state in states if not state.flag("entitled")] == ["N"]
    assert all(len(state.text("symbol")) == 1 for state in states)


def test_a_meal_counts_as_a_meal_a_self_catering_day_or_nothing() -> None:
    kinds = codelist("meal_kind")
    assert {kind.code: kind.text("figure") for kind in kinds if not kind.flag("counted")} == {"AUT": "M10", "EXT": ""}
    assert {kind.text("figure") for kind in kinds if kind.flag("counted")} == {"M09"}
    assert all(kind.code not in (*kind.values("excludes"), *kind.values("replaces")) for kind in kinds)


def test_the_meals_that_a_house_proposes_do_not_exclude_each_other() -> None:
    for supply in codelist("meal_supply"):
        proposed = supply.values("proposes")
        assert proposed or supply.code == "NON_RIL"
        assert not {other for kind in proposed for other in require("meal_kind", kind).values("excludes")} & {*proposed}


def test_a_health_number_has_a_form_that_can_be_checked() -> None:
    assert re.fullmatch(require("coverage", "STP").text("pattern"), "STP0301234567890")
    assert not re.fullmatch(require("coverage", "ENI").text("pattern"), "STP0301234567890")


def test_only_a_house_for_minors_takes_unaccompanied_minors() -> None:
    kinds = [kind.code for kind in codelist("house_kind") if kind.flag("admits_unaccompanied_minors")]
    assert kinds == ["MINORI"]


def test_the_countries_of_the_standard_are_all_there() -> None:
    countries = codelist("country")
    assert len(countries) == 249 + len(["XKX", "XXA", "XXX"])
    assert all(re.fullmatch("[A-Z]{3}", code) for code in countries.codes())
    alpha2 = [country.text("alpha2") for country in countries if country.text("alpha2")]
    assert len(alpha2) == len(set(alpha2)) == 250
    assert sum(country.flag("eu") for country in countries) == 27
    assert [country.code for country in countries if not country.text("area")] == ["ATA", "XXA", "XXX"]


def test_a_country_menu_begins_with_the_frequent_and_ends_with_the_unknown() -> None:
    menu = [country.code for country in codelist("country").menu()]
    assert sorted(menu) == sorted(codelist("country").codes())
    assert menu[0] == "NGA"
    assert menu[-2:] == ["XXA", "XXX"]
    assert menu.index("AFG") < menu.index("ALA") < menu.index("ZWE")


def test_a_menu_follows_the_language(english: None) -> None:
    menu = [country.code for country in codelist("country").menu()]
    assert menu.index("DEU") < menu.index("GRC") < menu.index("ESP")


def test_short_lists_keep_their_order_in_menus() -> None:
    assert codelist("role").menu() == codelist("role").entries


def test_languages_say_how_they_are_written() -> None:
    for entry in codelist("language"):
        assert len(entry.code) <= 8
        assert entry.text("direction") == ("rtl" if entry.text("script") in {"Arab", "Aran"} else "ltr")
        assert entry.flag("forms") == (entry.number("tier") == 1)
        assert entry.flag("last") or entry.text("autonym")


def test_a_label_comes_in_the_language_of_the_interface() -> None:
    phase = require("phase", "PRO")
    assert (phase.label(), codelist("phase").title()) == ("Pronta accoglienza / fuga", "Fase")
    use_language("en")
    try:
        assert (phase.label(), codelist("phase").title()) == ("Emergency shelter", "Phase")
        assert codelist("phase").label("PRO") == "Emergency shelter"
    finally:
        use_language("it")


def test_an_unknown_code_is_refused_and_named() -> None:
    with pytest.raises(UnknownCode) as caught:
        require("phase", "XYZ")
    assert caught.value.params == {"list": "phase", "code": "XYZ"}
    assert "XYZ" not in codelist("phase")
    assert "PRO" in codelist("phase")


def test_an_unknown_group_is_refused() -> None:
    assert codelist("exit_reason").group("POSITIVO").label() == "Percorso concluso"
    with pytest.raises(UnknownCode):
        codelist("exit_reason").group("OBI")


def test_a_list_is_read_once() -> None:
    assert codelist("phase") is codelist("phase")


def test_a_field_of_the_wrong_kind_is_a_bug_and_not_an_answer() -> None:
    present = require("presence", "P")
    with pytest.raises(TypeError):
        present.number("sleeps_here")
    with pytest.raises(KeyError):
        present.flag("sleeps_there")
