package main

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/cmd/crossholding/internal/page"
)

// browser is a browser without a window, and the addresses that its pages asked for.
type browser struct {
	ctx context.Context

	mu    sync.Mutex
	asked []string
}

// open starts a browser, or skips the test where there is none.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	name := ""
	for _, n := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(n); err == nil {
			name = p
			break
		}
	}
	if name == "" {
		t.Skip("no Chromium is installed, so the pages are not tried in a browser (Debian: apt-get install chromium)")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(name), chromedp.NoSandbox, chromedp.WindowSize(1300, 1600))
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{ctx: ctx}
	chromedp.ListenTarget(ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.asked = append(b.asked, e.Request.URL)
		}
	})
	b.do(t, network.Enable())
	return b
}

func (b *browser) do(t *testing.T, actions ...chromedp.Action) {
	t.Helper()
	require.NoError(t, chromedp.Run(b.ctx, actions...))
}

// text returns the visible text of an element.
func (b *browser) text(t *testing.T, id string) string {
	t.Helper()
	var text string
	b.do(t, chromedp.Evaluate(`document.getElementById("`+id+`").innerText`, &text))
	return text
}

// wait waits until an element has a text.
func (b *browser) wait(t *testing.T, id, text string) {
	t.Helper()
	end := time.Now().Add(10 * time.Second)
	for !strings.Contains(b.text(t, id), text) {
		require.True(t, time.Now().Before(end), "%s says %q and never %q", id, b.text(t, id), text)
		time.Sleep(20 * time.Millisecond)
	}
}

// askedOnly fails if a page asked for anything that does not begin with a prefix.
func (b *browser) askedOnly(t *testing.T, prefix string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	require.NotEmpty(t, b.asked)
	for _, url := range b.asked {
		require.True(t, strings.HasPrefix(url, prefix) || strings.HasPrefix(url, "data:") || strings.HasPrefix(url, "blob:"), url)
	}
}

// fitsAPhone fails if a page is wider than a phone, or if its chart cannot be scrolled by keyboard.
func (b *browser) fitsAPhone(t *testing.T) {
	t.Helper()
	var over, moved float64
	b.do(t, chromedp.EmulateViewport(390, 800), chromedp.Evaluate(`document.scrollingElement.scrollWidth - innerWidth`, &over),
		chromedp.Evaluate(`document.querySelector(".chart").focus()`, nil), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight))
	require.LessOrEqual(t, over, 0.0)
	end := time.Now().Add(10 * time.Second)
	for moved == 0 {
		require.True(t, time.Now().Before(end), "the chart does not scroll")
		time.Sleep(20 * time.Millisecond)
		b.do(t, chromedp.Evaluate(`document.activeElement.scrollLeft`, &moved))
	}
}

// A report opens from a file, asks for nothing else, and its slider moves by keyboard.
func TestReportInABrowser(t *testing.T) {
	b := newBrowser(t)
	name := filepath.Join(t.TempDir(), "story.html")
	code, _, errs := try(t, "", "report", before, "--scenario", moves, "-o", name)
	require.Zero(t, code, errs)
	b.do(t, chromedp.Navigate("file://"+name), chromedp.Focus("#step"))
	require.Equal(t, "0", b.text(t, "number"))
	shown := func() string {
		var text string
		b.do(t, chromedp.Evaluate(`[...document.querySelectorAll(".state")].filter((s) => !s.hidden).map((s) => s.ariaLabel).join()`, &text))
		return text
	}
	require.Equal(t, "at first", shown())
	b.do(t, chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight))
	require.Equal(t, "2", b.text(t, "number"))
	require.Equal(t, "after step 2", shown())
	b.do(t, chromedp.KeyEvent(kb.End))
	require.Equal(t, "after step 27", shown())
	b.do(t, chromedp.KeyEvent(kb.Home))
	b.fitsAPhone(t)
	b.askedOnly(t, "file://"+name)
}

// On the page of serve a move is made, undone and refused, by keyboard alone.
func TestServeInABrowser(t *testing.T) {
	b := newBrowser(t)
	f, err := os.Open(before)
	require.NoError(t, err)
	defer f.Close()
	a, err := crossholding.ReadBook(f)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener, page.NewServer("alliance", a, draw)) }()

	site := "http://" + listener.Addr().String() + "/"
	b.do(t, chromedp.Navigate(site), chromedp.Focus("#stake"))
	type_ := func(keys ...string) {
		for _, k := range keys {
			b.do(t, chromedp.KeyEvent(k))
		}
	}
	// The stake of Renault in Nissan: its first letters, then tab through the form.
	type_("Renault SA in", kb.Tab, kb.Tab, "the float of Nissan Motor", kb.Tab)
	b.do(t, chromedp.Evaluate(`document.activeElement.select()`, nil))
	type_("35", kb.Tab, "percent that", kb.Tab, kb.Enter)
	b.wait(t, "steps", "renault passes")
	require.Contains(t, b.text(t, "changes"), "no longer suspended")
	require.Contains(t, b.text(t, "view"), "35.00%")

	// One percent more is no step down.
	b.do(t, chromedp.Focus("#amount"), chromedp.Evaluate(`document.getElementById("amount").select()`, nil))
	type_("36", kb.Enter)
	b.wait(t, "error", "which is already below 36%")
	require.Contains(t, b.text(t, "steps"), "renault passes")

	b.do(t, chromedp.Focus("#undo"))
	type_(kb.Enter)
	b.wait(t, "view", "43.40%")
	require.Empty(t, b.text(t, "steps"))
	b.fitsAPhone(t)
	b.askedOnly(t, site)
	stop()
	require.NoError(t, <-ended)
}
