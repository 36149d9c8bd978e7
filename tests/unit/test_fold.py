"""Names of many countries: one sound for its spellings, other sounds for other names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.fold import fold, folded_words, sound, word_sounds

# Names as clerks, consulates and the people themselves write them; each line is one name.
ONE_NAME = """
Юлія Юлия Yuliia Iuliia Julia Giulia
Оксана Oksana Oxana
Олег Oleh Oleg
Ольга Olha Olga
Ганна Hanna Ganna
Галина Halyna Galina
Євгенія Yevheniia Evgeniya
Світлана Svitlana Svetlana
Людмила Liudmyla Lyudmila Ludmila
Наталія Nataliia Natalia Nathalie
Тетяна Tetiana Tatyana
Шевченко Shevchenko Scevcenko Chevtchenko
Ковальчук Kovalchuk Kovalciuk
Щербак Shcherbak
محمد Muhammad Mohammed Mohamed Md Mouhamed Mohamad
خديجة Khadija Hadija Kadija Khadidja
حسين Hussain Hossein Husain Hossain
يوسف Yusuf Youssef Yousuf Joseph
عمر Omar Umar Oumar
عائشة Aisha Aïcha Ayesha
إبراهيم Ibrahim Ebrima Ibrahima
زينب Zeinab Zainab Zaynab
رشيدة Rashida Rachida Rasheda
جميلة Jamila Djamila Giamila Gamila
ليلى Leila Layla Laila
مريم Maryam Mariam
فاطمة Fatima Fatma Fatimah
Abdelrahman Abdurrahman Abdul-Rahman Abdulrahman
Abdoulaye Abdullah Abdallah
Fatoumata Fatumata Fatoumatta
Ousmane Osman Othman Usman
Cheikh Sheikh Shaikh
Diallo Jallow Djallo
Coulibaly Kulibali
Ouattara Wattara
Kouamé Kwame Kouame
Seynabou Zeinab
Traoré Traore
Awa Hawa
Begum Begam
Akter Akhter Aktar
Chowdhury Chaudhry Choudhury
Rahman Rehman
Nasrin Nasreen
Zubaida Jubaida
Chioma Cioma
Favour Favor
Blessing Blesing
Mercy Mersi
Hope Ope
Xhensila Gensila Jensila
Mihaela Michaela
Ștefania Ştefania Stefania
Gheorghe George
Ioana Joana Yoana
João Joao
Gonçalves Gonzalves
Thérèse Teresa
Yesenia Jesenia
Núñez Nunez
Quispe Kispe
Jhon John
Nguyễn Nguyen
Xenia Ksenia
""".strip().splitlines()

OTHER_NAMES = """
Joy Rina
Amina Mina
Grace Gloria
Blessing Bella
Elira Elena
Fatima Fiona
Maria Mariam
Anna Anita
Ali Leila
Precious Patience
Mei Min-Ha
Hoxha Hysa
Quispe Condori
Popescu Ionescu
""".strip().splitlines()


def sounds_of(name: str) -> set[str]:
    return {each for sounds in word_sounds(name) for each in sounds}


@pytest.mark.parametrize("line", ONE_NAME)
def test_the_spellings_of_one_name_have_a_sound_in_common(line: str) -> None:
    first, *others = line.split()
    for other in others:
        assert sounds_of(first) & sounds_of(other), other


@pytest.mark.parametrize("line", OTHER_NAMES)
def test_other_names_sound_otherwise(line: str) -> None:
    one, other = line.split()
    assert not sounds_of(one) & sounds_of(other)


def test_words_lose_case_accents_and_script() -> None:
    assert fold("Núñez ЮЛІЯ Ольга") == "nunez yuliya olga"
    assert fold(None) == sound("") == ""


def test_what_is_written_in_one_piece_is_found_with_and_without_the_sign_between() -> None:
    assert set(fold("4K7T-9").split()) == {"4k7t", "9", "4k7t9"}
    assert "marieclaire" in fold("Marie-Claire").split()
    assert fold("dell’insulina").split() == ["dell", "insulina", "dellinsulina"]


def test_each_ideograph_is_a_word() -> None:
    assert fold("李娜") == "li na"


@given(st.text())
def test_anything_typed_becomes_plain_words(text: str) -> None:
    words = [word for part in folded_words(text) for word in part]
    assert all(word.isascii() and word.isalnum() for word in (*words, *sound(text).split()))
    assert all(word in fold(text).split() for word in words)
