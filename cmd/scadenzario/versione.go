package main

import (
	"runtime/debug"
	"strings"
)

// versione says which program this is: its release, or the commit that it was built of.
func versione() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	parti := []string{b.Main.Version}
	for _, s := range b.Settings {
		switch {
		case s.Key == "vcs.revision":
			parti = append(parti, s.Value[:min(12, len(s.Value))])
		case s.Key == "vcs.modified" && s.Value == "true":
			parti = append(parti, "modified")
		}
	}
	return strings.Join(parti, " ")
}
