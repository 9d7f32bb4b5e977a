#!/bin/sh
# Installs what the build and the tests need and Debian has: PostgreSQL (the
# server's programs; no cluster is made), gcc for `go test -race`, and Dovecot, the
# IMAP server that the test of the witness mailbox starts for itself (no service is
# started). With the word demo: PostgreSQL alone. Says nothing where nothing is missing;
# names the command where it may not install.
set -eu

cluster_conf=/etc/postgresql-common/createcluster.conf

has_postgres() {
	command -v postgres >/dev/null 2>&1 && command -v initdb >/dev/null 2>&1 && return 0
	for dir in /usr/lib/postgresql/*/bin; do
		[ -x "$dir/postgres" ] && [ -x "$dir/initdb" ] && return 0
	done
	return 1
}

if ! command -v go >/dev/null 2>&1; then
	wanted=$(awk '$1 == "go" { print $2 }' "$(dirname "$0")/../go.mod")
	echo "Go $wanted or newer is needed: see https://go.dev/doc/install" >&2
	exit 1
fi

packages=
has_postgres || packages="postgresql"
dovecot=
if [ "${1:-}" != demo ]; then
	command -v gcc >/dev/null 2>&1 || packages="$packages gcc libc6-dev"
	command -v dovecot >/dev/null 2>&1 || [ -x /usr/sbin/dovecot ] || dovecot=dovecot-imapd
fi
packages="$packages $dovecot"
[ -n "${packages# }" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
	echo "missing on this machine; please run:" >&2
	echo "  sudo apt-get update && sudo apt-get install --no-install-recommends $packages" >&2
	exit 1
fi

# Without this Debian starts a cluster of its own, which nobody here uses. A
# file that an administrator wrote stays as it is.
if [ ! -e "$cluster_conf" ]; then
	mkdir -p "$(dirname "$cluster_conf")"
	echo 'create_main_cluster = false' >"$cluster_conf"
fi
# Dovecot must not run as a service of the machine, now or after a restart.
policy=/usr/sbin/policy-rc.d
if [ -n "$dovecot" ] && [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
	trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086  # a list of packages
apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold $packages
if [ -n "$dovecot" ] && [ -d /run/systemd/system ]; then
	systemctl disable -q dovecot.service dovecot.socket 2>/dev/null || true
fi
has_postgres || { echo "PostgreSQL was installed and cannot be found" >&2; exit 1; }
