#!/usr/bin/env python3
"""What people must be told in a simulated year, worked out from the rules alone.

    python3 modello.py 2021 > 2021.txt

The test TestAYearAsItIsExpected (jobs/anno_test.go) drives the program through the
scenario in <name>.json and compares its register with <name>.txt, line by line. This
model shares nothing with the program, not even its language: it was written from the
rules of the ladder, of the people and of the digest as the house's design states
them, before the program's output was seen, and counts in another way: working days
are a list of dates whose holidays stand here one by one, a distance is a difference
of places in it; a month is a pair of dates; the plan comes from the JSON that the
contract prints (testdata/moduli/attesi) or from the scenario, not from the database.
Where the two differed, the rules were asked, not the other one.

A line is: day, person[+copies], stage, item.
"""
import bisect
import datetime as dt
import json
import os
import sys

QUI = os.path.dirname(os.path.abspath(__file__))
ATTESI = os.path.join(QUI, "..", "..", "..", "testdata", "moduli", "attesi")

# National holidays that fall on a weekday or not, as a calendar shows them.
FESTE = """
2021-01-01 2021-01-06 2021-04-05 2021-04-25 2021-05-01 2021-06-02 2021-08-15 2021-11-01 2021-12-08 2021-12-25 2021-12-26
2022-01-01 2022-01-06 2022-04-18 2022-04-25 2022-05-01 2022-06-02 2022-08-15 2022-11-01 2022-12-08 2022-12-25 2022-12-26
2026-01-01 2026-01-06 2026-04-06 2026-04-25 2026-05-01 2026-06-02 2026-08-15 2026-10-04 2026-11-01 2026-12-08 2026-12-25 2026-12-26
2027-01-01 2027-01-06 2027-03-29 2027-04-25 2027-05-01 2027-06-02 2027-08-15 2027-10-04 2027-11-01 2027-12-08 2027-12-25 2027-12-26
2028-01-01 2028-01-06
""".split()

SCALA = {"preavviso": 10, "ritardo": 5, "scaduta": 5, "sollecito": 10, "massimo": 3, "escalation": 20}
GRAVITA = ["preavviso", "ritardo", "scaduta", "sollecito", "escalation"]
GIORNI_DA_NUOVO = 20  # working days for which a newcomer is handed over to


def giorno(testo):
    return dt.date.fromisoformat(testo)


def un_giorno_dopo(d):
    return d + dt.timedelta(days=1)


def giorni(dal, al):
    while dal <= al:
        yield dal
        dal = un_giorno_dopo(dal)


def mese(anno, m):
    """First and last day of a month."""
    primo = dt.date(anno, m, 1)
    return primo, dt.date(anno + m // 12, m % 12 + 1, 1) - dt.timedelta(days=1)


# What was checked by hand, against a paper calendar and the cards.
CONTROLLATO = {
    "2021": """
# All lines of giulia.montanari (SUAP) and of sandra.benassi, marco.lodi and ragioneria (Servizi finanziari: a change of
# office on a Saturday, a vacancy from 31 July), over a hundred, were counted by hand against the cards of testdata and a
# calendar with the closure of 9-13 August, the patron on 29 September, 24 December, and the stops of 13-17 September and
# 30 December - 4 January; so were the riepiloghi and both sessions.""",
    "2026": """
# By hand: both hand-overs of Tributi and that of Cultura (known nine days late), the vacancy of Cultura, the notices to the
# SIA, every line of bruno.costa and of ivo.neri in 2026, the first working day after each of the four stops (15 June
# 2026, 9 September, 11 January 2027, 14 June), what the session of 11 January put off to the 12th, the deadline of 30
# September 2027 over 4 October, and the riepiloghi.""",
}


class Calendario:
    def __init__(self, ente):
        chiusi = {giorno(f) for f in FESTE}
        for periodo in ente.get("chiusure", []):
            dal, _, al = periodo.partition("..")
            chiusi |= set(giorni(giorno(dal), giorno(al or dal)))
        patrono = ente.get("patrono")  # "24/06"
        self.lavorativi = [d for d in giorni(dt.date(2021, 1, 1), dt.date(2022, 12, 31)) if d.weekday() < 5]
        self.lavorativi += [d for d in giorni(dt.date(2026, 1, 1), dt.date(2028, 1, 31)) if d.weekday() < 5]
        self.lavorativi = [d for d in self.lavorativi if d not in chiusi and d.strftime("%d/%m") != patrono]
        self.insieme = set(self.lavorativi)

    def dopo(self, d, n):
        """The n-th working day after d."""
        return self.lavorativi[bisect.bisect_right(self.lavorativi, d) + n - 1]

    def prima(self, d, n):
        return self.lavorativi[bisect.bisect_left(self.lavorativi, d) - n]


class Attivita:
    def __init__(self, settore, piano, numero, a):
        self.settore, self.piano, self.numero = settore, piano, numero  # piano: the year of the plan
        self.anno, self.descrizione = a["anno"], a["descrizione"]
        self.mesi = [mese(self.anno, m) for m in sorted(a["previsto"])]
        self.ottenuti, self.eseguito = set(a.get("ottenuto", [])), a.get("eseguito")
        self.progresso = None  # last day on which progress was handed in
        self.detto = set()     # (stage, which one)
        self.ultima = dt.date.min    # last day on which anything was told
        self.passata = dt.date.min   # day of the last hand-over that told it
        self.approvato = None

    def voce(self):
        return f"{self.numero} {self.anno} {self.descrizione}"

    def aggiorna(self, a, oggi):
        nuovi, eseguito = set(a.get("ottenuto", [])), a.get("eseguito")
        if (nuovi, eseguito) != (self.ottenuti, self.eseguito):
            self.ottenuti, self.eseguito, self.progresso = nuovi, eseguito, oggi

    def fatti(self, d):
        return sum(1 for m in self.ottenuti if mese(self.anno, m)[0] <= d)

    def conclusa(self, d):
        if self.eseguito is not None:
            return self.eseguito
        return bool(self.mesi) and self.fatti(d) >= len(self.mesi)

    def fine(self):
        return self.mesi[-1][1]

    def stadi(self, d, cal):
        """Every stage whose matter is so on d: (stage, which one, due on, so since)."""
        if self.approvato is None or not self.mesi or self.fine() < self.approvato or self.conclusa(d):
            return
        if d <= self.fine():
            for quanti, (_, ultimo) in enumerate(self.mesi, 1):
                if ultimo <= d and quanti > self.fatti(d) and ultimo >= self.approvato:
                    yield "ritardo", ultimo, cal.dopo(ultimo, SCALA["ritardo"]), un_giorno_dopo(ultimo)
            primo_avviso = cal.prima(self.fine(), SCALA["preavviso"])
            yield "preavviso", self.fine(), primo_avviso, primo_avviso
            return
        scaduta = cal.dopo(self.fine(), SCALA["scaduta"])
        yield "scaduta", self.fine(), scaduta, un_giorno_dopo(self.fine())
        da = max(scaduta, self.progresso or scaduta)
        alto = cal.dopo(da, SCALA["escalation"])
        yield "escalation", da, alto, alto
        for n in range(1, SCALA["massimo"] + 1):
            quando = cal.dopo(da, n * SCALA["sollecito"])
            if quando != alto:
                yield "sollecito", (da, n), quando, quando

    def da_dire(self, d, cal):
        dovuti = [(GRAVITA.index(s), quando, s, quale) for s, quale, quando, dal in self.stadi(d, cal)
                  if self.ultima < quando <= d and dal > self.passata and (s, quale) not in self.detto]
        return max(dovuti, key=lambda x: x[:2])[2:] if dovuti else None


class Ente:
    def __init__(self, dati):
        self.dati, self.codice, self.cal = dati, dati["codice"], Calendario(dati)
        self.attivita, self.consegne = [], {}  # settore -> days of hand-ins
        self.risposte = {}  # (settore, year of the plan) -> days of hand-ins
        self.passati, self.segnalati, self.riepiloghi = set(), set(), set()
        self.approvati, self.carte, self.sessioni = {}, {}, {}  # year -> day; (settore, year) -> owes an answer; name -> Sessione

    def ruolo(self, nome):
        return self.dati["ruoli"].get(nome, ["", ""])[1]

    def in_carica(self, settore, d, oggi):
        """Name, address, kind of who answers on d, as the registry of oggi knows it."""
        trovato = None
        for i in self.dati["incarichi"]:
            if i["settore"] != settore["nome"] or giorno(i.get("noto_dal", "0001-01-01")) > oggi:
                continue
            if giorno(i["dal"]) <= d and (not i.get("al") or d <= giorno(i["al"])):
                if trovato is None or trovato["tipo"] != "titolare":
                    trovato = i
        casella = settore.get("email") or self.ruolo("Segretario")
        if trovato is None:
            return "", casella, "vacante"
        email = trovato.get("email", "")
        if oggi < giorno(trovato.get("email_dal", "0001-01-01")):
            email = ""
        return trovato["nome"], email or casella, "senza-indirizzo" if not email else trovato["tipo"]

    def arrivato(self, settore, oggi):
        """First day of who answers today, where somebody else did before; else None."""
        nome = self.in_carica(settore, oggi, oggi)[0]
        inizi = sorted(giorno(i["dal"]) for i in self.dati["incarichi"]
                       if i["settore"] == settore["nome"] and giorno(i.get("noto_dal", "0001-01-01")) <= oggi)
        if not nome or not inizi:
            return None
        d = oggi
        while d >= inizi[0] and self.in_carica(settore, d, oggi)[0] == nome:
            d -= dt.timedelta(days=1)
            if (oggi - d).days > 3 * GIORNI_DA_NUOVO:
                return None  # no newcomer, whoever came before
        return un_giorno_dopo(d) if d >= inizi[0] else None


def copie(ente, a, altre):
    return sorted({c for c in altre if c and c.lower() != a.lower()})


def chi(a, cc):
    return "+".join([a.split("@")[0].lower()] + [c.split("@")[0].lower() for c in cc])


class Sessione:
    """A check: opened, each settore asked, reminded every five working days, closed."""

    OGNI = 5

    def __init__(self, nome, anno, cal, dati, apre, chiude):
        self.nome, self.anno, self.dati = f"{nome}-{anno}", anno, dati
        self.apre = cal.dopo(apre - dt.timedelta(days=1), 1)
        self.chiude = cal.prima(un_giorno_dopo(chiude), 1)
        self.aperta = self.chiusa = None
        self.dette = {}  # settore -> days on which it was told something

    def fase(self, settore, d, cal):
        dette = self.dette.get(settore, [])
        if not dette:
            return "apertura"
        da_dire, n = None, 1
        while (quando := cal.dopo(self.aperta, n * self.OGNI)) <= d and quando < self.chiude:
            if quando > dette[-1]:
                da_dire = f"sollecito/{n}"
            n += 1
        return da_dire


def sessioni(ente, d, righe, avuto):
    """The checks come first in the morning; whoever is asked has the day's message."""
    segretario = ente.ruolo("Segretario")
    for anno in (d.year - 1, d.year):
        for nome, dati in (("meta-anno", ((anno, 6, 30), (anno, 7, 1), (anno, 7, 31))), ("fine-anno", ((anno, 12, 31), (anno + 1, 1, 7), (anno + 1, 1, 31)))):
            s = ente.sessioni.setdefault((nome, anno), Sessione(nome, anno, ente.cal, *(dt.date(*x) for x in dati)))
            if s.aperta is None and d >= s.apre and (d - s.chiude).days <= 60 and ente.approvati.get(anno, dt.date.max) <= d:
                s.aperta = d
            if s.aperta is None or s.chiusa:
                continue
            if d >= s.chiude:
                s.chiusa = d
                righe.append(f"{d.isoformat()} {chi(segretario, [])} esito-sessione {s.nome} di {ente.codice}")
                continue
            messaggi = {}
            for x in ente.dati["settori"]:
                deve = ente.carte.get((x["nome"], anno))
                ultima = max(ente.risposte.get((x["nome"], anno), []), default=dt.date.min)
                if deve is None or ultima >= s.aperta:
                    continue
                if s.dette.get(x["nome"]) and (not deve or ultima >= s.dati):  # told once, never pressed
                    continue
                fase, (_, a, tipo) = s.fase(x["nome"], d, ente.cal), ente.in_carica(x, d, d)
                if fase and a and a.lower() not in avuto:
                    voci, cc = messaggi.setdefault(a.lower(), ([], set()))
                    voci.append((x, fase))
                    if tipo == "vacante":
                        cc.add(segretario)
            for a, (voci, cc) in messaggi.items():
                avuto.add(a)
                for x, fase in voci:
                    s.dette.setdefault(x["nome"], []).append(d)
                    righe.append(f"{d.isoformat()} {chi(a, copie(ente, a, cc))} sessione {s.nome}/{fase} settore {x['codice']}")


def mattina(ente, d, righe):
    """Sessions, hand-overs, reminders, notices of a working day: nobody gets two of them."""
    oggi, avuto = d.isoformat(), set()
    segretario = ente.ruolo("Segretario")
    sessioni(ente, d, righe, avuto)
    # hand-overs, one message for a person
    passaggi = {}
    for s in ente.dati["settori"]:
        dal = ente.arrivato(s, d)
        if dal is None or (s["nome"], dal) in ente.passati or d > ente.cal.dopo(dal - dt.timedelta(days=1), GIORNI_DA_NUOVO):
            continue
        if ente.in_carica(s, d, d)[1].lower() in avuto:
            continue
        aperte = [a for a in ente.attivita if a.settore == s["nome"] and a.approvato and a.mesi and a.fine() >= a.approvato and not a.conclusa(d)]
        if any(c < dal for c in ente.consegne.get(s["nome"], [])) and aperte:
            passaggi.setdefault(ente.in_carica(s, d, d)[1].lower(), []).append((s, dal, aperte))
    for a, settori in passaggi.items():
        avuto.add(a)
        veri, cc = [], set()
        for s, dal, aperte in settori:
            ente.passati.add((s["nome"], dal))
            veri.append(f"settore {s['codice']}")
            for x in aperte:
                stadi = [st for st, _, _, da in x.stadi(d, ente.cal) if da <= d]
                if stadi:
                    veri.append(x.voce())
                    x.ultima = x.passata = d
                    if "escalation" in stadi:
                        cc.add(segretario)
        righe += [f"{oggi} {chi(a, copie(ente, a, cc))} passaggio-consegne {v}" for v in veri]
    # reminders
    messaggi = {}
    for s in ente.dati["settori"]:
        nome, a, tipo = ente.in_carica(s, d, d)
        if not a or a.lower() in avuto:
            continue
        for x in ente.attivita:
            dovuto = x.da_dire(d, ente.cal) if x.settore == s["nome"] else None
            if dovuto:
                voci, cc = messaggi.setdefault(a.lower(), ([], set()))
                voci.append((x, dovuto))
                if tipo == "vacante" or dovuto[0] == "escalation":
                    cc.add(segretario)
    for a, (voci, cc) in messaggi.items():
        avuto.add(a)
        for x, (stadio, quale) in voci:
            x.detto.add((stadio, quale))
            x.ultima = d
            righe.append(f"{oggi} {chi(a, copie(ente, a, cc))} {stadio} {x.voce()}")
    # whose address is missing, each once a month
    sia = ente.ruolo("SIA") or segretario
    mancano = []
    for s in ente.dati["settori"]:
        nome, a, tipo = ente.in_carica(s, d, d)
        if not any(x.settore == s["nome"] and x.approvato and not x.conclusa(d) for x in ente.attivita):
            continue
        if (tipo == "senza-indirizzo" or not a) and (s["nome"], nome, oggi[:7]) not in ente.segnalati:
            mancano.append((s["nome"], nome, oggi[:7], s["codice"]))
    if sia and sia.lower() not in avuto:
        for m in mancano:
            ente.segnalati.add(m[:3])
            righe.append(f"{oggi} {chi(sia, [])} avviso settore {m[3]}")


def consegna(ente, c, d, quali, deve):
    """A hand-in: the plan before its approval, progress afterwards."""
    piano = c.get("anno", 2021)
    settore = next(s["nome"] for s in ente.dati["settori"] if s["codice"] == c["settore"])
    ente.consegne.setdefault(settore, []).append(d)
    ente.risposte.setdefault((settore, piano), []).append(d)
    ente.carte.setdefault((settore, piano), deve)
    for numero, a in quali:
        sua = [x for x in ente.attivita
               if (x.piano, x.numero, x.anno, x.descrizione.lower()) == (piano, numero, a["anno"], a["descrizione"].lower())]
        if sua:
            sua[0].aggiorna(a, d)
        elif numero not in {x.numero for x in ente.attivita if x.piano == piano and x.approvato}:
            ente.attivita.append(Attivita(settore, piano, numero, a))


def schede(c):
    """The activities of a hand-in, of a workbook of testdata or written in the scenario; and
    whether the settore has objectives of its own, for which it owes answers."""
    if "attivita" in c:
        return [(a["obiettivo"], a) for a in c["attivita"]], True
    with open(os.path.join(ATTESI, c["cartella"], c["file"] + ".json"), encoding="utf-8") as f:
        sue = [s for s in json.load(f)["schede"] if not s["rinvio"]]
        return [(s["numero"], a) for s in sue for a in s["attivita"]], bool(sue)


def arretrati(fine, ultimo):
    """The months that have no digest, newest first: after a stop the three newest of those
    that nobody told; where there was no digest ever, the month just over."""
    mesi = []
    while len(mesi) < (3 if ultimo else 1) and (not ultimo or fine > ultimo):
        mesi.append(fine)
        fine = dt.date(fine.year, fine.month, 1) - dt.timedelta(days=1)
    return mesi


def main():
    with open(os.path.join(QUI, sys.argv[1] + ".json"), encoding="utf-8") as f:
        scenario = json.load(f)
    enti = {e["codice"]: Ente(e) for e in scenario["enti"]}
    ferme = [(giorno(a), giorno(b)) for a, b in scenario.get("fermo", [])]
    righe = []
    for d in giorni(giorno(scenario["dal"]), giorno(scenario["al"])):
        for c in scenario["consegne"]:
            if giorno(c["giorno"]) == d:
                consegna(enti[c["ente"]], c, d, *schede(c))
        for p in scenario["approvazioni"]:
            if giorno(p["giorno"]) == d:
                enti[p["ente"]].approvati[p["anno"]] = d
                for x in enti[p["ente"]].attivita:
                    if x.piano == p["anno"]:
                        x.approvato = d
        if any(a <= d <= b for a, b in ferme):
            continue
        for e in sorted(enti.values(), key=lambda e: e.codice):
            if d in e.cal.insieme:
                mattina(e, d, righe)
            primo = dt.date(d.year, d.month, 1)
            fine = primo - dt.timedelta(days=1)
            if d in e.cal.insieme:
                for fine in reversed(arretrati(fine, max(e.riepiloghi, default=None))):
                    e.riepiloghi.add(fine)
                    righe.append(f"{d.isoformat()} {chi(e.ruolo('Segretario'), [])} riepilogo {fine.isoformat()[:7]} di {e.codice}")
    print(f"# What must be told in the scenario {sys.argv[1]}.json, by modello.py, which says how it was made."
          + CONTROLLATO[sys.argv[1]])
    print("\n".join(sorted(righe)))


if __name__ == "__main__":
    main()
