package ocf_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/ocf"
	"github.com/crossholding/crossholding/scenario"
)

// issueRight returns an issuance of a right to shares, with fields of its own.
func issueRight(kind, id, holder, more string) string {
	return fmt.Sprintf(`{"object_type":"TX_%s_ISSUANCE","id":"i-%s","date":"2020-02-01","security_id":"%s","stakeholder_id":"%s"%s}`, kind, id, id, holder, more)
}

// endRight returns a transaction that ends a right.
func endRight(kind, id, more string) string {
	return fmt.Sprintf(`{"object_type":"TX_%s","id":"e-%s","date":"2020-06-01","security_id":"%s"%s}`, kind, id, id, more)
}

// triggers returns triggers of conversion into shares of classes.
func triggers(name string, mechanisms ...string) string {
	var list []string
	for i, m := range mechanisms {
		list = append(list, fmt.Sprintf(`{"type":"ELECTIVE_AT_WILL","trigger_id":"t%d","conversion_right":%s}`, i, m))
	}
	return fmt.Sprintf(`,"%s":[%s]`, name, strings.Join(list, ","))
}

const (
	custom = `{"type":"WARRANT_CONVERSION_RIGHT","conversion_mechanism":{"type":"CUSTOM_CONVERSION"},"converts_to_stock_class_id":"c"}`
	fixed  = `{"type":"CONVERTIBLE_CONVERSION_RIGHT","conversion_mechanism":{"type":"FIXED_AMOUNT_CONVERSION","converts_to_quantity":"500"},"converts_to_stock_class_id":"c"}`
	safe   = `{"type":"CONVERTIBLE_CONVERSION_RIGHT","conversion_mechanism":{"type":"SAFE_CONVERSION","conversion_mfn":false},"converts_to_future_round":true}`
)

func TestRights(t *testing.T) {
	for _, c := range []struct {
		name, items, rights, dropped, rules string
	}{
		{"warrant", issueRight("WARRANT", "w", "a", `,"quantity":"30","exercise_price":{"amount":"4","currency":"EUR"},"warrant_expiration_date":"2029-12-31"`+triggers("exercise_triggers", custom)),
			"w a c 30 4 EUR warrant 2029-12-31", "", "6 of 6 lines read"},
		{"warrant of an old version", issueRight("WARRANT", "w", "a", `,"quantity":"30","expiration_date":"2029-12-31","conversion_rights":[{"converts_to_stock_class_id":"d"}]`), "w a d 30 warrant 2029-12-31", "", "6 of 6 lines read"},
		{"warrant to a fixed amount", issueRight("WARRANT", "w", "a", triggers("exercise_triggers", fixed)), "w a c 500 warrant", "", "6 of 6 lines read"},
		{"convertible", issueRight("CONVERTIBLE", "k", "b", `,"convertible_type":"NOTE"`+triggers("conversion_triggers", fixed, fixed)), "k b c 500 convertible", "", "6 of 6 lines read"},
		{"safe", issueRight("CONVERTIBLE", "k", "b", triggers("conversion_triggers", safe)) + "," + endRight("CONVERTIBLE_CANCELLATION", "k", ""), "",
			"i-k: the convertible k is left out: its number of shares follows from SAFE_CONVERSION", "5 of 7 lines read; dropped: 2 right"},
		{"two classes", issueRight("CONVERTIBLE", "k", "b", triggers("conversion_triggers", fixed, strings.Replace(fixed, `"c"`, `"d"`, 1))), "", "its triggers lead to several classes", "5 of 6 lines read; dropped: 1 right"},
		{"two numbers", issueRight("CONVERTIBLE", "k", "b", triggers("conversion_triggers", fixed, strings.Replace(fixed, "500", "600", 1))), "", "its triggers lead to several numbers of shares", "5 of 6 lines read; dropped: 1 right"},
		{"future round", issueRight("WARRANT", "w", "b", `,"quantity":"3"`+triggers("exercise_triggers", strings.Replace(custom, `,"converts_to_stock_class_id":"c"`, "", 1))), "", "it names no class of shares", "5 of 6 lines read; dropped: 1 right"},
		{"estimate", issueRight("WARRANT", "w", "b", `,"quantity":"3","quantity_source":"HUMAN_ESTIMATED"`+triggers("exercise_triggers", custom)), "", "its number of shares is HUMAN_ESTIMATED", "5 of 6 lines read; dropped: 1 right"},
		{"fixed by the instrument", issueRight("WARRANT", "w", "b", `,"quantity":"3","quantity_source":"INSTRUMENT_FIXED"`+triggers("exercise_triggers", custom)), "w b c 3 warrant", "", "6 of 6 lines read"},
		{"no number", issueRight("WARRANT", "w", "b", triggers("exercise_triggers", custom)), "", "it has no number of shares", "5 of 6 lines read; dropped: 1 right"},
		{"odd triggers", issueRight("WARRANT", "w", "b", `,"quantity":"3","exercise_triggers":7`), "", "its conversion cannot be read", "5 of 6 lines read; dropped: 1 right"},
		{"option", issueRight("EQUITY_COMPENSATION", "o", "b", `,"compensation_type":"OPTION_ISO","quantity":"9","stock_class_id":"d","exercise_price":{"amount":"1.5","currency":"USD"},"expiration_date":null,"vesting_terms_id":"v"`), "o b d 9 1.5 USD option", "", "6 of 6 lines read; guessed: 1 vesting"},
		{"option of a plan", `{"object_type":"STOCK_PLAN","id":"p","plan_name":"P","stock_class_ids":["c"]},` + issueRight("PLAN_SECURITY", "o", "b", `,"quantity":"9","stock_plan_id":"p"`), "o b c 9 option", "", "7 of 7 lines read"},
		{"plan of two classes", `{"object_type":"STOCK_PLAN","id":"p","stock_class_ids":["c","d"]},` + issueRight("EQUITY_COMPENSATION", "o", "b", `,"quantity":"9","stock_plan_id":"p"`), "", `the plan "p" has 2 classes of shares`, "6 of 7 lines read; dropped: 1 right"},
		{"no plan", issueRight("EQUITY_COMPENSATION", "o", "b", `,"quantity":"9","stock_plan_id":"p"`), "", `the plan "p" is not in the files`, "5 of 6 lines read; dropped: 1 right"},
		{"unit", issueRight("EQUITY_COMPENSATION", "u", "b", `,"compensation_type":"RSU","quantity":"9","stock_class_id":"c"`) + "," + endRight("EQUITY_COMPENSATION_RELEASE", "u", `,"quantity":"4","resulting_security_ids":["s9"]`) + "," + more("s9", "b", "c", "4"), "u b c 5 option", "", "8 of 8 lines read"},
		{"appreciation right", issueRight("EQUITY_COMPENSATION", "u", "b", `,"compensation_type":"CSAR","quantity":"9","stock_class_id":"c"`), "", "a CSAR gives the rise in value", "5 of 6 lines read; dropped: 1 right"},
		{"cancellation of a part", issueRight("WARRANT", "w", "a", `,"quantity":"30"`+triggers("exercise_triggers", custom)) + "," + endRight("WARRANT_CANCELLATION", "w", `,"quantity":"10"`), "w a c 20 warrant", "", "7 of 7 lines read"},
		{"transfer", issueRight("WARRANT", "w", "a", `,"quantity":"30"`+triggers("exercise_triggers", custom)) + "," + issueRight("WARRANT", "v", "b", `,"quantity":"30"`+triggers("exercise_triggers", custom)) + "," + endRight("WARRANT_TRANSFER", "w", `,"quantity":"30","resulting_security_ids":["v"]`), "v b c 30 warrant", "", "8 of 8 lines read"},
		{"retraction", issueRight("WARRANT", "w", "a", `,"quantity":"30"`+triggers("exercise_triggers", custom)) + "," + endRight("WARRANT_RETRACTION", "w", ""), "", "", "7 of 7 lines read"},
		{"retraction after the last day", issueRight("WARRANT", "w", "a", `,"quantity":"30","expiration_date":"2020-03-01"`+triggers("exercise_triggers", custom)) + "," + endRight("WARRANT_RETRACTION", "w", ""), "", "", "7 of 7 lines read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			after, report, err := capTable(t, c.items, ocf.Options{})
			require.NoError(t, err)
			var rights []string
			for _, r := range after.Book().Rights {
				rights = append(rights, strings.Join(strings.Fields(fmt.Sprint(r.ID, " ", r.Holder, " ", r.Class, " ", r.Shares, " ", r.Price, " ", r.Kind, " ", string(r.To))), " "))
			}
			require.Equal(t, c.rights, strings.Join(rights, "; "))
			require.Equal(t, c.rules, report.String())
			if c.dropped != "" {
				require.Contains(t, report.Dropped.List[0].Text, c.dropped)
			}
		})
	}
}

// A warrant that is exercised ends, and its shares are issued at the price of their issuance.
func TestExercise(t *testing.T) {
	after, _, err := capTable(t, issued+","+issueRight("WARRANT", "w", "b", `,"quantity":"30"`+triggers("exercise_triggers", custom))+","+
		endRight("WARRANT_EXERCISE", "w", `,"trigger_id":"t0","resulting_security_ids":["s2"]`)+","+more("s2", "b", "c", "30"), ocf.Options{})
	require.NoError(t, err)
	require.Empty(t, after.Book().Rights)
	require.Len(t, after.Book().Stakes, 2)
	require.EqualValues(t, "30", after.Book().Stakes[1].Shares)
}

func TestRightFaults(t *testing.T) {
	warrant := issueRight("WARRANT", "w", "a", `,"quantity":"30"`+triggers("exercise_triggers", custom))
	for _, c := range []struct {
		items, want string
		kind        error
	}{
		{warrant + "," + warrant, `line 7: i-w: the security "w" has no id, or is issued twice`, crossholding.ErrDuplicate},
		{strings.Replace(warrant, `"a"`, `"z"`, 1), `the stakeholder "z" is not in the files`, crossholding.ErrUnknown},
		{strings.Replace(warrant, `"quantity"`, `"expiration_date":"2019-01-01","quantity"`, 1), `the right ends on "2019-01-01"`, crossholding.ErrDate},
		{endRight("WARRANT_EXERCISE", "w", ""), `the security "w" is not outstanding`, crossholding.ErrUnknown},
		{warrant + "," + endRight("WARRANT_CANCELLATION", "w", `,"quantity":"31"`), "the security w is to 30 shares, not 31", crossholding.ErrNotEnough},
		{warrant + "," + endRight("WARRANT_CANCELLATION", "w", `,"quantity":"x"`), `"x" is no positive number`, nil},
	} {
		_, _, err := capTable(t, c.items, ocf.Options{})
		require.ErrorContains(t, err, c.want)
		if c.kind != nil {
			require.ErrorIs(t, err, c.kind)
		}
		_, report, err := capTable(t, c.items, ocf.Options{DropFaults: true})
		require.NoError(t, err)
		require.Contains(t, report.String(), "fault")
	}
}

// capTable reads objects with a company of two classes and two stakeholders, and returns what
// comes of them.
func capTable(t testing.TB, items string, opt ocf.Options) (*crossholding.Alliance, format.Report, error) {
	text := `{"issuer":{"id":"x","legal_name":"X"},"items":[{"object_type":"STOCK_CLASS","id":"c","name":"c"},{"object_type":"STOCK_CLASS","id":"d","name":"d"},
		{"object_type":"STAKEHOLDER","id":"a","stakeholder_type":"INDIVIDUAL","name":{"legal_name":"A"}},{"object_type":"STAKEHOLDER","id":"b","stakeholder_type":"INDIVIDUAL","name":{"legal_name":"B"}},` + items + `]}`
	b, s, report, err := ocf.Read(context.Background(), []io.Reader{strings.NewReader(text)}, opt)
	if err != nil {
		return nil, report, err
	}
	a, err := crossholding.New(b)
	require.NoError(t, err)
	out, err := scenario.Run(context.Background(), a, s)
	require.NoError(t, err)
	return out.After, report, nil
}

// Two rights that had lapsed when they were retracted on one day.
func TestLapsedOnOneDay(t *testing.T) {
	items := ""
	for _, id := range []string{"w", "v"} {
		items += issueRight("WARRANT", id, "a", `,"quantity":"30","expiration_date":"2020-03-01"`+triggers("exercise_triggers", custom)) + "," + endRight("WARRANT_RETRACTION", id, "") + ","
	}
	after, _, err := capTable(t, items+issued, ocf.Options{})
	require.NoError(t, err)
	require.Empty(t, after.Book().Rights)
}
