package page

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// Server is a page on which moves can be tried. It keeps no state: the browser has the list of
// steps and sends all of them each time. It is safe for concurrent use.
type Server struct {
	title string
	base  *crossholding.Alliance
	draw  Draw
	mux   *http.ServeMux
}

// NewServer returns a server for the moves from an alliance.
func NewServer(title string, a *crossholding.Alliance, draw Draw) *Server {
	s := &Server{title: title, base: a, draw: draw, mux: http.NewServeMux()}
	s.mux.HandleFunc("GET /{$}", s.front)
	s.mux.HandleFunc("GET /style.css", file("style.css", "text/css; charset=utf-8"))
	s.mux.HandleFunc("GET /app.js", file("app.js", "text/javascript; charset=utf-8"))
	s.mux.HandleFunc("POST /moves", s.moves)
	return s
}

func file(name, kind string) http.HandlerFunc {
	text := asset(name)
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = io.WriteString(w, text)
	}
}

// ServeHTTP answers a request from this machine. Another site that a browser on this machine
// has open cannot use it: the name of the host must be a local one, and so must the origin.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	if !local(r.Host) || !sameOrigin(r) {
		http.Error(w, "this page is for this machine only", http.StatusForbidden)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// local reports whether a host is a name of this machine.
func local(host string) bool {
	name := host
	if n, _, err := net.SplitHostPort(host); err == nil {
		name = n
	}
	if name == "localhost" {
		return true
	}
	ip := net.ParseIP(strings.Trim(name, "[]"))
	return ip != nil && ip.IsLoopback()
}

func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host == r.Host
}

// stakeOption is a stake that can be moved.
type stakeOption struct {
	Holder string `json:"holder"`
	Issuer string `json:"issuer"`
	Class  string `json:"class"`
	Text   string `json:"text"`
	Ranges bool   `json:"ranges"` // it cannot be moved, because its class has stakes that are ranges
}

// partyOption is somebody who can get shares.
type partyOption struct{ ID, Name string }

// front writes the page.
func (s *Server) front(w http.ResponseWriter, r *http.Request) {
	state, err := s.state(r.Context(), scenario.Scenario{})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var buf bytes.Buffer
	err = templates.ExecuteTemplate(&buf, "app.html", map[string]any{
		"Title": s.title, "View": template.HTML(state.View), "Stakes": state.Stakes, "Parties": s.parties(), "Ranges": len(s.base.Banded()) > 0,
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = buf.WriteTo(w)
}

// maxBody is the largest size of a list of moves, in bytes.
const maxBody = 1 << 20

// state is the answer to a list of moves.
type state struct {
	View    string        `json:"view"` // HTML
	Stakes  []stakeOption `json:"stakes"`
	Steps   []string      `json:"steps"`   // in words
	Changes []string      `json:"changes"` // since before the moves
}

// moves answers a list of steps with what they lead to.
func (s *Server) moves(w http.ResponseWriter, r *http.Request) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		fail(w, http.StatusUnsupportedMediaType, errors.New("the moves must be JSON"))
		return
	}
	moves, err := scenario.Read(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		fail(w, http.StatusUnprocessableEntity, err)
		return
	}
	out, err := s.state(r.Context(), moves)
	if err != nil {
		fail(w, http.StatusUnprocessableEntity, err)
		return
	}
	answer(w, http.StatusOK, out)
}

func fail(w http.ResponseWriter, status int, err error) {
	answer(w, status, map[string]string{"error": err.Error()})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a browser that has gone needs no answer
}

func (s *Server) state(ctx context.Context, moves scenario.Scenario) (*state, error) {
	if n := len(moves.Steps); n > maxSteps {
		return nil, fmt.Errorf("%d moves, of at most %d: %w", n, maxSteps, crossholding.ErrTooLarge)
	}
	moves.Breaches = scenario.BreachesReport
	out, err := scenario.Run(ctx, s.base, moves)
	if err != nil {
		return nil, err
	}
	var before *crossholding.Alliance
	if len(moves.Steps) > 0 {
		before = s.base
	}
	view, err := New(ctx, out.After, before, s.draw)
	if err != nil {
		return nil, err
	}
	var html bytes.Buffer
	if err := templates.ExecuteTemplate(&html, "view", view); err != nil {
		return nil, err
	}
	a := &state{View: html.String(), Stakes: stakes(out.After), Steps: []string{}, Changes: []string{}}
	for _, r := range out.Steps {
		a.Steps = append(a.Steps, r.String())
	}
	changes, err := Sentences(ctx, s.base, out.After)
	if err != nil {
		return nil, err
	}
	a.Changes = append(a.Changes, changes...)
	crossed, err := crossings(ctx, out)
	if err != nil {
		return nil, err
	}
	for i := range out.Steps {
		a.Changes = append(a.Changes, crossed[i]...)
	}
	for _, b := range out.Breaches {
		a.Changes = append(a.Changes, "broken: "+b.String())
	}
	return a, nil
}

// stakes lists the stakes of an alliance. Those in a class of which a stake is known only as a
// range cannot be moved.
func stakes(a *crossholding.Alliance) []stakeOption {
	out := []stakeOption{}
	b := a.Book()
	issued, ranges := map[[2]string]ratio.Ratio{}, map[[2]string]bool{}
	for _, x := range a.Banded() {
		ranges[[2]string{x.Issuer, x.Class}], ranges[[2]string{x.Issuer, ""}] = true, true // a stake without a class is in the only one
	}
	for _, c := range b.Companies {
		for _, k := range c.Shares {
			n, _ := k.Issued.Ratio() // the book has checked it
			issued[[2]string{c.ID, k.Class}] = n
		}
	}
	for _, st := range b.Stakes {
		figure := st.Figure()
		if n, err := st.Shares.Ratio(); err == nil {
			if all := issued[[2]string{st.Issuer, st.Class}]; !all.IsZero() {
				figure = percent(n.Div(all))
			}
		}
		text := fmt.Sprintf("%s in %s: %s", a.Name(st.Holder), a.Name(st.Issuer), figure)
		if st.Class != "" {
			text += " of " + st.Class
		}
		fixed := ranges[[2]string{st.Issuer, st.Class}]
		if fixed {
			text += " (cannot be moved: ranges)"
		}
		out = append(out, stakeOption{st.Holder, st.Issuer, st.Class, text, fixed})
	}
	return out
}

// parties lists all who can hold shares, floats too.
func (s *Server) parties() []partyOption {
	var out []partyOption
	g := s.base.Graph()
	for node := range int32(g.Len()) {
		out = append(out, partyOption{g.ID(node), s.base.Name(g.ID(node))})
	}
	for node := range int32(g.Len()) {
		if g.HasShares(node) {
			id := crossholding.FloatOf(g.ID(node))
			out = append(out, partyOption{id, s.base.Name(id)})
		}
	}
	return out
}
