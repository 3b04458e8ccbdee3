package page_test

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/cmd/crossholding/internal/page"
)

func server(t *testing.T) http.Handler {
	t.Helper()
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works", Name: "<Works> & \"Co\""}},
		Parties:   []crossholding.Party{{ID: "family"}, {ID: "fund"}},
		Stakes:    []crossholding.Stake{{Holder: "family", Issuer: "works", Percent: "60"}},
	})
	require.NoError(t, err)
	draw := func(context.Context, *crossholding.Alliance, *crossholding.Alliance) (template.HTML, error) {
		return "<svg></svg>", nil
	}
	return page.NewServer("works", a, draw)
}

// Stakes that cannot be moved, because figures are ranges, say so where a user meets them.
func TestRanges(t *testing.T) {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works"}, {ID: "mill"}},
		Parties:   []crossholding.Party{{ID: "family"}, {ID: "fund"}},
		Stakes: []crossholding.Stake{{Holder: "family", Issuer: "works", Percent: "60"}, {Holder: "fund", Issuer: "works", Between: "(25%,30%]"},
			{Holder: "family", Issuer: "mill", Percent: "60"}},
	})
	require.NoError(t, err)
	h := page.NewServer("works", a, func(context.Context, *crossholding.Alliance, *crossholding.Alliance) (template.HTML, error) {
		return "", nil
	})
	text := ask(h, "GET", "localhost", "/", "").Body.String()
	require.Contains(t, text, `data-issuer="works" data-class="" disabled>family in works: 60% (cannot be moved: ranges)`)
	require.Contains(t, text, `data-issuer="mill" data-class="">family in mill: 60%<`)
	require.Contains(t, text, "known only as a range cannot be moved")

	for move, want := range map[string]string{"mill": `"steps":["`, "works": "fund has (25%,30%]"} {
		w := ask(h, "POST", "localhost", "/moves", `{"steps": [{"step": "trade", "from": "family", "to": "fund", "issuer": "`+move+`", "percent": "5"}]}`, "Content-Type", "application/json")
		require.Contains(t, w.Body.String(), want)
	}
	require.NotContains(t, ask(server(t), "GET", "localhost", "/", "").Body.String(), "ranges")
}

func ask(h http.Handler, method, host, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://"+host+path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestServer(t *testing.T) {
	h := server(t)
	w := ask(h, "GET", "127.0.0.1:8080", "/", "")
	require.Equal(t, 200, w.Code)
	require.Contains(t, w.Body.String(), "&lt;Works&gt; &amp; &#34;Co&#34;")
	require.NotContains(t, w.Body.String(), "<Works>")
	require.Contains(t, w.Header().Get("Content-Security-Policy"), "default-src 'none'")
	for _, path := range []string{"/style.css", "/app.js"} {
		require.Equal(t, 200, ask(h, "GET", "localhost:1", path, "").Code)
	}
	require.Equal(t, 404, ask(h, "GET", "localhost", "/page.go", "").Code)
	require.Equal(t, 405, ask(h, "GET", "[::1]:80", "/moves", "").Code)

	sell := `{"steps": [{"step": "trade", "from": "family", "to": "fund", "issuer": "works", "down_to": "20%"}]}`
	w = ask(h, "POST", "localhost", "/moves", sell, "Content-Type", "application/json; charset=utf-8", "Origin", "http://localhost")
	require.Equal(t, 200, w.Code, w.Body)
	require.Contains(t, w.Body.String(), "loses control of")
	require.Contains(t, w.Body.String(), `"holder":"fund"`)
}

// A page of another site in the same browser must not reach the book: not under its own name,
// not from its own origin, and not by a form.
func TestServerRefuses(t *testing.T) {
	h := server(t)
	for name, w := range map[string]*httptest.ResponseRecorder{
		"name":   ask(h, "GET", "evil.example", "/", ""),
		"rebind": ask(h, "POST", "localhost.evil.example:80", "/moves", "{}", "Content-Type", "application/json"),
		"origin": ask(h, "POST", "localhost", "/moves", "{}", "Content-Type", "application/json", "Origin", "http://evil.example"),
		"null":   ask(h, "POST", "localhost", "/moves", "{}", "Content-Type", "application/json", "Origin", "null"),
	} {
		require.Equal(t, 403, w.Code, name)
	}
	require.Equal(t, 415, ask(h, "POST", "localhost", "/moves", "{}", "Content-Type", "text/plain").Code)
	for body, says := range map[string]string{
		"":             "not JSON",
		`{"steps": 1}`: "steps",
		`{"steps": [{"step": "trade", "from": "family", "to": "fund", "issuer": "works", "percent": "70"}]}`:                                        "10 too many",
		`{"steps": [` + strings.Repeat(`{"step": "advance_date", "date": "2024-01-01"},`, 100) + `{"step": "advance_date", "date": "2024-01-01"}]}`: "101 moves, of at most 100",
		`{"name": "` + strings.Repeat("x", 2<<20) + `"}`:                                                                                            "too large",
	} {
		w := ask(h, "POST", "localhost", "/moves", body, "Content-Type", "application/json")
		require.Equal(t, 422, w.Code, says)
		require.Contains(t, w.Body.String(), says)
	}
}

func TestTooManyCompanies(t *testing.T) {
	var b crossholding.Book
	for i := range 501 {
		id := fmt.Sprintf("c%d", i)
		b.Companies = append(b.Companies, crossholding.Company{ID: id})
		b.Parties = append(b.Parties, crossholding.Party{ID: "p" + id})
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "p" + id, Issuer: id, Percent: "1"})
	}
	a, err := crossholding.New(b)
	require.NoError(t, err)
	_, err = page.NewReport(t.Context(), "x", a, nil)
	require.ErrorIs(t, err, page.ErrTooLarge)
}

// A ring that nobody outside controls is not left without a word.
func TestRingsAreNamed(t *testing.T) {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "egg"}, {ID: "hen"}},
		Parties:   []crossholding.Party{{ID: "family"}},
		Stakes: []crossholding.Stake{{Holder: "egg", Issuer: "hen", Percent: "97.65"}, {Holder: "family", Issuer: "hen", Percent: "2.35"},
			{Holder: "hen", Issuer: "egg", Percent: "60"}},
	})
	require.NoError(t, err)
	v, err := page.New(t.Context(), a, nil, func(context.Context, *crossholding.Alliance, *crossholding.Alliance) (template.HTML, error) {
		return "", nil
	})
	require.NoError(t, err)
	require.Contains(t, strings.Join(v.Warnings, "\n"), "they control one another, and nobody outside controls them")
}
