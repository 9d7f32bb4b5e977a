// Package local runs a private PostgreSQL for those who have no server to point
// to: a cluster in the data folder, reached through a unix socket that nobody
// else may open, ended together with the last process that uses it.
//
// Only cmd/scadenzario and store/storetest call it. It needs the programs of the
// distribution (Debian: apt-get install --no-install-recommends postgresql) and
// Linux: it reads /proc and asks the kernel to end the server when its parent
// dies, however it dies.
//
// A folder has one server. Who finds it running uses it; so a command works beside
// the daemon, in whatever order they come and go. The server is the child of a
// guardian, this same program run again (guardia.go), which ends it when nobody
// uses it any more; chiavi.go has the locks by which that is known. Nothing here is
// configuration: the cluster's superuser is Utente, without a password, because the
// socket's folder is closed to everybody else.
//
// Start from Guardiano and Start.
package local
