package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/crossholding/crossholding/cmd/crossholding/internal/page"
)

func serveCommand() *cobra.Command {
	var from source
	var title string
	var port int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "serve FILE",
		Short: "Open a page on this machine on which moves can be tried",
		Long: `Serve shows a page on this machine only. Pick a stake, move it, and see chart, control,
thresholds crossed and values at once. Undo a move, or save the steps as a scenario file.
Interrupt the program to end it.`,
		Example: `  crossholding serve testdata/alliance/before.json
  crossholding serve persons-with-significant-control.txt --port 8080 --title "The register"`,
		Args: files(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if port < 0 || port > 65535 {
				return &usageError{fmt.Errorf("--port %d is not a port", port)}
			}
			a, err := from.banded(withProgress(cmd), cmd, args[0])
			if err != nil {
				return err
			}
			listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", fmt.Sprint(port)))
			if err != nil {
				return err
			}
			from.made.Address = fmt.Sprintf("http://%s/", listener.Addr())
			if asJSON {
				if err := from.made.tell(cmd.OutOrStdout()); err != nil {
					return errors.Join(err, listener.Close())
				}
			} else {
				fmt.Fprintln(cmd.OutOrStdout(), from.made.Address)
			}
			return serve(cmd.Context(), listener, page.NewServer(titleOf(title, args[0]), a, draw))
		},
	}
	from.flags(cmd)
	cmd.Flags().StringVar(&title, "title", "", "title of the page (default: the name of the file)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the address and what was made of the file as one JSON object")
	cmd.Flags().IntVar(&port, "port", 0, "port to listen on (default: one that is free)")
	return cmd
}

// serve answers requests until ctx is done.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		err := server.Shutdown(last)
		if errors.Is(err, context.DeadlineExceeded) {
			err = server.Close() // a browser keeps a connection that it does not use
		}
		ended <- err
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}
