package table

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/crossholding/crossholding"
)

// Column is what a column of a table has.
type Column string

// These are the columns.
const (
	ColumnHolder   Column = "holder"
	ColumnIssuer   Column = "issuer"
	ColumnPercent  Column = "percent"
	ColumnShares   Column = "shares"
	ColumnFraction Column = "fraction"
	ColumnClass    Column = "class"
	ColumnDate     Column = "date"
	ColumnSource   Column = "source"
	ColumnKind     Column = "kind"   // of the holder: company, person, state, fund, trust or public, in any of the six languages
	ColumnIssued   Column = "issued" // shares of the class, or of the company
)

// These are the places of columns in columnNames.
const (
	holderColumn = iota
	issuerColumn
	percentColumn
	sharesColumn
	fractionColumn
	classColumn
	dateColumn
	sourceColumn
	kindColumn
	issuedColumn
	columns
)

var columnNames = [columns]Column{ColumnHolder, ColumnIssuer, ColumnPercent, ColumnShares, ColumnFraction, ColumnClass, ColumnDate, ColumnSource,
	ColumnKind, ColumnIssued}

// aliases are the names of columns in English, German, French, Spanish, Italian and Japanese.
var aliases = map[Column]string{
	ColumnHolder: "holder|owner|shareholder|stockholder|investor|parent|interested party|aktionär|aktionaer|aktionäre|gesellschafter|anteilseigner|anteilsinhaber|inhaber|eigentümer|" +
		"actionnaire|actionnaires|détenteur|detenteur|associé|propriétaire|accionista|titular|socio|propietario|azionista|titolare|detentore|proprietario|" +
		"株主|株主名|保有者|所有者|出資者|大株主",
	ColumnIssuer: "issuer|company|entity|subsidiary|investee|subject|gesellschaft|unternehmen|emittent|beteiligung|tochtergesellschaft|" +
		"société|societe|émetteur|emetteur|entreprise|filiale|sociedad|emisor|empresa|compañía|filial|società|societa|emittente|impresa|controllata|" +
		"会社|会社名|発行会社|発行者|出資先|被所有会社",
	ColumnPercent: "percent|percentage|pct|ownership|stake|share %|% share|ownership percentage|anteil|prozent|prozentsatz|beteiligungsquote|quote|kapitalanteil|" +
		"pourcentage|part|participation|taux de participation|porcentaje|participación|participacion|percentuale|quota|partecipazione|" +
		"割合|比率|持株比率|持分比率|出資比率|所有割合",
	ColumnShares: "shares|number of shares|shares held|no of shares|quantity|aktien|anzahl aktien|stückzahl|stück|anzahl der aktien|" +
		"actions|nombre d'actions|nombre de titres|titres|acciones|número de acciones|numero de acciones|azioni|numero di azioni|numero azioni|" +
		"株式数|持株数|所有株式数|保有株式数|株数",
	ColumnFraction: "fraction|bruchteil|fracción|fraccion|frazione|分数|持分",
	ColumnClass: "class|share class|class of shares|gattung|aktiengattung|aktienart|klasse|catégorie|categorie|classe|catégorie d'actions|" +
		"clase|clase de acciones|categoria|classe di azioni|種類|株式の種類",
	ColumnDate:   "date|as of|datum|stichtag|date d'arrêté|fecha|data|日付|基準日|年月日",
	ColumnSource: "source|quelle|fuente|fonte|出典|情報源",
	ColumnKind: "kind|type|holder kind|holder type|type of holder|owner type|shareholder type|art|typ|rechtsnatur|aktionärstyp|art des aktionärs|nature|type d'actionnaire|nature de l'actionnaire|" +
		"tipo|tipo de accionista|naturaleza|tipo di azionista|natura|種別|区分|株主区分|所有者区分",
	ColumnIssued: "issued|issued shares|shares issued|total shares|ausgegebene aktien|gesamtzahl der aktien|actions émises|acciones emitidas|azioni emesse|" +
		"発行済株式数|発行済株式総数",
}

var columnOf = func() map[string]Column {
	m := map[string]Column{}
	for c, names := range aliases {
		for name := range strings.SplitSeq(names, "|") {
			m[name] = c
		}
	}
	return m
}()

// Columns returns the names by which a column is known, in small letters, sorted. It returns
// none for a column that is not one of this package.
func Columns(c Column) []string {
	if aliases[c] == "" {
		return nil
	}
	list := strings.Split(aliases[c], "|")
	slices.Sort(list)
	return list
}

// header reads the names of the columns.
func (in *reader) header(fields []string) error {
	in.columns = slices.Repeat([]int{-1}, columns)
	for i, text := range fields {
		if !utf8.ValidString(text) {
			in.faults.Add(in.line, crossholding.ErrSyntax, "the names of columns are not UTF-8")
			return in.faults.Err()
		}
		c, ok := columnOf[headerName(text)]
		n := slices.Index(columnNames[:], c)
		switch {
		case !ok:
			in.report.Dropped.Add(in.line, "column", "the column %q is not known", text)
		case in.columns[n] >= 0:
			in.faults.Add(in.line, crossholding.ErrDuplicate, "%q is a second column of %s", text, string(c))
		default:
			in.columns[n] = i
		}
	}
	for n, c := range columnNames[:percentColumn] {
		if in.columns[n] < 0 {
			in.faults.Add(in.line, crossholding.ErrMissing, "no column has the name of a column of %ss, such as %q", string(c), string(c))
		}
	}
	if in.columns[percentColumn] < 0 && in.columns[sharesColumn] < 0 && in.columns[fractionColumn] < 0 {
		in.faults.Add(in.line, crossholding.ErrMissing, "no column has the name of a column of percentages, shares or fractions")
	}
	return in.faults.Err()
}

// headerName returns the name of a column in the form of the aliases.
func headerName(s string) string {
	s = strings.NewReplacer("_", " ", "-", " ", ".", " ", "(", " ", ")", " ", "’", "'", "％", "%").Replace(strings.ToLower(s))
	s = strings.Join(strings.Fields(s), " ")
	if s == "%" || s == "in %" {
		return "percent"
	}
	if _, ok := columnOf[s]; ok {
		return s
	}
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(s, "%"), "in "))
}
