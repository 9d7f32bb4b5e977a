package importer

import (
	"regexp"
	"slices"
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
	cSenzaChiave  campo = "" // fields that the contract has no key for: passed over
)

// sinonimiCampi lists, for each field, how offices call it, as chiave writes it.
var sinonimiCampi = []struct {
	campo campo
	nomi  []string
}{
	{cTitolo, []string{"titolo", "titolo obiettivo", "denominazione", "denominazione obiettivo", "oggetto", "oggetto obiettivo", "nome obiettivo", "obiettivo titolo", "titolo scheda", "descrizione breve", "descrizione breve obiettivo", "titolo obiettivo operativo", "titolo obiettivo gestionale", "titolo sintetico", "denominazione sintetica", "titolo progetto", "nome progetto"}},
	{cSettore, []string{"settore", "settore servizio", "area", "area settore", "settore area", "servizio", "centro responsabilita", "cdr", "unita organizzativa", "struttura", "struttura organizzativa", "struttura responsabile", "ufficio", "direzione", "settore responsabile", "settore riferimento", "settore competenza", "settore capofila", "settore proponente", "settore titolare", "area organizzativa", "settore appartenenza", "settore ufficio", "servizio settore", "centro responsabilita cdr", "c r", "cdr centro responsabilita", "unita operativa", "area servizio", "servizio area", "servizio ufficio", "settore area servizio", "area settore servizio", "dipartimento", "unita organizzativa responsabile", "centro responsabilita peg", "settore servizio ufficio", "servizio responsabile", "ufficio responsabile", "servizio competente", "settore competente", "area competenza", "area appartenenza", "servizio appartenenza", "ripartizione", "unita responsabile", "struttura competente", "struttura riferimento", "direzione area", "direzione settore", "settore direzione", "denominazione settore", "nome settore", "cdr responsabile", "macrostruttura", "macro struttura", "macroarea", "macro area", "ufficio servizio", "centro costo responsabilita", "u o"}},
	{cAnno, []string{"anno", "anno riferimento", "esercizio", "anno piano", "annualita", "anno esercizio", "anno competenza", "esercizio finanziario", "periodo peg", "anni", "anno validita", "annualita riferimento", "triennio", "triennio riferimento", "anno performance"}},
	{cStrategia, []string{"strategia", "linea strategica", "linea mandato", "indirizzo strategico", "strategia mandato", "obiettivo strategico", "ambito strategico", "area strategica", "linea programmatica", "strategia riferimento", "strategie", "programma mandato", "obiettivo strategico dup", "obiettivo strategico riferimento", "linea strategica mandato", "linea strategica riferimento", "indirizzo strategico dup", "obiettivo dup", "strategia dup", "politica", "asse strategico", "asse strategico riferimento", "linee strategiche", "linee mandato", "linea programmatica mandato", "obiettivo strategico collegato", "finalita strategica", "indirizzo strategico riferimento", "area strategica riferimento", "linea indirizzo", "obiettivo mandato", "politica riferimento", "strategia linea mandato", "collegamento dup", "riferimento dup", "collegamento linea strategica", "macro obiettivo", "macroobiettivo", "ambito strategico riferimento", "riferimento piano generale sviluppo", "obiettivo valore pubblico", "piano generale sviluppo", "riferimento pgs"}},
	{cAssessore, []string{"assessore", "assessori", "assessore riferimento", "assessorato", "referente politico", "assessore referente", "amministratore", "amministratore riferimento", "assessore competente", "assessore delegato", "organo politico", "sindaco assessore", "assessore sindaco", "referente politico amministrativo", "assessorato riferimento", "assessore delega", "assessore delegato riferimento", "amministratore competente", "amministratore referente", "organo politico riferimento", "referenti politici", "sindaco", "presidente assessore", "delega assessorile", "assessori riferimento", "assessore proponente", "referente politico riferimento", "amministratore delegato", "consigliere delegato", "assessore consigliere delegato", "delegato politico", "organo indirizzo politico", "responsabile politico", "riferimento politico", "componente giunta", "ass riferimento", "assessorato competente", "assessore referente politico"}},
	{cResponsabile, []string{"dirigente responsabile", "responsabile dirigente", "responsabile", "dirigente", "responsabili interessati", "responsabile interessato", "responsabili", "dirigente responsabile settore", "posizione organizzativa", "elevata qualificazione", "referente", "responsabile titolare q", "dirigente direttore", "direttore dirigente", "direttore", "dirigente titolare", "dirigente responsabile area", "dirigente responsabile obiettivo", "responsabile settore servizio", "responsabile servizio settore", "responsabile area settore", "p o responsabile", "dirigente responsabile p o", "titolari q", "incaricato q", "incaricato elevata qualificazione", "incaricato posizione organizzativa", "responsabile obiettivo dirigente", "dirigente referente", "nome responsabile", "nominativo responsabile", "referente gestionale obiettivo", "responsabile unico", "responsabile unico procedimento", "responsabile eq", "titolare eq", "funzionario eq", "funzionario q", "dirigente eq", "rup", "funzionario responsabile", "caposettore", "capo settore", "capo area", "capo servizio", "capo ufficio", "comandante responsabile", "segretario responsabile", "segretario comunale responsabile", "direttore responsabile", "resp settore", "resp servizio", "resp area", "responsabile u o", "dirigente o responsabile", "titolare incarico q", "titolare p o q", "project manager"}},
	{cPriorita, []string{"priorita peso obiettivo %", "priorita peso obiettivo", "priorita peso", "priorita peso %", "strategicita peso", "strategicita peso obiettivo", "strategicita peso %", "peso strategicita", "peso priorita", "priorita peso relativo", "strategicita peso relativo", "priorita obiettivo peso", "peso obiettivo priorita"}},
	{cStrategicita, []string{"valore strategicita", "valore strategico", "indice strategicita", "fattore strategicita", "priorita strategicita", "strategicita priorita", "punteggio strategicita", "coefficiente strategicita", "peso strategico", "fattore priorita", "indice priorita", "grado rilevanza", "livello rilevanza", "grado importanza", "strategicita attribuita", "coefficiente priorita"}},
	{cPeso, []string{"% peso", "peso % totale settore", "peso % totale", "peso % settore", "% peso obiettivo", "valore ponderale", "peso % obiettivo settore", "peso valore %", "incidenza", "incidenza %", "coefficiente ponderazione", "peso performance", "peso performance %"}},
	{cAltriSettori, []string{"altri settori", "contributor", "contributori", "collaborazione", "collaborazioni", "altri servizi", "altri servizi settori coinvolti", "collaborazione altri settori", "trasversalita", "settori supporto", "servizi supporto", "altre unita coinvolte", "unita coinvolte", "coinvolgimento altri settori", "strutture trasversali"}},
	{cDurata, []string{"durata", "durata obiettivo", "tempi realizzazione", "tempi", "tempistica", "arco temporale", "orizzonte temporale", "periodo", "periodo riferimento", "periodo realizzazione", "durata prevista", "periodo attuazione", "tempi attuazione", "validita", "durata progetto", "durata complessiva", "durata mesi", "tempo realizzazione", "tempi previsti realizzazione", "tempi previsti", "tempi esecuzione", "periodo temporale", "durata temporale", "durata anni", "termine", "termine previsto", "scadenza", "data fine prevista", "termini realizzazione", "periodo svolgimento", "termine finale", "tempistica realizzazione", "tempistiche", "durata piano", "annuale pluriennale", "temporalita", "estensione temporale", "data prevista conclusione", "arco temporale riferimento", "arco temporale realizzazione", "durata intervento", "durata attivita", "data scadenza", "inizio fine", "data inizio fine", "data inizio data fine", "entro quando"}},
	{cSenzaChiave, []string{"missione", "missione programma", "missione bilancio", "programma bilancio", "programma", "missione dup", "programma dup", "tipologia", "tipologia obiettivo", "tipo obiettivo", "tipo", "natura obiettivo", "classificazione obiettivo", "categoria obiettivo", "centro costo", "centri costo", "codice centro costo", "dimensione performance", "area performance", "ambito performance", "ambito", "data compilazione", "data aggiornamento", "data ultimo aggiornamento", "compilato", "versione", "revisione", "performance organizzativa individuale", "tipo performance", "missione titolo", "obiettivo comune", "codice dup", "capitolo bilancio", "capitoli bilancio", "tipologia performance", "classificazione", "codice bilancio", "stato scheda", "dimensione", "dimensione valore pubblico", "valore pubblico"}},
	{cPortatori, []string{"utenti portatori interessi", "utenti portatori interesse", "portatori interessi", "portatori interesse", "portatori interesse stakeholder", "portatori interesse stakeholders", "portatori interessi stakeholder", "stakeholder", "stakeholders", "stakeholder portatori interesse", "utenti", "utenza", "destinatari", "beneficiari", "portatore interesse", "utenti stakeholder", "utenti stakeholders", "utenti destinatari", "soggetti interessati", "destinatari portatori interesse", "utenti finali", "stakeholder riferimento", "utenti beneficiari", "utenza portatori interesse", "utenza portatori interessi", "utenza riferimento", "utenti riferimento", "utenti esterni interni", "portatori interesse esterni interni", "utenza interna esterna", "destinatari obiettivo", "beneficiari finali", "destinatari finali", "stakeholder coinvolti", "stakeholders coinvolti", "portatori interesse coinvolti", "portatori interessi coinvolti", "cittadini utenti", "utenti interessati", "destinatari beneficiari", "beneficiari destinatari", "portatori interesse utenti", "portatori interessi utenti", "stakeholder utenti", "stakeholders utenti", "utenza stakeholder", "clienti", "utenza servita", "stakeholder destinatari", "target utenza", "fruitori", "chi rivolto", "categorie utenti", "destinatari intervento", "beneficiari intervento", "soggetti beneficiari", "gruppi interesse"}},
}

// incroci are the names made of a head and of what offices add to it, each with each.
var incroci = []struct {
	campo       campo
	teste, code string
}{
	{cResponsabile, "responsabile|dirigente|direttore|referente|responsabili|funzionario responsabile|titolare", "obiettivo|settore|servizio|area|procedimento|attuazione|progetto|posizione organizzativa|p o|q|elevata qualificazione|gestionale|tecnico|riferimento|competente|struttura|ufficio|direzione|peg|unita organizzativa|realizzazione|centro responsabilita|cdr|raggiungimento obiettivo|gestione|scheda"},
	{cStrategicita, "strategicita|priorita|rilevanza strategica|importanza|importanza strategica|valenza strategica|grado strategicita|livello strategicita|livello priorita|grado priorita|rilevanza", "|obiettivo|%|punteggio|0 100"},
	{cPeso, "peso|peso attribuito|peso assegnato|peso percentuale|peso ponderale|peso relativo|ponderazione|pesatura|peso ponderato", "|obiettivo|%|obiettivo %|% obiettivo|settore|settore %|totale|totale settore|totale %|0 100|obiettivo settore"},
	{cAltriSettori, "settori|servizi|uffici|strutture|aree|unita organizzative|direzioni|enti|soggetti|centri responsabilita|settori uffici|servizi uffici|settori servizi|aree servizi|uffici servizi|cdr|settori trasversali|strutture organizzative|ripartizioni|altri settori|altri servizi|altri uffici|altri strutture|altri aree|altri unita organizzative|altri direzioni|altri enti|altri soggetti|altri centri responsabilita|altri settori uffici|altri servizi uffici|altri settori servizi|altri aree servizi|altri uffici servizi|altri cdr|altri settori trasversali|altri strutture organizzative|altri ripartizioni|altre strutture|altre aree|altre unita organizzative|altre direzioni|altre enti|altre soggetti|altre centri responsabilita|altre settori uffici|altre servizi uffici|altre settori servizi|altre aree servizi|altre uffici servizi|altre cdr|altre settori trasversali|altre strutture organizzative|altre ripartizioni", "coinvolti|coinvolte|interessati|interessate|collaborazione|partecipanti|correlati|collegati|concorrenti"},
}

// nomiCampi returns every name of every field.
func nomiCampi(visita func(c campo, nome string)) {
	for _, s := range sinonimiCampi {
		for _, n := range s.nomi {
			visita(s.campo, n)
		}
	}
	for _, i := range incroci {
		for testa := range strings.SplitSeq(i.teste, "|") {
			for coda := range strings.SplitSeq(i.code, "|") {
				if n := strings.TrimSpace(testa + " " + coda); n != "soggetti interessati" && n != "soggetti interessate" {
					visita(i.campo, n)
				}
			}
		}
	}
}

// sezione is a part of the card below its heading.
type sezione uint8

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
	{sDescrizione, []string{"descrizione obiettivo", "descrizione", "descrizione sintetica", "descrizione sintetica obiettivo", "descrizione finalita", "finalita", "finalita obiettivo", "contenuto", "contenuti", "contenuto obiettivo", "descrizione dettagliata", "descrizione dettagliata obiettivo", "descrizione contenuto obiettivo", "finalita descrizione", "illustrazione obiettivo", "descrizione progetto", "descrizione estesa", "oggetto descrizione obiettivo", "descrizione estesa obiettivo", "motivazione descrizione", "descrizione obiettivo finalita", "descrizione attivita obiettivo", "descrizione generale", "descrizione generale obiettivo", "obiettivo descrizione", "motivazioni finalita", "finalita contenuti", "contenuti finalita", "breve descrizione", "breve descrizione obiettivo", "descrizione analitica", "descrizione analitica obiettivo", "finalita perseguire", "finalita generali", "descrizione scheda", "dettaglio obiettivo", "descrizione intervento", "descrizione finalita obiettivo", "scopo", "scopo obiettivo", "analisi contesto descrizione", "contesto finalita", "descrizione obiettivo operativo", "descrizione obiettivo gestionale", "testo obiettivo", "sintesi obiettivo", "relazione descrittiva", "esplicitazione obiettivo", "presentazione obiettivo", "descrizione qualitativa", "cosa vogliamo fare", "cosa si intende fare", "che cosa si intende fare", "che cosa vogliamo fare"}},
	{sRisultati, []string{"risultati impatti attesi", "risultati attesi", "impatti attesi", "impatto atteso", "risultati attesi impatti", "risultati impatto attesi", "risultati impatto atteso", "risultati impatti", "risultati obiettivo", "risultati attesi impatto", "risultati attesi fine anno", "risultati benefici attesi", "benefici attesi", "esiti attesi", "risultato impatto atteso", "risultati attesi obiettivo", "impatti risultati attesi", "risultati attesi impatti attesi", "risultati attesi benefici", "risultato atteso", "risultato impatti attesi", "risultati attesi outcome", "outcome attesi", "outcome atteso", "impatto", "impatti", "risultato finale atteso obiettivo", "risultati attesi dall obiettivo", "risultati previsti", "risultati conseguire", "risultati raggiungere", "benefici", "effetti attesi", "impatti benefici attesi", "risultati effetti attesi", "output attesi", "output attesi outcome", "risultato atteso fine anno", "risultato atteso obiettivo", "valore pubblico atteso", "impatti esterni", "risultati miglioramenti attesi", "miglioramenti attesi", "risultati attesi impatti obiettivo", "risultati impatti attesi obiettivo", "esito atteso", "valore pubblico generato"}},
	{sIndicatori, []string{"indicatori", "indicatori risultato", "indicatori performance", "indicatori misurazione", "indicatori obiettivo", "indicatori target", "indicatori misura", "indicatori efficacia", "indicatori valutazione", "misurazione indicatori", "tabella indicatori", "indicatori verifica", "indicatori target obiettivo", "sezione indicatori", "indicatori attesi", "indicatori risultato target", "indicatori obiettivo target", "indicatori valori attesi", "misurazione risultati", "indicatori quantitativi", "indicatori output", "indicatori raggiungimento obiettivo", "indicatori raggiungimento", "indicatori monitoraggio", "sistema indicatori", "indicatori quali quantitativi", "indicatori performance obiettivo", "set indicatori", "indicatori misurabilita"}},
	{sCrono, []string{"attivita cronoprogramma", "cronoprogramma", "cronoprogramma attivita", "crono programma", "attivita crono programma", "diagramma gantt", "gantt", "cronoprogramma fasi", "fasi cronoprogramma", "pianificazione attivita", "programmazione attivita", "cronoprogramma previsto", "cronoprogramma realizzato", "cronoprogramma ottenuto", "cronoprogramma effettivo", "fasi tempi", "fasi tempi realizzazione", "cronoprogramma azioni", "azioni cronoprogramma", "piano attivita", "fasi attivita cronoprogramma", "calendario attivita", "tempi fasi", "attivita tempi", "cronoprogramma obiettivo", "programma temporale", "attivita fasi cronoprogramma", "tempistica attivita", "fasi attivita tempi", "diagramma gantt attivita", "fasi realizzazione", "fasi realizzazione tempi", "fasi attuazione", "gantt attivita", "cronoprogramma attivita fasi", "cronoprogramma fasi attivita", "programma attivita", "piano azioni", "fasi operative", "fasi esecuzione", "cronogramma", "cronogramma attivita", "attivita cronogramma", "calendario fasi", "calendario", "piano operativo", "articolazione temporale", "articolazione temporale attivita", "fasi obiettivo", "fasi lavoro", "azioni tempi", "attivita previste tempi", "scansione temporale", "programmazione temporale", "programmazione temporale attivita", "pianificazione temporale", "tempificazione", "tempificazione attivita", "piano lavoro", "cronoprogramma interventi", "cronoprogramma consuntivo", "cronoprogramma effettivo attivita", "cronoprogramma attuazione", "monitoraggio attivita", "monitoraggio cronoprogramma", "stato avanzamento attivita", "stato avanzamento cronoprogramma", "fasi progetto", "fasi attivita"}},
	{sPersone, []string{"risorse umane coinvolte progetto", "risorse umane coinvolte", "risorse umane", "risorse umane coinvolte obiettivo", "personale coinvolto", "personale impiegato", "personale assegnato", "personale coinvolto obiettivo", "personale coinvolto progetto", "risorse umane impiegate", "risorse umane assegnate", "dipendenti coinvolti", "personale dedicato", "risorse umane dedicate", "personale", "risorse coinvolte", "dipendenti assegnati", "risorse umane impiegate progetto", "elenco personale coinvolto", "elenco risorse umane", "dipendenti impegnati", "personale impegnato", "unita personale coinvolte", "risorse umane utilizzate", "personale interessato", "personale partecipante", "personale partecipante obiettivo", "gruppo lavoro", "componenti gruppo lavoro", "risorse umane impegnate", "risorse umane coinvolte obiettivo quota", "personale coinvolto realizzazione obiettivo", "personale coinvolto attivita", "risorse umane coinvolte realizzazione", "dipendenti partecipanti", "risorse umane necessarie", "personale coinvolto percentuale", "risorse umane coinvolte percentuale", "unita personale", "personale struttura", "dipendenti", "risorse professionali", "dotazione personale", "collaboratori coinvolti", "dotazione umana", "partecipanti", "partecipanti obiettivo", "team progetto", "team lavoro", "gruppo progetto", "staff progetto", "staff", "risorse umane disponibili", "personale disposizione"}},
}

// etichetteCampi and etichetteSezioni find a label among the synonyms.
var (
	etichetteCampi = func() *etichettario[campo] {
		e := nuovoEtichettario[campo]()
		nomiCampi(func(c campo, nome string) { e.aggiungi(c, nome) })
		return e
	}()
	etichetteSezioni = func() *etichettario[sezione] {
		e := nuovoEtichettario[sezione]()
		for _, s := range sinonimiSezioni {
			for _, n := range s.nomi {
				e.aggiungi(s.sezione, n, senzaAnni(n))
			}
		}
		return e
	}()
)

// campoDi returns the field that the label names.
func campoDi(k string) (campo, bool) {
	if k == "" || len(k) > 60 {
		return "", false
	}
	if c, ok := etichetteCampi.trova(k); ok {
		return c, true
	}
	return aParole(k)
}

// altriSettoriAParole knows the label of the settori that take part: it names offices in the
// plural and says that they do, or that they are others.
func altriSettoriAParole(k string) bool {
	uffici, altri := false, false
	for p := range strings.FieldsSeq(k) {
		switch {
		case paroleUffici[p]:
			uffici = true
		case paroleAltri[p]:
			altri = true
		case !paroleDiUfficio[p]:
			return false
		}
	}
	return uffici && altri
}

var (
	paroleUffici    = insieme("settori servizi uffici aree strutture unita u direzioni enti cdr centri soggetti ripartizioni")
	paroleAltri     = insieme("concorrono altri altre ulteriori coinvolti coinvolte interessati interessate collaborano collaborazione collegati collegate correlati partecipanti concorrenti corresponsabili trasversali cointeressati coinvolgere")
	paroleDiUfficio = insieme("partecipazione interazioni interazione apporto eventuali operative organizzative responsabilita interni esterni comunali comune ente o che supporto")
)

// pesoAParole knows the label of a weight that says at length what it is the weight of:
// "Peso dell'obiettivo rispetto al totale del settore".
func pesoAParole(k string) (c campo, ok bool) {
	if !contiene(k, "peso", "pesatura", "ponderazione", "strategicita") {
		return c, false
	}
	for p := range strings.FieldsSeq(k) {
		switch {
		case p == "peso" || p == "pesatura" || p == "ponderazione":
			if c = cPeso; ok {
				return c, false
			}
			ok = true
		case p == "strategicita":
			if c = cStrategicita; ok {
				return c, false
			}
			ok = true
		case !paroleDiPeso[p]:
			return c, false
		}
	}
	return c, ok
}

// paroleDiPeso are the words that say what a weight is of.
var paroleDiPeso = insieme("obiettivo obiettivi settore servizio area ufficio ente piano peg pdo piao scheda totale complessivo complessivi % percentuale valore grado livello indice relativo rispetto attribuito attribuita assegnato assegnata ponderato ponderale interno ambito performance organizzativa")

// sezioneDi returns the section that the heading opens. The people's and the
// months' headings may go on ("PERSONALE COINVOLTO UNIONE TERRE DI PIANURA").
func sezioneDi(k string) sezione {
	return sezioneNuda(k, senzaAnni(k))
}

// sezioneNuda is sezioneDi for who has the key without its years, too.
func sezioneNuda(k, nuda string) sezione {
	if k == "" || len(k) > 160 {
		return nessuna
	}
	k = nuda
	if s, ok := etichetteSezioni.trova(k); ok && k != "" {
		return s
	}
	if n := strings.Count(k, " ") + 1; 3 <= n && n <= 9 {
		for fine := len(k) - 1; fine > 0; fine-- {
			if k[fine] != ' ' || !strings.Contains(k[:fine], " ") {
				continue
			}
			if s, ok := etichetteSezioni.trova(k[:fine]); ok && (s == sPersone || s == sCrono) {
				return s
			}
		}
	}
	if prima, dopo, ok := strings.Cut(k, " "); ok && parolaSimile(prima, "cronoprogramma") && !strings.Contains(dopo, " ") && rigaDi(dopo) != rIgnota {
		return sCrono // "Cronoprogramma programmato"
	}
	if strings.HasPrefix(k, "indicatori ") && strings.Count(k, " ") < 5 && !contiene(k, "target", "risultat", "valor", "unita") {
		return sIndicatori // "Indicatori di efficienza temporale"
	}
	if strings.Contains(k, "condivi") && condivisoRe.MatchString(k) {
		return sCondiviso
	}
	return sezioneAParole(k)
}

// sezioneAParole knows the headings of description and expected results that say at length
// what they hold: "Descrizione e modalità di attuazione", "Risultati che si intendono conseguire".
func sezioneAParole(k string) sezione {
	if strings.Count(k, " ") > 6 {
		return nessuna
	}
	descrive, attende := true, true
	for p := range strings.FieldsSeq(k) {
		descrive = descrive && paroleDescrizione[p]
		attende = attende && paroleRisultati[p]
	}
	switch {
	case descrive && (contiene(k, "finalita") || contiene(k, "descrizione") && contiene(k, "modalita", "contesto", "obiettivo", "motivazion", "oggetto")):
		return sDescrizione
	case attende && k != "risultato finale atteso" && (contiene(k, "outcome", "ricadut") || strings.Contains(k, " ") && contiene(k, "attes", "conseguire", "raggiungere", "ottenere", "vantagg", "benefic", "impatt")):
		return sRisultati
	}
	return nessuna
}

var (
	paroleDescrizione = insieme("descrizione finalita oggetto contenuto contenuti motivazione motivazioni modalita attuazione realizzazione contesto attivita intervento progetto obiettivo operativo gestionale strategico sintesi sintetica dettagliata estesa generale breve analitica scopo")
	paroleRisultati   = insieme("risultati risultato impatti impatto attesi atteso attesa attese outcome output prodotto prodotti esiti esito effetti benefici beneficio vantaggi vantaggio ricadute conseguire raggiungere ottenere intendono intende si che 30 31 06 12 giugno dicembre previsti finale finali obiettivo fine territorio collettivita utenza utenti cittadini imprese ente miglioramento miglioramenti")
)

var condivisoRe = regexp.MustCompile(`^(lo )?(stesso |medesimo |presente )?obiettivo (trasversale )?(\w+ )?(e |viene )?condivis\w* (anche )?(seguenti|altri|settor|serviz)|^settori condividono|^obiettivo trasversale condiviso|^settori servizi condividono`)

// lunghezzaEtichetta is the most that a label has before its value, in one text.
const lunghezzaEtichetta = 70

// daSolo takes the label off a text that holds label and value, "Durata: 2021": it
// returns label and value, the text itself where nothing divides it.
func daSolo(testo string) (etichetta, resto string) {
	inizio := testo[:min(len(testo), lunghezzaEtichetta+8)] // where it must stand: a description is long
	fine, da := -1, 0
	for _, d := range [...]string{":", " – ", " — ", " - ", " = "} {
		if i := strings.Index(inizio, d); 0 <= i && i <= lunghezzaEtichetta {
			fine, da = i, i+len(d)
			break
		}
	}
	if strings.Contains(inizio, "....") || strings.Contains(inizio, "…") || strings.Contains(inizio, "___") {
		m := puntiniRe.FindStringIndex(testo)
		switch {
		case m == nil:
		case 0 < m[0] && m[0] <= lunghezzaEtichetta && (fine < 0 || m[0] < fine):
			fine, da = m[0], m[1]
		case m[1] < len(testo) && strings.TrimSpace(testo[min(da, m[0]):m[0]]) == "":
			da = max(da, m[1]) // "Durata: ........ 2021"
		}
	}
	if fine < 0 {
		return testo, ""
	}
	return testo[:fine], strings.TrimSpace(testo[da:])
}

// puntiniRe are the dots or the line that lead from a label to its value.
var puntiniRe = regexp.MustCompile(`\s*(?:\.{4,}|…+|_{3,})\s*`)

// versoRiga says which of the two rows of an activity a row is.
type versoRiga uint8

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
	return rigaNuda(testo, senzaAnni(chiave(testo)))
}

// rigaNuda is rigaDi for who has the text's key without its years.
func rigaNuda(testo, k string) versoRiga {
	if len(testo) > 40 {
		return rIgnota
	}
	if testo == "E" {
		return rOttenuto // eseguito, effettivo
	}
	if k == "" || strings.Count(k, " ") > 2 {
		return rIgnota
	}
	switch k {
	case "p":
		return rPrevisto
	case "o", "r", "c":
		return rOttenuto
	}
	prima, _, _ := strings.Cut(k, " ")
	switch prima {
	case "prev", "prog", "pian", "progr", "programm":
		return rPrevisto
	case "ott", "real", "eff", "cons":
		return rOttenuto
	}
	v, _ := etichetteRighe.trova(k)
	return v
}

var etichetteRighe = func() *etichettario[versoRiga] {
	e := nuovoEtichettario[versoRiga]()
	e.aggiungi(rPrevisto, "previsto", "prevista", "previsti", "previste", "previsione", "programmato", "programmata", "pianificato", "pianificata", "programmazione", "preventivo", "pianificazione", "preventivato", "stimato", "stimata", "tempi previsti", "tempistica prevista", "periodo previsto", "mesi previsti", "stato previsto", "mese previsto", "atteso", "attesa", "stimato", "fare")
	e.aggiungi(rOttenuto, "ottenuto", "ottenuta", "ottenuti", "realizzato", "realizzata", "realizzati", "effettivo", "effettiva", "effettivi", "consuntivo", "attuato", "attuata", "effettuato", "conseguito", "raggiunto", "svolto", "realizzazione", "consuntivato", "tempi effettivi", "stato attuazione", "mesi ottenuti", "eseguito", "eseguita", "attuazione", "rilevato", "reale", "reali", "reale", "reali")
	return e
}()

// versoIn returns the row that one of the words of a title names, the last one.
func versoIn(t *casella) versoRiga {
	if !t.titoloLetto {
		t.titoloLetto = true
		for p := range strings.FieldsSeq(t.nuda) {
			if x := rigaDi(p); x != rIgnota && len(p) > 3 {
				t.nelTitolo = x
			}
		}
	}
	return t.nelTitolo
}

// eseguitoDi tells whether the heading of a cronoprogramma's column asks whether
// the activity is done.
func eseguitoDi(testo string) bool {
	k := senzaAnni(chiave(testo))
	nudo := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(k, " si no"), " sino"), " s n")
	if _, ok := etichetteEseguito.trova(nudo); ok {
		return true
	}
	siNo := nudo != k || siNoRe.MatchString(testo)
	return siNo && (rigaDi(nudo) == rOttenuto || nudo == "" || nudo == "si no" || contiene(nudo, "esit", "esecuzion", "complet", "conclus", "termin", "attuaz", "realizzaz", "ultimaz")) // "Attuata (SI/NO)"
}

// eseguito is eseguitoDi, asked once of a text.
func (c *casella) eseguito() bool {
	return c.chiedeEseguito.chiedi(func() bool { return eseguitoDi(c.testo) })
}

// siNoRe is what asks for a yes or a no.
var siNoRe = regexp.MustCompile(`(?i)\bs[iì]\s*[/\\-]\s*no\b|\bs\s*/\s*n\b`)

var etichetteEseguito = func() *etichettario[bool] {
	e := nuovoEtichettario[bool]()
	e.aggiungi(true, "eseguito", "eseguita", "eseguiti", "concluso", "conclusa", "completato", "completata", "attivita eseguita", "attivita conclusa", "terminato", "terminata", "fatto", "attivita completata", "ultimato", "ultimata", "eseg", "fase conclusa", "fase eseguita", "fase completata", "azione eseguita", "azione conclusa", "attivita terminata", "attivita eseguita conclusa", "conclusa eseguita", "attivita svolta")
	return e
}()

// Which card a sentence sends the reader to: "si veda obiettivo n. 1/1".
var rinvioRe = regexp.MustCompile(`(?:si ved[ai]|vedi|vedere|vedasi|si rinvia|rinvio|si rimanda|rimando|cfr\.?|confronta|v\.|riferimento)\s+(?:anche\s+)?(?:a(?:l|ll'|lla|llo)?\s*)?(?:l'|la\s+|il\s+)?(?:scheda\s+)?(?:dell'\s*)?(?:obiettivo|ob\.?|ob\.vo|scheda)\s*(?:trasversale\s*)?(?:n\s*[.°º]*|nr\.?|num\.?|numero)?\s*:?\s*(\d+\s*/\s*\d+)`)

// inizianoRinvio is what rinvioRe begins with, one of them.
var inizianoRinvio = []string{"ved", "rinvi", "rimand", "cfr", "confronta", "v.", "riferimento"}

// rinvioIn returns the number of the objective that the text refers to, "" for none.
func rinvioIn(testo string) string {
	if !strings.Contains(testo, "/") {
		return ""
	}
	s := piano.Normalizza(testo)
	if !slices.ContainsFunc(inizianoRinvio, func(p string) bool { return strings.Contains(s, p) }) {
		return "" // as most descriptions: the expression would be tried at each of their letters
	}
	m := rinvioRe.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	return strings.ReplaceAll(m[1], " ", "")
}
