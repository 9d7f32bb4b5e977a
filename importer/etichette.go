package importer

import (
	"regexp"
	"strings"

	"github.com/scadenzario/scadenzario/piano"
)

// campo is a value of the card's heading; its text is the JSON key of the contract
// where it has one.
type campo string

const (
	cNumero       campo = "numero"
	cTitolo       campo = "titolo"
	cSettore      campo = "settore"
	cAnno         campo = "anno"
	cStrategia    campo = "strategia"
	cAssessore    campo = "assessore"
	cResponsabile campo = "responsabile"
	cPriorita     campo = "priorita" // strategicità and peso in one place
	cStrategicita campo = "strategicita"
	cPeso         campo = "peso"
	cAltriSettori campo = "altri_settori"
	cDurata       campo = "durata"
	cPortatori    campo = "portatori_di_interessi"
	cDescrizione  campo = "descrizione"
	cRisultati    campo = "risultati_attesi"
)

// sinonimiCampi lists, for each field, how offices call it, as chiave writes it.
var sinonimiCampi = []struct {
	campo campo
	nomi  []string
}{
	{cTitolo, []string{"titolo", "titolo obiettivo", "denominazione", "denominazione obiettivo", "oggetto", "oggetto obiettivo", "nome obiettivo", "obiettivo titolo"}},
	{cSettore, []string{"settore", "settore servizio", "area", "area settore", "settore area", "servizio", "centro responsabilita", "cdr", "unita organizzativa", "struttura", "struttura organizzativa", "struttura responsabile", "ufficio", "direzione", "settore responsabile", "settore riferimento", "settore competenza", "settore capofila", "settore proponente", "settore titolare", "area organizzativa"}},
	{cAnno, []string{"anno", "anno riferimento", "esercizio", "anno piano", "annualita", "anno esercizio"}},
	{cStrategia, []string{"strategia", "linea strategica", "linea mandato", "indirizzo strategico", "strategia mandato", "obiettivo strategico", "ambito strategico", "area strategica", "linea programmatica", "strategia riferimento", "strategie", "programma mandato"}},
	{cAssessore, []string{"assessore", "assessori", "assessore riferimento", "assessorato", "referente politico", "assessore referente", "amministratore", "amministratore riferimento", "assessore competente", "assessore delegato", "organo politico", "sindaco assessore", "assessore sindaco", "politico riferimento", "referente politico amministrativo"}},
	{cResponsabile, []string{"dirigente responsabile", "responsabile dirigente", "responsabile", "dirigente", "responsabili interessati", "responsabile interessato", "responsabili", "responsabile settore", "responsabile servizio", "responsabile obiettivo", "dirigente responsabile settore", "responsabile p o", "posizione organizzativa", "titolare p o", "responsabile q", "elevata qualificazione", "titolare q", "responsabile area", "responsabile procedimento", "responsabile attuazione", "dirigente settore", "dirigente riferimento", "referente", "titolare posizione organizzativa", "responsabile titolare q"}},
	{cPriorita, []string{"priorita peso obiettivo %", "priorita peso obiettivo", "priorita peso", "priorita peso %", "strategicita peso", "strategicita peso obiettivo", "strategicita peso %", "peso strategicita", "peso priorita", "priorita peso relativo", "strategicita peso relativo", "priorita obiettivo peso", "peso obiettivo priorita"}},
	{cStrategicita, []string{"strategicita", "strategicita obiettivo", "priorita", "priorita obiettivo", "grado strategicita", "livello strategicita", "valore strategicita", "indice strategicita", "fattore strategicita", "strategicita %", "livello priorita", "grado priorita", "priorita strategicita", "strategicita priorita"}},
	{cPeso, []string{"peso", "peso obiettivo", "peso obiettivo %", "peso %", "% peso", "peso relativo", "peso percentuale", "peso ponderale", "ponderazione", "peso attribuito", "peso assegnato", "peso settore", "peso obiettivo settore", "peso relativo %", "peso relativo obiettivo", "peso percentuale obiettivo", "pesatura", "pesatura obiettivo", "peso ponderato"}},
	{cAltriSettori, []string{"altri settori servizi coinvolti", "altri settori coinvolti", "altri servizi coinvolti", "altri settori", "altri servizi", "settori coinvolti", "servizi coinvolti", "altri uffici coinvolti", "uffici coinvolti", "altre strutture coinvolte", "strutture coinvolte", "settori servizi coinvolti", "altri servizi settori coinvolti", "altri settori uffici coinvolti", "altre aree coinvolte", "altri uffici servizi coinvolti", "altri soggetti coinvolti", "collaborazione altri settori", "settori servizi collaborazione", "altri settori interessati"}},
	{cDurata, []string{"durata", "durata obiettivo", "tempi realizzazione", "tempi", "tempistica", "arco temporale", "orizzonte temporale", "periodo", "periodo riferimento", "periodo realizzazione", "durata prevista", "periodo attuazione", "tempi attuazione", "validita"}},
	{cPortatori, []string{"utenti portatori interessi", "utenti portatori interesse", "portatori interessi", "portatori interesse", "portatori interesse stakeholder", "portatori interesse stakeholders", "portatori interessi stakeholder", "stakeholder", "stakeholders", "stakeholder portatori interesse", "utenti", "utenza", "destinatari", "beneficiari", "portatore interesse", "utenti stakeholder", "utenti stakeholders", "utenti destinatari", "soggetti interessati", "destinatari portatori interesse", "utenti finali", "stakeholder riferimento", "utenti beneficiari", "utenza portatori interesse", "utenza portatori interessi"}},
}

// sezione is a part of the card below its heading.
type sezione int

const (
	nessuna sezione = iota
	sDescrizione
	sRisultati
	sIndicatori // the title above the table, not the table's own headings
	sCrono
	sPersone
	sCondiviso // the list of settori that share the objective
)

// sinonimiSezioni lists the section headings, as chiave writes them without years.
var sinonimiSezioni = []struct {
	sezione sezione
	nomi    []string
}{
	{sDescrizione, []string{"descrizione obiettivo", "descrizione", "descrizione sintetica", "descrizione sintetica obiettivo", "descrizione finalita", "finalita", "finalita obiettivo", "contenuto", "contenuti", "contenuto obiettivo", "descrizione dettagliata", "descrizione dettagliata obiettivo", "descrizione contenuto obiettivo", "finalita descrizione", "illustrazione obiettivo", "descrizione progetto", "descrizione estesa", "oggetto descrizione obiettivo", "descrizione estesa obiettivo", "motivazione descrizione", "descrizione obiettivo finalita"}},
	{sRisultati, []string{"risultati impatti attesi", "risultati attesi", "impatti attesi", "impatto atteso", "risultati attesi impatti", "risultati impatto attesi", "risultati impatto atteso", "risultati impatti", "risultati obiettivo", "risultati attesi impatto", "risultati attesi fine anno", "risultati benefici attesi", "benefici attesi", "esiti attesi", "risultato impatto atteso", "risultati attesi obiettivo", "impatti risultati attesi", "risultati attesi impatti attesi", "risultati attesi benefici"}},
	{sIndicatori, []string{"indicatori", "indicatori risultato", "indicatori performance", "indicatori misurazione", "indicatori obiettivo", "indicatori target", "indicatori misura", "indicatori efficacia", "indicatori valutazione", "misurazione indicatori", "tabella indicatori", "indicatori verifica", "indicatori target obiettivo", "sezione indicatori", "indicatori attesi", "indicatori risultato target"}},
	{sCrono, []string{"attivita cronoprogramma", "cronoprogramma", "cronoprogramma attivita", "crono programma", "attivita crono programma", "diagramma gantt", "gantt", "cronoprogramma fasi", "fasi cronoprogramma", "pianificazione attivita", "programmazione attivita", "cronoprogramma previsto", "cronoprogramma realizzato", "cronoprogramma ottenuto", "cronoprogramma effettivo", "fasi tempi", "fasi tempi realizzazione", "cronoprogramma azioni", "azioni cronoprogramma", "piano attivita", "fasi attivita cronoprogramma", "calendario attivita", "tempi fasi", "attivita tempi", "cronoprogramma obiettivo", "programma temporale", "attivita fasi cronoprogramma"}},
	{sPersone, []string{"risorse umane coinvolte progetto", "risorse umane coinvolte", "risorse umane", "risorse umane coinvolte obiettivo", "personale coinvolto", "personale impiegato", "personale assegnato", "personale coinvolto obiettivo", "personale coinvolto progetto", "risorse umane impiegate", "risorse umane assegnate", "dipendenti coinvolti", "personale dedicato", "risorse umane dedicate", "personale", "risorse coinvolte", "dipendenti assegnati", "risorse umane impiegate progetto", "elenco personale coinvolto", "elenco risorse umane", "dipendenti impegnati", "personale impegnato", "unita personale coinvolte", "risorse umane utilizzate", "personale interessato"}},
}

// etichetteCampi and etichetteSezioni find a label among the synonyms.
var (
	etichetteCampi = func() etichettario[campo] {
		e := nuovoEtichettario[campo]()
		for _, s := range sinonimiCampi {
			e.aggiungi(s.campo, s.nomi...)
		}
		return e
	}()
	etichetteSezioni = func() etichettario[sezione] {
		e := nuovoEtichettario[sezione]()
		for _, s := range sinonimiSezioni {
			e.aggiungi(s.sezione, s.nomi...)
		}
		return e
	}()
)

// campoDi returns the field that the label names.
func campoDi(k string) (campo, bool) {
	if k == "" || len(k) > 60 {
		return "", false
	}
	return etichetteCampi.trova(k)
}

// sezioneDi returns the section that the heading opens. The people's and the
// months' headings may go on ("PERSONALE COINVOLTO UNIONE TERRE DI PIANURA").
func sezioneDi(k string) sezione {
	if k == "" || len(k) > 160 {
		return nessuna
	}
	k = senzaAnni(k)
	if s, ok := etichetteSezioni.trova(k); ok && k != "" {
		return s
	}
	if n := strings.Count(k, " ") + 1; 3 <= n && n <= 9 {
		for fine := len(k) - 1; fine > 0; fine-- {
			if k[fine] != ' ' || !strings.Contains(k[:fine], " ") {
				continue
			}
			if s, ok := etichetteSezioni.esatte[k[:fine]]; ok && (s == sPersone || s == sCrono) {
				return s
			}
		}
	}
	if (strings.Contains(k, "condivi") || strings.Contains(k, "condivid")) && condivisoRe.MatchString(k) {
		return sCondiviso
	}
	return nessuna
}

var condivisoRe = regexp.MustCompile(`^(lo )?(stesso |medesimo |presente )?obiettivo (trasversale )?(\w+ )?(e |viene )?condivis\w* (anche )?(seguenti|altri|settor|serviz)|^settori condividono|^obiettivo trasversale condiviso|^settori servizi condividono`)

// daSolo takes the label off a text that holds label and value, "Durata: 2021": it
// returns label and value, the text itself where nothing divides it.
func daSolo(testo string) (etichetta, resto string) {
	for _, d := range []string{":", " – ", " — ", " - "} {
		if prima, dopo, ok := strings.Cut(testo, d); ok && len(prima) <= 70 {
			return prima, strings.TrimSpace(dopo)
		}
	}
	return testo, ""
}

// versoRiga says which of the two rows of an activity a row is.
type versoRiga int

const (
	rIgnota versoRiga = iota
	rPrevisto
	rOttenuto
)

// rigaDi returns which row of an activity the label names.
func rigaDi(testo string) versoRiga {
	if len(testo) > 40 {
		return rIgnota
	}
	k := senzaAnni(chiave(testo))
	if k == "" || strings.Count(k, " ") > 2 {
		return rIgnota
	}
	prima, _, _ := strings.Cut(k, " ")
	switch prima {
	case "p", "prev", "prog", "pian", "progr", "programm":
		return rPrevisto
	case "o", "r", "ott", "real", "eff", "cons", "c":
		return rOttenuto
	}
	v, _ := etichetteRighe.trova(k)
	return v
}

var etichetteRighe = func() etichettario[versoRiga] {
	e := nuovoEtichettario[versoRiga]()
	e.aggiungi(rPrevisto, "previsto", "prevista", "previsti", "previste", "previsione", "programmato", "programmata", "pianificato", "pianificata", "programmazione", "preventivo", "pianificazione", "preventivato", "tempi previsti", "tempistica prevista", "periodo previsto", "mesi previsti", "stato previsto", "mese previsto")
	e.aggiungi(rOttenuto, "ottenuto", "ottenuta", "ottenuti", "realizzato", "realizzata", "realizzati", "effettivo", "effettiva", "effettivi", "consuntivo", "attuato", "attuata", "effettuato", "conseguito", "raggiunto", "svolto", "realizzazione", "consuntivato", "tempi effettivi", "stato attuazione", "mesi ottenuti", "eseguito", "eseguita", "attuazione", "rilevato")
	return e
}()

// eseguitoDi tells whether the heading of a cronoprogramma's column asks whether
// the activity is done.
func eseguitoDi(testo string) bool {
	k := senzaAnni(chiave(testo))
	k = strings.TrimSuffix(strings.TrimSuffix(k, " si no"), " sino")
	_, ok := etichetteEseguito.trova(k)
	return ok
}

var etichetteEseguito = func() etichettario[bool] {
	e := nuovoEtichettario[bool]()
	e.aggiungi(true, "eseguito", "eseguita", "eseguiti", "concluso", "conclusa", "completato", "completata", "attivita eseguita", "attivita conclusa", "terminato", "terminata", "fatto", "attivita completata", "ultimato", "ultimata")
	return e
}()

// Which card a sentence sends the reader to: "si veda obiettivo n. 1/1".
var rinvioRe = regexp.MustCompile(`(?:si ved[ai]|vedi|vedere|vedasi|si rinvia|rinvio|si rimanda|rimando|cfr\.?|confronta|v\.|riferimento)\s+(?:anche\s+)?(?:a(?:l|ll'|lla|llo)?\s*)?(?:l'|la\s+|il\s+)?(?:scheda\s+)?(?:dell'\s*)?(?:obiettivo|ob\.?|ob\.vo|scheda)\s*(?:trasversale\s*)?(?:n\s*[.°º]*|nr\.?|num\.?|numero)?\s*:?\s*(\d+\s*/\s*\d+)`)

// rinvioIn returns the number of the objective that the text refers to, "" for none.
func rinvioIn(testo string) string {
	if !strings.Contains(testo, "/") {
		return ""
	}
	m := rinvioRe.FindStringSubmatch(piano.Normalizza(testo))
	if m == nil {
		return ""
	}
	return strings.ReplaceAll(m[1], " ", "")
}
