package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/scadenzario/scadenzario/config"
)

func (a *app) cmdConfig() *cobra.Command {
	return gruppo("config", "The configuration file", &cobra.Command{
		Use:   "example",
		Short: "Print a configuration file with every key at its default, documented",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.out, config.Esempio())
			return err
		},
	}, &cobra.Command{
		Use:   "check",
		Short: "Say all that is wrong with the configuration, or that it is right",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if _, err := a.leggiConfig(); err != nil {
				return err
			}
			_, err := fmt.Fprintln(a.out, "the configuration is right")
			return err
		},
	})
}
