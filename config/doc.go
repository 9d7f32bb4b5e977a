// Package config reads the one TOML file that configures an installation, and
// says all that is wrong with it at once, each fault with its line.
//
// Config is the list of what can be configured: each field carries its own
// documentation, which Esempio prints as a commented file and a test reads back.
// No file at all is a working default. Secrets come from the environment or from
// a file of their own, never from the TOML. Paths in the file are relative to the
// file's own folder. Only cmd calls this package; it imports nothing of ours.
package config
