package importer

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/scadenzario/scadenzario/piano"
)

// testo is what the program says of one kind of finding. {1}, {2} are the
// arguments of NuovoRilievo: what the cell holds, names, numbers.
type testo struct {
	codice  string
	gravita piano.Gravita
	guasto  string // what is wrong
	rimedio string // what to write instead, with an example
}

// testi is every finding that the program can make, those of the contract first and
// in its order, which is also the order in which a card's findings are told.
var testi = []testo{
	{"file-illeggibile", piano.Errore, "Il file non si può leggere: {1}.", "Che cosa si può fare: {2}."},
	{"file-protetto", piano.Errore, "Il file è protetto da una password di apertura.", "Togliere la password (in Excel: File, Informazioni, Proteggi cartella di lavoro, Crittografa con password: lasciare vuoto; in LibreOffice: «Salva con nome» senza la spunta «Salva con password») e inviarlo ancora."},
	{"nessuna-scheda", piano.Errore, "Nei fogli visibili non c'è alcuna scheda di obiettivo.", "Ogni scheda si apre con una cella come «OBIETTIVO N. 1/3 – Titolo»; i fogli nascosti non vengono letti."},
	{"numero-mancante", piano.Errore, "La scheda non ha il numero dell'obiettivo.", "Scriverlo in testa alla scheda: «OBIETTIVO N. 1/3», cioè il progressivo nel settore e il progressivo nel piano."},
	{"numero-duplicato", piano.Errore, "Il numero {1} è già usato da un'altra scheda di questa cartella (foglio «{2}», cella {3}).", "Ogni scheda ha un numero suo: correggere quello sbagliato, per esempio «OBIETTIVO N. 2/4»."},
	{"titolo-mancante", piano.Errore, "L'obiettivo {1} non ha un titolo.", "Scriverlo dopo il numero o nella cella accanto: «OBIETTIVO N. 1/3 – Aggiornamento dei dati dei posteggi»."},
	{"settore-mancante", piano.Errore, "Non si capisce di quale settore è la scheda.", "Scriverlo sopra il numero dell'obiettivo, per esempio «SETTORE SUAP», o nel nome del foglio."},
	{"anno-mancante", piano.Errore, "Non si capisce a quale anno si riferisce la scheda.", "Scriverlo nell'intestazione del cronoprogramma («Attività del cronoprogramma 2021») o in quella della scheda («ANNI 2021-23»)."},
	{"peso-non-valido", piano.Errore, "Il peso «{1}» non è un numero da 0 a 100.", "Scrivere solo il numero, per esempio «Peso 80%»."},
	{"strategicita-non-valida", piano.Errore, "La strategicità «{1}» non è un numero da 0 a 100.", "Scrivere solo il numero, per esempio «Strategicità 100»."},
	{"percentuale-non-valida", piano.Errore, "La percentuale di partecipazione «{1}» non è un numero da 0 a 100.", "Scrivere per esempio «30%», oppure lasciare vuoto."},
	{"mesi-non-riconosciuti", piano.Errore, "Non si riconoscono i dodici mesi di questo cronoprogramma.", "Mettere sopra la griglia dodici colonne, una per mese, da gennaio a dicembre: «G F M A M G L A S O N D» oppure «gen feb mar …»."},
	{"segno-non-riconosciuto", piano.Errore, "In questa casella del cronoprogramma c'è «{1}», che non è un segno conosciuto o non sta sotto un mese.", "Segnare il mese con una X nella sua colonna; altrimenti lasciare la casella vuota. Le osservazioni vanno in una colonna «Note»."},
	{"eseguito-non-riconosciuto", piano.Errore, "Nella colonna ESEGUITO c'è «{1}», che non è né SI né NO.", "Scrivere SI se l'attività è conclusa, NO se non lo è, oppure lasciare vuoto."},
	{"attivita-duplicata", piano.Errore, "L'attività «{1}» compare due volte nel {2} di questa scheda (la prima è in {3}).", "Riunire le due righe oppure distinguere le descrizioni, per esempio «Monitoraggio – primo semestre»."},
	{"sezione-non-riconosciuta", piano.Avviso, "Il testo «{1}» non fa parte di alcuna sezione conosciuta della scheda e non è stato letto.", "Se è utile al piano, spostarlo sotto un'intestazione conosciuta, per esempio «DESCRIZIONE OBIETTIVO»; altrimenti può restare dov'è."},
	{"obiettivo-senza-descrizione", piano.Avviso, "L'obiettivo {1} non ha una descrizione.", "Compilare la sezione «DESCRIZIONE OBIETTIVO»: un obiettivo è specifico quando dice che cosa si farà, per chi e perché."},
	{"obiettivo-senza-indicatori", piano.Avviso, "L'obiettivo {1} non ha indicatori.", "Aggiungere almeno un indicatore con il suo target, per esempio «Posteggi verificati – numero – 690»; se vale un'altra scheda, scrivere «si veda obiettivo n. 1/1»."},
	{"obiettivo-senza-cronoprogramma", piano.Avviso, "L'obiettivo {1} non ha un cronoprogramma.", "Elencare le attività e segnare con una X i mesi previsti; se vale un'altra scheda, scrivere «si veda obiettivo n. 1/1»."},
	{"indicatore-senza-target", piano.Avviso, "L'indicatore «{1}» non ha né un target per l'anno né un risultato finale atteso.", "Scrivere il valore da raggiungere nella colonna «Target previsto anno», per esempio 12, 95% oppure «sì»."},
	{"target-meta-oltre-anno", piano.Avviso, "Il target a metà anno ({1}) supera quello dell'anno ({2}).", "Controllare i due valori: quello a metà anno è la parte da raggiungere entro il 30 giugno, per esempio 6 su 12."},
	{"attivita-senza-previsto", piano.Avviso, "L'attività «{1}» non ha alcun mese previsto.", "Segnare con una X, nella riga Previsto, i mesi in cui si svolge: l'ultimo è la sua scadenza."},
	{"ottenuto-fuori-previsto", piano.Avviso, "«{1}» è segnata come svolta in {2}, mese che non era previsto.", "Se il segno è giusto può restare; altrimenti spostare la X nel mese in cui l'attività si è svolta."},
	{"risorse-non-100", piano.Avviso, "Le percentuali di partecipazione sommano a {1} e non a 100.", "Correggere le quote in modo che la somma sia 100, per esempio 60%, 20% e 20%."},
	{"peso-settore-non-100", piano.Avviso, "I pesi degli obiettivi del settore {1} in questa cartella sommano a {2} e non a 100.", "Controllare i pesi delle schede, per esempio 40, 30 e 30; se altre schede del settore sono in un'altra cartella, la differenza è normale."},

	{"cella-in-errore", piano.Errore, "Questa cella mostra l'errore «{1}» al posto di un valore.", "Correggere la formula oppure scrivere direttamente il valore, per esempio 12."},
	{"formula-senza-valore", piano.Errore, "In questa cella c'è una formula di cui il file non contiene il risultato.", "Aprire il file con il programma di calcolo, salvarlo di nuovo e inviarlo; oppure scrivere direttamente il valore, per esempio 12."},
	{"data-non-attesa", piano.Errore, "In questa cella c'è una data ({1}), mentre l'unità di misura ({2}) vuole un numero.", "Scrivere il numero, per esempio 33%; se il programma di calcolo lo cambia in data, dare prima alla cella il formato «Testo»."},
	{"attivita-senza-descrizione", piano.Errore, "In questa riga del cronoprogramma ci sono mesi segnati, ma non è scritto di quale attività.", "Scrivere qui l'attività, per esempio «Invio dei report mensili», oppure togliere i segni."},
	{"settore-sconosciuto", piano.Errore, "Il settore «{1}» non è nell'anagrafica dell'ente.", "Scrivere uno di questi nomi: {2}. Se il nome è giusto, chiedere al SIA di aggiungerlo all'anagrafica."},
	{"numero-di-altro-settore", piano.Errore, "Il numero {1} appartiene a un obiettivo di un altro settore ({2}).", "Il secondo numero è unico in tutto l'ente: controllare nel piano quale spetta a questa scheda, per esempio «1/3»."},
	{"sessione-non-aperta", piano.Errore, "Il foglio risponde alla sessione «{1}», che non è aperta: i suoi dati sono già stati fissati.", "Tenere il foglio per la prossima sessione; per una correzione all'esito già trasmesso rivolgersi al Segretario."},
	{"modulo-misure-alterato", piano.Errore, "Nel foglio delle misure anticorruzione non si trovano più le colonne «Codice», «Stato» e «Note».", "Compilare di nuovo il foglio ricevuto in allegato senza cambiarne le intestazioni: si scrive solo nelle caselle gialle."},
	{"modulo-misure-vuoto", piano.Errore, "Nel foglio delle misure anticorruzione non è indicato lo stato di alcuna misura.", "Scegliere lo stato di ogni misura nella colonna gialla «Stato», per esempio «in corso», e consegnare di nuovo il foglio."},
	{"misura-ripetuta", piano.Errore, "La misura {1} è su più righe del foglio, con stati o note diversi (questa è la seconda).", "Lasciare una sola riga per ogni misura e consegnare di nuovo il foglio."},
	{"misura-senza-stato", piano.Avviso, "Per {1} misure su {2} non è indicato lo stato (questa è la prima).", "Scegliere dall'elenco «attuata», «in corso», «non attuata» o «non dovuta» e consegnare di nuovo il foglio."},
	{"misura-sconosciuta", piano.Avviso, "La misura {1} non è più fra quelle dell'ente: ciò che è scritto in questa riga non compare nell'esito.", "Riportarlo, se serve, nella riga della misura che l'ha sostituita: il foglio aggiornato è allegato al prossimo messaggio."},
	{"consegna-superata", piano.Errore, "Il contenuto di questo file è del {1}, più vecchio di quello già registrato per l'obiettivo {2} («{3}», consegnato il {4}).", "Aggiornare il file più recente e consegnare quello; se invece è giusto tornare indietro, chiedere al SIA di confermarlo."},
	{"variazione-non-applicata", piano.Avviso, "Il piano dell'anno è già approvato: la variazione di {1} non è stata applicata, mentre i dati di avanzamento sono stati presi.", "Per cambiare il piano occorre un atto di variazione: rivolgersi al Segretario."},

	{"foglio-mancante", piano.Errore, "Nell'anagrafica manca il foglio «{1}».", "Aggiungerlo con queste colonne nella prima riga: {2}."},
	{"colonna-mancante", piano.Errore, "Nel foglio manca la colonna «{1}».", "Aggiungerla nella riga delle intestazioni, per esempio: {2}."},
	{"nome-mancante", piano.Errore, "In questa riga manca il nome.", "Scriverlo in questa cella, per esempio «{1}», oppure svuotare la riga."},
	{"settore-duplicato", piano.Errore, "«{1}» è già il nome o l'alias di un altro settore ({2}).", "Ogni nome e ogni alias indica un settore solo: toglierlo da uno dei due."},
	{"incarico-senza-settore", piano.Errore, "L'incarico non dice di quale settore è.", "Scrivere il settore come nel foglio «Settori», per esempio «{1}»."},
	{"incarico-settore-sconosciuto", piano.Errore, "Il settore «{1}» non è nel foglio «Settori».", "Scrivere uno di questi nomi: {2}; oppure aggiungerlo al foglio «Settori»."},
	{"incarichi-sovrapposti", piano.Errore, "Negli stessi giorni il settore {1} ha già un incarico: {2}, {3}.", "Chiudere il primo incarico il giorno prima che cominci il secondo, per esempio «al 30/04/2021» e «dal 01/05/2021»."},
	{"indirizzo-non-valido", piano.Errore, "«{1}» non è un indirizzo di posta elettronica.", "Scrivere un solo indirizzo, senza nome e senza spazi, per esempio «nome.cognome@ente.example»."},
	{"data-non-valida", piano.Errore, "«{1}» non è una data.", "Scriverla come 01/05/2021."},
	{"data-mancante", piano.Errore, "L'incarico non ha il primo giorno.", "Scrivere in «dal» la data di inizio, per esempio 01/05/2021."},
	{"date-invertite", piano.Errore, "L'ultimo giorno ({1}) viene prima del primo ({2}).", "Controllare le due date: «al» è vuoto per chi è ancora in carica."},
	{"tipo-non-riconosciuto", piano.Errore, "«{1}» non è un tipo di incarico.", "Scrivere «titolare» oppure «ad interim»."},
	{"patrono-non-riconosciuto", piano.Errore, "«{1}» non è il giorno del patrono.", "Scriverlo come 29/06 oppure «29 giugno»."},
	{"segretario-mancante", piano.Avviso, "Nel foglio «Ruoli» non c'è il Segretario con il suo indirizzo.", "Aggiungere una riga con ruolo «Segretario», nome e indirizzo: riceve il riepilogo del mese e i solleciti rimasti senza risposta."},

	{"tabella-mancante", piano.Errore, "In nessun foglio visibile c'è la tabella {1}.", "Deve avere una riga di intestazioni con queste colonne, in qualunque ordine: {2}."},
	{"anno-tabella-mancante", piano.Errore, "Non si capisce a quale anno si riferisce la tabella.", "Scriverlo sopra la tabella («ANNO 2021»), nel nome del foglio o in quello del file; oppure indicarlo con --anno."},
	{"numero-non-valido", piano.Errore, "«{1}» non è il numero di un obiettivo.", "Scriverlo come nella scheda, per esempio «1/3»; se il programma di calcolo lo cambia in data, dare prima alla cella il formato «Testo»."},
	{"numero-ripetuto", piano.Errore, "Il numero {1} compare due volte nella tabella (la prima è nel {2}).", "Ogni obiettivo ha un numero suo: correggere quello sbagliato, per esempio «2/4»."},
	{"misura-senza-indicatore", piano.Avviso, "La misura «{1}» non ha un indicatore.", "Scrivere da che cosa si vedrà che è stata attuata, per esempio «Controllo di almeno il 10% delle autocertificazioni»."},
	{"riga-non-letta", piano.Avviso, "Il testo «{1}» non è una riga della tabella e non è stato letto.", "Se lo è, compilare anche le altre colonne; altrimenti può restare dov'è."},
}

// NuovoRilievo makes the finding of that code at a cell; foglio and cella are "" for
// the whole workbook. The arguments fill the places of the text, in its order
// (rilievi.go, testi); a long one is cut short. Package jobs calls it for what only
// the registry and the plan in force can tell.
func NuovoRilievo(codice, foglio, cella string, args ...any) piano.Rilievo {
	r := piano.Rilievo{Gravita: piano.Errore, Codice: codice, Foglio: foglio, Cella: cella, Messaggio: "Rilievo " + codice + "."}
	if i := ordine(codice); i < len(testi) {
		r.Gravita, r.Messaggio = testi[i].gravita, riempi(frasi[i], codice, args)
	}
	return r
}

// riempi puts the arguments into the places {1}, {2}… of a text, all at once: what a cell
// holds is not looked into for places. A place without its argument stays.
func riempi(testo, codice string, args []any) string {
	if len(args) == 0 {
		return testo
	}
	var buf [512]byte
	b := buf[:0]
	for {
		i := strings.IndexByte(testo, '{')
		if i < 0 || i+2 >= len(testo) {
			return string(append(b, testo...))
		}
		b = append(b, testo[:i]...)
		if n := int(testo[i+1]) - '1'; 0 <= n && n < min(len(args), 9) && testo[i+2] == '}' {
			s, eTesto := args[n].(string)
			if !eTesto {
				s = fmt.Sprint(args[n])
			}
			b, testo = append(b, accorcia(s, codice)...), testo[i+3:]
		} else {
			b, testo = append(b, '{'), testo[i+1:]
		}
	}
}

// accorcia cuts what a cell holds to what a sentence can quote. Lists of names are
// left whole, the reader chooses from them; and so are our own words (file.go).
func accorcia(s, codice string) string {
	const quanti = 80
	if len(s) <= quanti {
		return s
	}
	if utf8.RuneCountInString(s) <= quanti {
		return s
	}
	if !strings.Contains(codice, "sconosciuto") && codice != "file-illeggibile" {
		fine := 0
		for range quanti - 1 {
			_, n := utf8.DecodeRuneInString(s[fine:])
			fine += n
		}
		return strings.TrimSpace(s[:fine]) + "…"
	}
	return s
}

// ordine returns the place of a code in the table.
func ordine(codice string) int {
	if i, c := posti[codice]; c {
		return i
	}
	return len(testi)
}

// frasi is what each finding of the table says, as one text.
var frasi = func() []string {
	tutte := make([]string, len(testi))
	for i, t := range testi {
		tutte[i] = t.guasto + " " + t.rimedio
	}
	return tutte
}()

// posti finds a code in the table.
var posti = func() map[string]int {
	m := make(map[string]int, len(testi))
	for i, t := range testi {
		m[t.codice] = i
	}
	return m
}()
