package main

import (
	"context"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/crossholding/crossholding"
)

// withProgress shows a bar for each stage of long work, if the standard error is a terminal.
func withProgress(cmd *cobra.Command) context.Context {
	ctx := cmd.Context()
	f, ok := cmd.ErrOrStderr().(*os.File)
	if !ok {
		return ctx
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return ctx
	}
	return crossholding.WithProgress(ctx, bars(f))
}

// bars returns a function that draws a bar for the current stage.
func bars(w io.Writer) func(crossholding.Progress) {
	var bar *progressbar.ProgressBar
	stage := ""
	return func(p crossholding.Progress) {
		if bar == nil || p.Stage != stage {
			stage = p.Stage
			bar = progressbar.NewOptions(p.Total, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(p.Stage),
				progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100e6))
		}
		_ = bar.Set(p.Done) // a bar that cannot be drawn is no fault of the answer
	}
}
