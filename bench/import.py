"""Import of the plan's workbooks as an IT office would script it: openpyxl to read,
psycopg2 to write, one INSERT a row. The measure for `make bench`, not a tool: it
knows the layout of the sample plan's cards and nothing else.

    python3 bench/import.py DSN ROUNDS FILE...

prints the seconds of processor time for one import of all files, start-up aside.
"""
import hashlib
import re
import sys
import time

import openpyxl
import psycopg2

NUMBER = re.compile(r"obiettivo\s+n\.?\s*(\d+/\d+)\s*[–—:-]?\s*(.*)", re.I)
MARKS = {"x", "✓", "✔", "●", "*", "1", "si"}
FIELDS = {"strategia", "assessore", "dirigente / responsabile", "durata", "utenti / portatori di interessi"}

TABLES = """
CREATE TEMP TABLE consegne (id serial PRIMARY KEY, file text, sha256 text, contenuto bytea);
CREATE TEMP TABLE schede (id serial PRIMARY KEY, consegna integer, numero text, titolo text);
CREATE TEMP TABLE campi (scheda integer, campo text, valore text);
CREATE TEMP TABLE indicatori (scheda integer, descrizione text, valori text[]);
CREATE TEMP TABLE attivita (scheda integer, anno integer, descrizione text, previsto integer, ottenuto integer, eseguito text);
CREATE TEMP TABLE risorse (scheda integer, ruolo text, quota text);
"""


def text(value):
    return re.sub(r"\s+", " ", str(value)).strip() if value is not None else ""


def months(cells):
    mask = 0
    for i, cell in enumerate(cells[:12]):
        filled = cell.fill is not None and cell.fill.fill_type == "solid"
        if text(cell.value).lower() in MARKS or (filled and cell.value is None):
            mask |= 1 << i
    return mask


def header(row):
    """The column of the first month where the row holds twelve month letters."""
    letters = [text(c.value).upper()[:1] for c in row]
    for i in range(len(letters) - 11):
        if "".join(letters[i:i + 12]) == "GFMAMGLASOND":
            return i
    return None


def take(cursor, card, rows):
    first, activity, year, mode = None, "", 0, ""
    for row in rows:
        words = [text(c.value) for c in row]
        label = words[0].lower().rstrip(":")
        if not any(words):
            mode = "" if mode != "activities" else mode
            continue
        column = header(row)
        if column is not None:
            first, mode = column, "activities"
            found = re.search(r"(19|20)\d\d", words[0])
            year = int(found.group()) if found else 0
        elif "descrizione indicatore" in label or label == "indicatori":
            mode = "indicators"
        elif "risorse umane" in label or "personale" in label:
            mode = "people"
        elif label in FIELDS:
            cursor.execute("INSERT INTO campi VALUES (%s, %s, %s)", (card, label, next((w for w in words[1:] if w), "")))
        elif mode == "activities" and first is not None:
            activity = words[0] or activity
            kind = next((w.lower() for w in words[1:first] if w), "")
            mask = months(row[first:])
            done = words[first + 12] if len(words) > first + 12 else ""
            if kind.startswith(("prev", "prog")):
                cursor.execute("INSERT INTO attivita VALUES (%s, %s, %s, %s, 0, %s)", (card, year, activity, mask, done))
            elif kind.startswith(("ott", "real", "eff")):
                cursor.execute("UPDATE attivita SET ottenuto = %s WHERE scheda = %s AND anno = %s AND descrizione = %s", (mask, card, year, activity))
        elif mode == "indicators":
            cursor.execute("INSERT INTO indicatori VALUES (%s, %s, %s)", (card, words[0], words[1:]))
        elif mode == "people":
            cursor.execute("INSERT INTO risorse VALUES (%s, %s, %s)", (card, words[0], next((w for w in words[1:] if w), "")))


def take_file(connection, name):
    with open(name, "rb") as source:
        content = source.read()
    book = openpyxl.load_workbook(name, data_only=True)
    with connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO consegne (file, sha256, contenuto) VALUES (%s, %s, %s) RETURNING id",
                       (name, hashlib.sha256(content).hexdigest(), psycopg2.Binary(content)))
        delivery = cursor.fetchone()[0]
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            rows = list(sheet.iter_rows())
            starts = [(i, m) for i, row in enumerate(rows) for m in [NUMBER.match(text(row[0].value))] if m]
            for n, (start, match) in enumerate(starts):
                cursor.execute("INSERT INTO schede (consegna, numero, titolo) VALUES (%s, %s, %s) RETURNING id", (delivery, match.group(1), match.group(2)))
                end = starts[n + 1][0] if n + 1 < len(starts) else len(rows)
                take(cursor, cursor.fetchone()[0], rows[start + 1:end])


def main():
    dsn, rounds, files = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    connection = psycopg2.connect(dsn)
    with connection, connection.cursor() as cursor:
        cursor.execute(TABLES)
    begin = time.process_time()
    for _ in range(rounds):
        for name in files:
            take_file(connection, name)
    print((time.process_time() - begin) / rounds)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM schede")
        if cursor.fetchone()[0] < 12 * rounds:
            sys.exit("the script does not find the cards any more: it is no measure")


main()
