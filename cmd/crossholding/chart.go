package main

import (
	"io"

	"github.com/spf13/cobra"
)

func chartCommand() *cobra.Command {
	var from source
	var out string
	cmd := &cobra.Command{
		Use: "chart FILE", Short: "Draw who holds whom", Args: files(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := from.alliance(withProgress(cmd), cmd, args[0])
			if err != nil {
				return err
			}
			svg, err := draw(cmd.Context(), a, nil)
			if err != nil {
				return err
			}
			w, done, err := output(cmd, out)
			if err != nil {
				return err
			}
			_, err = io.WriteString(w, string(svg))
			return done(err)
		},
	}
	from.flags(cmd)
	cmd.Flags().StringVarP(&out, "output", "o", "", "`file` to write")
	return cmd
}
