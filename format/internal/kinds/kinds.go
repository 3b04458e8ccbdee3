// Package kinds says what sort of holder a party is, where a file does not say it in the words of
// a book: by a word for the kind, or by the name of the holder.
package kinds

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
)

// words are the words for kinds of holders in English, German, French, Spanish, Italian and
// Japanese, in small letters.
var words = map[crossholding.PartyKind]string{
	crossholding.KindCompany: "company|corporate|corporation|corporate body|corporate entity|legal person|legal entity|entity|institution|organisation|organization|" +
		"gesellschaft|unternehmen|firma|juristische person|kapitalgesellschaft|" +
		"société|societe|entreprise|personne morale|sociedad|empresa|persona jurídica|persona juridica|compañía|" +
		"società|societa|impresa|persona giuridica|azienda|会社|法人|企業|事業法人",
	crossholding.KindPerson: "person|individual|natural person|human|private person|private individual|natürliche person|natuerliche person|privatperson|einzelperson|" +
		"personne|personne physique|particulier|individu|persona|persona física|persona fisica|individuo|particular|privato|" +
		"個人|自然人",
	crossholding.KindState: "state|government|public body|state body|municipality|sovereign state|staat|bund|land|gemeinde|öffentliche hand|regierung|körperschaft des öffentlichen rechts|" +
		"état|etat|gouvernement|collectivité publique|organisme public|estado|gobierno|organismo público|organismo publico|administración pública|" +
		"stato|governo|ente pubblico|国|政府|地方公共団体|政府・地方公共団体",
	crossholding.KindFund: "fund|investment fund|pension fund|mutual fund|fonds|investmentfonds|pensionsfonds|fonds d'investissement|fonds de pension|" +
		"fondo|fondo de inversión|fondo de inversion|fondo de pensiones|fondo d'investimento|fondo di investimento|fondo pensione|基金|ファンド|投資信託|年金基金",
	crossholding.KindTrust: "trust|trustee|treuhand|treuhänder|treuhandverhältnis|fiducie|fideicomiso|fiduciaria|信託|受託者",
	crossholding.KindPublic: "public|float|free float|freefloat|general public|public float|streubesitz|publikum|freie aktionäre|public et divers|flottant|flottant libre|autres actionnaires|" +
		"capital flotante|flotante|público|mercato|flottante|azionariato diffuso|浮動株|一般株主|少数株主",
}

var kindOf = func() map[string]crossholding.PartyKind {
	m := map[string]crossholding.PartyKind{}
	for k, names := range words {
		for name := range strings.SplitSeq(names, "|") {
			m[name] = k
		}
	}
	return m
}()

var (
	separators = strings.NewReplacer("_", " ", "-", " ", "’", "'") // in words for kinds
	points     = strings.NewReplacer(".", "", "/", "")             // in legal forms
)

// Parse returns the kind that a word in one of six languages means, in any capitals. It returns
// false for any other word, and for "joint", which no word alone can say.
func Parse(word string) (crossholding.PartyKind, bool) {
	word = strings.Join(strings.Fields(strings.ToLower(separators.Replace(word))), " ")
	k, ok := kindOf[word]
	return k, ok
}

// public are names under which lists of shareholders have all others.
var public = names("free float|freefloat|float|public|the public|general public|public float|public shareholders|other shareholders|others|other|minority shareholders|" +
	"streubesitz|freie aktionäre|übrige aktionäre|sonstige|sonstige aktionäre|publikum|" +
	"flottant|public et divers|autres actionnaires|autres|divers|capital flotante|otros accionistas|otros|resto de accionistas|" +
	"flottante|mercato|altri azionisti|altri|浮動株|一般株主|その他|その他の株主|少数株主")

// forms are legal forms of companies at the end of a name, in small letters and without points.
var forms = names("ltd|limited|plc|llc|llp|inc|incorporated|corp|corporation|company|pte|bhd|" +
	"gmbh|kgaa|ohg|gbr|mbh|sas|sasu|sarl|eurl|snc|sca|sau|slu|spa|srl|sapa|sprl|bvba|aps|oyj|asa|aktiengesellschaft|kommanditgesellschaft|" +
	"sociedad anónima|société anonyme|kk|株式会社|有限会社|合同会社|(株)|(有)|㈱|㈲|pjsc|ojsc|ooo|sro|doo|zrt|nyrt|kft")

// short are legal forms of two letters. They count in capitals, or with points as in "s.a.".
var short = names("AG|SE|KG|UG|SA|SL|NV|BV|AB|AS|OY|LP|AD|SP|OO|SC")

// bodies are words for legal persons without shareholders, at the start or the end of a name.
var bodies = names("stiftung|foundation|stichting|fondation|fundación|fondazione")

// east are legal forms that stand before or after a name without a blank.
var east = []string{"株式会社", "有限会社", "合同会社", "(株)", "（株）", "㈱", "주식회사", "有限公司"}

func names(list string) map[string]bool {
	m := map[string]bool{}
	for name := range strings.SplitSeq(list, "|") {
		m[name] = true
	}
	return m
}

// OfName returns the kind that the name of a holder tells, and by what: a legal form, as in
// "Werk GmbH", a word such as Stiftung, which is taken as a company, or a name for all other
// shareholders, as "Streubesitz". It returns "" if the name tells nothing.
func OfName(name string) (kind crossholding.PartyKind, why string) {
	name = strings.TrimSpace(name)
	if has(public, name) {
		return crossholding.KindPublic, "a name for all other shareholders"
	}
	for _, form := range east {
		if name != form && (strings.HasPrefix(name, form) || strings.HasSuffix(name, form)) {
			return crossholding.KindCompany, "the legal form " + form
		}
	}
	first, last := strings.IndexFunc(name, isGap), strings.LastIndexFunc(name, isGap)
	if first < 0 || last == len(name)-1 {
		return "", ""
	}
	word, head := name[last+1:], strings.TrimRightFunc(name[:last], isGap)
	switch {
	case isForm(word, head):
		return crossholding.KindCompany, "the legal form " + word
	case has(bodies, word):
		return crossholding.KindCompany, "the word " + word
	case has(bodies, name[:first]):
		return crossholding.KindCompany, "the word " + name[:first]
	}
	return "", ""
}

// isGap reports whether a character is between the words of a name.
func isGap(r rune) bool { return r == ',' || unicode.IsSpace(r) }

// isForm reports whether the last word of a name is a legal form. Head is what is before it.
func isForm(word, head string) bool {
	bare := word
	if strings.ContainsAny(word, "./") {
		bare = points.Replace(word)
	}
	switch {
	case has(forms, bare), short[bare], bare != word && short[strings.ToUpper(bare)]:
		return true
	case !strings.EqualFold(bare, "co") && !strings.EqualFold(bare, "cie"):
		return false
	}
	before := strings.ToLower(head[strings.LastIndexFunc(head, isGap)+1:])
	return bare != word || before == "&" || before == "and" || before == "und" || before == "et"
}

// longest is the largest number of bytes of a text in the sets of this package.
const longest = 40

// has reports whether a set has a text in any capitals.
func has(set map[string]bool, s string) bool {
	var small [longest]byte
	if len(s) > longest {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return set[strings.ToLower(s)]
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		small[i] = c
	}
	return set[string(small[:len(s)])]
}

// Guess returns the kind of a holder of which the file states none, by its name, or else a person.
// It notes the guess under the rule "kind". A person is the kind with which an answer about
// beneficial owners shows a holder and does not leave it out.
func Guess(guessed *format.Notes, line int, id, name string) crossholding.PartyKind {
	kind, why := OfName(name)
	if kind == "" {
		kind = crossholding.KindPerson
	}
	if guessed.CountIfFull("kind") {
		return kind
	}
	if why != "" {
		why = " by " + why
	}
	guessed.Add(line, "kind", "%s: no kind is stated: it is taken as %s%s", id, article(kind), why)
	return kind
}

// article returns a kind with its article.
func article(kind crossholding.PartyKind) string {
	if kind == crossholding.KindPublic {
		return "the public"
	}
	return "a " + string(kind)
}
