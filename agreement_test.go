package crossholding_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// newAlliance2023 is Renault's meeting under the New Alliance Agreement: the
// votes published for 30 April 2024, and the stakes of 8 November 2023.
const newAlliance2023 = "@2024-04-30; renault FR issued=400614117 treasury=3933088; nissan JP issued=4220715112 treasury=25000000;" +
	"nissan-finance JP; trust; state; nissan>nissan-finance 100; state>renault 88775830; nissan-finance>renault 88716686;" +
	"renault>nissan 633107267; trust>nissan 1198729760 money=renault voter=neutral"

func TestCapReadings(t *testing.T) {
	caps := "; nf: cap nissan-finance in=renault max=15%; r: cap renault in=nissan max=15%"
	cases := []struct {
		reading                crossholding.CapExcess
		free, counted, percent string
	}{
		{"", "59502154", "396681029", "15.00"},
		{crossholding.CapExcessStays, "59502154", "396681029", "15.00"},
		{crossholding.CapExcessLeaves, "54346648", "362310991", "15.00"},
	}
	for _, c := range cases {
		t.Run(string(c.reading), func(t *testing.T) {
			opt := crossholding.VotingOptions{CapExcess: c.reading}
			v, err := lawAlliance(t, newAlliance2023+caps).Votes(t.Context(), opt)
			require.NoError(t, err)
			n, err := v.Of("nissan-finance", "renault")
			require.NoError(t, err)
			booktest.RequireRatio(t, "88716686", n.Exercisable)
			booktest.RequireRatio(t, c.free, n.Free)
			require.Equal(t, c.percent, n.FreeShare.Percent(2).StringFixed(2))
			require.Equal(t, []string{"nf " + n.Exercisable.Sub(n.Free).String()}, ruleNames(n))
			m, err := v.Meeting("renault")
			require.NoError(t, err)
			booktest.RequireRatio(t, c.counted, m.Counted)
			booktest.RequireRatio(t, "396681029", m.Exercisable)
			require.True(t, m.Excess.Equal(n.Exercisable.Sub(n.Free)))
			// The same wording as part of the agreement itself.
			b := lawBook(t, newAlliance2023+caps)
			for i := range b.Agreements {
				b.Agreements[i].Excess = c.reading
			}
			own, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			again, err := own.Of("nissan-finance", "renault")
			require.NoError(t, err)
			require.True(t, again.Free.Equal(n.Free))
		})
	}
}

// countCase is a book with agreements and what is then free, neutral and
// counted in x.
type countCase struct {
	name, book string
	free       map[string]string
	neutral    map[string]string
	counted    string
	excess     string
}

var countCases = []countCase{
	{"nothing agreed", "x AE; a; a>x 30", map[string]string{"a": "30", "float:x": "70"}, nil, "100", "0"},
	{"follow", "x AE; a; b; a>x 30; b>x 20; k: follow a leader=b", map[string]string{"a": "0", "b": "50"}, nil, "100", "0"},
	{"follow at one issuer", "x AE; y AE; a; b; a>x 30; b>x 20; k: follow a leader=b in=y", map[string]string{"a": "30", "b": "20"}, nil, "100", "0"},
	{"proxy to one without shares", "x AE; a; b; p; a>x 30; b>x 20; k: proxy a+b leader=p in=x", map[string]string{"a": "0", "b": "0", "p": "50"}, nil, "100", "0"},
	{
		"a line of leaders", "x AE; a; b; c; d; a>x 1; b>x 2; c>x 4; d>x 8; k: follow a leader=b; l: follow b leader=c; m: proxy c leader=d in=x",
		map[string]string{"a": "0", "b": "0", "c": "0", "d": "15"},
		nil, "100", "0",
	},
	{"what a voter casts for others goes too", "x AE; a; b; c; a>x 30 voter=b; k: follow b leader=c", map[string]string{"a": "0", "b": "0", "c": "30"}, nil, "100", "0"},
	{"the issuer never votes", "x AE; y AE; a; a>x 30; a>y 30; x>y 1; k: follow a leader=x", map[string]string{"a": "30"}, nil, "100", "0"},
	{"neutral", "x AE; a; b; a>x 30; b>x 20; k: neutral a", map[string]string{"b": "20"}, map[string]string{"a": "30"}, "70", "0"},
	{"neutral stake", "x AE; a; b; a>x 30 voter=neutral; b>x 20", map[string]string{"b": "20"}, map[string]string{"a": "30"}, "70", "0"},
	{"a neutral stake has no leader", "x AE; a; b; a>x 30 voter=neutral; b>x 20; k: follow a leader=b", map[string]string{"b": "20"}, map[string]string{"a": "30"}, "70", "0"},
	{"follow, then neutral", "x AE; a; b; a>x 30; b>x 20; k: neutral b; l: follow a leader=b", nil, map[string]string{"a": "30", "b": "20"}, "50", "0"},
	{"cap binds", "x AE; a; a>x 30; k: cap a in=x max=15%", map[string]string{"a": "15"}, nil, "100", "15"},
	{"cap at what is held", "x AE; a; a>x 15; k: cap a in=x max=15%", map[string]string{"a": "15"}, nil, "100", "0"},
	{"cap leaves the base", "x AE; a; a>x 32; k: cap a in=x max=15% excess=leaves", map[string]string{"a": "12"}, nil, "80", "20"},
	{"cap of theoretical votes", "x AE treasury=20; a; a>x 30; k: cap a in=x max=10% of=theoretical", map[string]string{"a": "10"}, nil, "80", "20"},
	{"cap of exercisable votes", "x AE treasury=20; a; a>x 30; k: cap a in=x max=10%", map[string]string{"a": "8"}, nil, "80", "22"},
	{"cap of capital", "x AE treasury=20 pref=100; a; a>x 30; k: cap a in=x max=10% of=capital", map[string]string{"a": "20"}, nil, "80", "10"},
	{"cap after the law", "x FR; y BE; a; x>y 51; y>x 20; a>x 30; k: cap a in=x max=15%", map[string]string{"a": "12", "y": "0"}, nil, "80", "18"},
	{"cap counts neutral votes in its base", "x AE; a; b; a>x 30; b>x 20 voter=neutral; k: cap a in=x max=15%", map[string]string{"a": "15"}, map[string]string{"b": "20"}, "80", "15"},
	{"cap on a leader", "x AE; a; b; a>x 30; b>x 10; k: cap b in=x max=20%; l: follow a leader=b", map[string]string{"b": "20"}, nil, "100", "20"},
	{"cap of 0", "x AE; a; a>x 30; k: cap a in=x max=0", map[string]string{"a": "0"}, nil, "100", "30"},
	{"concert capped pro rata", "x AE; a; b; a>x 30; b>x 10; k: cap a+b in=x max=20%", map[string]string{"a": "15", "b": "5"}, nil, "100", "20"},
	{"concert in whole votes", "x AE issued=1000; a; b; c; a>x 100; b>x 100; c>x 101; k: cap a+b+c in=x max=20%", map[string]string{"a": "67", "b": "66", "c": "67"}, nil, "1000", "101"},
	{"a cap in whole votes", "x AE issued=999; a; a>x 500; k: cap a in=x max=1/2", map[string]string{"a": "499"}, nil, "999", "1"},
	// L = t (R + ΣL): 20 others, 1/5 each: L = 20/5 / (1 - 2/5) = 20/3.
	{
		"two caps leave the base at once", "x AE; a; b; a>x 40; b>x 40; k: cap a in=x max=20% excess=leaves; l: cap b in=x max=20% excess=leaves",
		map[string]string{"a": "20/3", "b": "20/3"},
		nil, "100/3", "200/3",
	},
	{
		"of two leaving caps one does not bind", "x AE; a; b; a>x 70; b>x 5; k: cap a in=x max=20% excess=leaves; l: cap b in=x max=20% excess=leaves",
		map[string]string{"a": "7.5", "b": "5"},
		nil, "75/2", "125/2",
	},
	{
		"one stays, one leaves", "x AE; a; b; a>x 30; b>x 30; k: cap a in=x max=20%; l: cap b in=x max=20% excess=leaves",
		map[string]string{"a": "20", "b": "17.5"},
		nil, "175/2", "45/2",
	},
	{ // 400 of 890 votes, 44.94%
		"a cap that nobody reaches has no effect", "x CH issued=1000; p; q; p>x 510; k: cap p in=x max=45% excess=leaves; l: cap q in=x max=15% excess=leaves",
		map[string]string{"p": "400"},
		nil, "890", "110",
	},
	{ // 148 of 988 votes, 14.98%
		"a cap that one hardly reaches", "x CH issued=1000; p; q; p>x 160; q>x 10; k: cap p in=x max=15% excess=leaves; l: cap q in=x max=15% excess=leaves",
		map[string]string{"p": "148", "q": "10"},
		nil, "988", "12",
	},
	{
		"caps of everything that all reach", "x CH; a; b; a>x 80; b>x 20; k: cap a in=x max=50% excess=leaves; l: cap b in=x max=50% excess=leaves",
		map[string]string{"a": "20", "b": "20"},
		nil, "40", "60",
	},
	{
		"caps that leave no one else", "x AE; a; b; a>x 50; b>x 50; k: cap a in=x max=20% excess=leaves; l: cap b in=x max=20% excess=leaves",
		map[string]string{"a": "0", "b": "0"},
		nil, "0", "100",
	},
	{"while another is suspended", "x FR; y BE; a; x>y 51; y>x 20; a>x 30; k: cap a in=x max=15% while=y", map[string]string{"a": "12"}, nil, "80", "18"},
	{"while another is suspended: it votes", "x FR; y BE; a; x>y 40; y>x 20; a>x 30; k: cap a in=x max=15% while=y", map[string]string{"a": "30"}, nil, "100", "0"},
	{"before its time", "@2020-01-01; x AE; a; a>x 30; k: cap a in=x max=15% from=2020-01-02", map[string]string{"a": "30"}, nil, "100", "0"},
	{"first day", "@2020-01-01; x AE; a; a>x 30; k: cap a in=x max=15% from=2020-01-01", map[string]string{"a": "15"}, nil, "100", "15"},
	{"last day", "@2020-01-01; x AE; a; a>x 30; k: cap a in=x max=15% to=2020-01-01", map[string]string{"a": "15"}, nil, "100", "15"},
	{"after its time", "@2020-01-02; x AE; a; a>x 30; k: cap a in=x max=15% to=2020-01-01", map[string]string{"a": "30"}, nil, "100", "0"},
	{"undated: always", "x AE; a; a>x 30; k: cap a in=x max=15% to=2020-01-01", map[string]string{"a": "15"}, nil, "100", "15"},
	{"one after the other", "@2020-06-01; x AE; a; a>x 30; k: cap a in=x max=15% to=2020-01-01; l: cap a in=x max=20% from=2020-01-02", map[string]string{"a": "20"}, nil, "100", "10"},
	{"does not vote: concert", "x AE; a; b; a>x 30; k: concert a+b", map[string]string{"a": "30"}, nil, "100", "0"},
	{"does not vote: standstill", "x AE; a; a>x 30; k: standstill a in=x max=35%", map[string]string{"a": "30"}, nil, "100", "0"},
	{"does not vote: directors", "x AE; a; a>x 30; k: directors a in=x max=1/2", map[string]string{"a": "30"}, nil, "100", "0"},
	// Votes of stakes.
	{"double votes count from their day", "@2016-04-02; x FR; a; a>x 10 votes=2 since=2016-04-02", map[string]string{"a": "20"}, nil, "110", "0"},
	{"double votes the day before", "@2016-04-01; x FR; a; a>x 10 votes=2 since=2016-04-02", map[string]string{"a": "10"}, nil, "100", "0"},
	{"double votes in an undated book", "x FR; a; a>x 10 votes=2 since=2016-04-02", map[string]string{"a": "20"}, nil, "110", "0"},
	{"double votes suspended with their doubling", "x FR; y BE; a; x>y 51; y>x 20 votes=2; a>x 30", map[string]string{"a": "30", "y": "0"}, nil, "80", "0"},
	{"ten votes a share", "x AE votes=10 treasury=5; a; a>x 3", map[string]string{"a": "30"}, nil, "950", "0"},
	{"a class without votes", "x AE pref=50; a; a>x 3; a>x 40 class=pref", map[string]string{"a": "3"}, nil, "100", "0"},
	{"a stake without votes", "x AE; a; a>x 30 votes=0", map[string]string{"a": "0"}, nil, "70", "0"},
	{"voter and money apart", "x AE; a; b; c; a>x 30 voter=b money=c", map[string]string{"a": "0", "b": "30", "c": "0"}, nil, "100", "0"},
	{"a controlled company votes for another", "x FR; y BE; p; x>y 51; p>x 30 voter=y", map[string]string{"p": "0", "y": "0"}, nil, "70", "0"},
	{"nobody votes", "x AE; a; a>x 100 voter=neutral", nil, map[string]string{"a": "100"}, "0", "0"},
}

func TestCounts(t *testing.T) {
	for _, c := range countCases {
		t.Run(c.name, func(t *testing.T) {
			v, err := lawAlliance(t, c.book).Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			m, err := v.Meeting("x")
			require.NoError(t, err)
			booktest.RequireRatio(t, c.counted, m.Counted)
			booktest.RequireRatio(t, c.excess, m.Excess)
			for who, want := range c.free {
				n, err := v.Of(who, "x")
				require.NoError(t, err)
				require.Equal(t, want, n.Free.String(), who)
			}
			for who, want := range c.neutral {
				n, err := v.Of(who, "x")
				require.NoError(t, err)
				require.Equal(t, want, n.Neutral.String(), who)
			}
			checkSums(t, v)
		})
	}
}

// checkSums checks what every count must satisfy: the parts of each meeting
// add up, and each row's reasons account for what its holder lost.
func checkSums(t *testing.T, v *crossholding.Votes) {
	t.Helper()
	type sums struct{ theoretical, exercisable, free, neutral, percent ratio.Ratio }
	at := map[string]sums{}
	for n := range v.Rows() {
		s := at[n.Issuer]
		at[n.Issuer] = sums{
			s.theoretical.Add(n.Theoretical), s.exercisable.Add(n.Exercisable), s.free.Add(n.Free),
			s.neutral.Add(n.Neutral), s.percent.Add(n.ExercisableShare),
		}
		again, err := v.Of(n.Holder, n.Issuer)
		require.NoError(t, err)
		require.True(t, again.Free.Equal(n.Free) && again.Exercisable.Equal(n.Exercisable))
		for _, r := range n.Reasons {
			require.NotEmpty(t, r.Because())
			require.Equal(t, 1, r.Votes.Sign())
		}
	}
	for issuer, s := range at {
		m, err := v.Meeting(issuer)
		require.NoError(t, err)
		require.True(t, s.theoretical.Equal(m.Theoretical), issuer)
		require.True(t, s.exercisable.Equal(m.Exercisable), issuer)
		require.True(t, m.Theoretical.Sub(m.Treasury).Sub(m.Suspended).Equal(m.Exercisable), issuer)
		require.True(t, s.neutral.Equal(m.Neutral), issuer)
		require.True(t, s.free.Add(m.Neutral).Add(m.Excess).Equal(m.Exercisable), "%s: free %s, neutral %s, excess %s of %s", issuer, s.free, m.Neutral, m.Excess, m.Exercisable)
		if m.Exercisable.Sign() > 0 {
			booktest.RequireRatio(t, "1", s.percent)
		}
	}
}

// With pass mark t, T votes cast t for and 1-t against never move a result:
// (F+tT)/(V+T) reaches t exactly when F/V does. So a count without them is the
// count, whatever the pass mark.
func TestNeutralNeverDecides(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for range testkit.Cases(2000) {
		for_, against, neutral := rnd.Int64N(50), rnd.Int64N(50), rnd.Int64N(200)
		if for_+against == 0 {
			continue
		}
		b := lawBook(t, fmt.Sprintf("x AE issued=%d; a; b; n; a>x %d; b>x %d; n>x %d voter=neutral", for_+against+neutral, for_, against, neutral))
		v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
		require.NoError(t, err)
		m, err := v.Meeting("x")
		require.NoError(t, err)
		n, err := v.Of("a", "x")
		require.NoError(t, err)
		for _, pass := range []string{"1/2", "2/3", "3/4", "1/3", "0", "1"} {
			mark := ratio.MustParse(pass)
			with := n.Free.Add(mark.Mul(m.Neutral)).Div(m.Counted.Add(m.Neutral))
			require.Equal(t, n.FreeShare.Cmp(mark), with.Cmp(mark), "%d for, %d against, %d neutral, mark %s", for_, against, neutral, mark)
		}
	}
}

func TestBadAgreements(t *testing.T) {
	const people = "x AE; y AE; a; b; c; a>x 30; b>x 20; a>y 1;"
	cases := []struct{ name, book, want string }{
		{"two caps", "k: cap a in=x max=15%; l: cap a in=x max=20%", "a in x is capped twice: 15% (k) and 20% (l)"},
		{"two caps, one waiting", "k: cap a in=x max=15%; l: cap a in=x max=20% while=b", "a in x is capped twice"},
		{"one alone and in concert", "k: cap a in=x max=15%; l: cap a+b in=x max=20%", "a in x is capped twice"},
		{"two leaders", "k: follow a leader=b; l: follow a leader=c", "a votes as b directs (k) and as c directs (l)"},
		{"two leaders at one issuer", "k: follow a leader=b in=x; l: proxy a leader=c in=x", "a votes as b directs (k) and as c directs (l)"},
		{"two leaders, here and everywhere", "k: follow a leader=b in=x; l: proxy a leader=c", "a votes as c directs (l) and as b directs (k)"},
		{"a circle of two", "k: follow a leader=b; l: follow b leader=a", "holders that vote as one another direct: a -> b -> a"},
		{"a circle of three at one issuer", "k: follow a leader=b in=x; l: follow b leader=c in=x; m: follow c leader=a in=x", "holders that vote as one another direct: a -> b -> c -> a"},
		{"a circle of here and everywhere", "k: follow b leader=a in=x; l: follow a leader=b", "holders that vote as one another direct: a -> b -> a"},
		{"a line into a circle", "k: follow a leader=b; l: follow b leader=c; m: follow c leader=b", "holders that vote as one another direct: b -> c -> b"},
		{"own leader", "k: follow a leader=a", `"a" cannot direct its own votes`},
		{"the issuer as leader", "k: proxy a leader=x in=x", `"x" cannot vote in its own meeting`},
		{"no leader", "k: follow a", "no leader"},
		{"a leader of none", "k: neutral a leader=b", "a neutral agreement has no leader"},
		{"unknown holder", "k: neutral d", `holder "d" is neither`},
		{"unknown kind", "k: marry a", `"marry" is not a kind of agreement`},
		{"a holder twice", "k: neutral a+a", `names "a" twice`},
		{"no cap", "k: cap a in=x", "no max"},
		{"cap without issuer", "k: cap a max=15%", "no issuer"},
		{"cap over 1", "k: cap a in=x max=150%", "not within 0 and 1"},
		{"cap below 0", "k: cap a in=x max=-1%", "not within 0 and 1"},
		{"cap of what", "k: cap a in=x max=15% of=seats", `"seats" is not exercisable`},
		{"excess where", "k: cap a in=x max=15% excess=burns", `"burns" is not stays or leaves`},
		{"excess of what", "k: neutral a excess=leaves", "only a cap can have"},
		{"ends before it begins", "k: neutral a from=2020-01-02 to=2020-01-01", "before it begins"},
		{"in a party", "k: cap a in=b max=15%", `"b", which has no shares`},
		{"a standstill waits", "k: standstill a in=x max=15% while=b", "a standstill binds whatever votes are suspended"},
		{"waits for nobody", "k: cap a in=x max=15% while=d", `holder "d" is neither`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := crossholding.New(lawBook(t, people+c.book))
			var all *crossholding.InputError
			require.ErrorAs(t, err, &all)
			require.Len(t, all.Faults, 1, "%v", err)
			require.Contains(t, err.Error(), c.want)
			require.NotEmpty(t, all.Faults[0].Kind)
		})
	}
	t.Run("each is named", func(t *testing.T) {
		_, err := crossholding.New(lawBook(t, people+"k: marry a; l: cap a in=x; m: neutral d"))
		var all *crossholding.InputError
		require.ErrorAs(t, err, &all)
		require.Len(t, all.Faults, 3)
	})
	t.Run("no conflict", func(t *testing.T) {
		lawAlliance(t, people+"k: follow a leader=b in=x; l: follow a leader=c in=y; m: follow b leader=c; n: cap a in=x max=15%; o: cap a in=y max=15%")
		lawAlliance(t, people+"k: follow a leader=b; l: proxy a leader=b in=x")
		lawAlliance(t, "@2020-01-01;"+people+"k: follow a leader=b to=2019-12-31; l: follow b leader=a from=2020-01-01")
	})
}

// A cap of "1" is one per cent to some and no cap at all to others.
func TestFractionsWithoutASignAreAmbiguous(t *testing.T) {
	book := func(limit string) string {
		return `{"companies": [{"id": "x"}], "parties": [{"id": "p"}], "stakes": [{"holder": "p", "issuer": "x", "percent": 30}],
			"agreements": [{"id": "c", "kind": "cap", "holders": ["p"], "issuer": "x", "max": ` + limit + `}]}`
	}
	for _, limit := range []string{`"1"`, `1`, `"1e0"`} {
		_, err := parse(book(limit))
		require.ErrorIs(t, err, crossholding.ErrRange, limit)
		require.ErrorContains(t, err, `can be `)
		require.ErrorContains(t, err, `"100%"`)
	}
	for _, limit := range []string{`"1%"`, `"100%"`, `"1/1"`, `"1.0"`, `0.5`, `"0"`} {
		_, err := parse(book(limit))
		require.NoError(t, err, limit)
	}
}
