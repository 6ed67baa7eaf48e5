#!/bin/sh
# The tests talk to real servers. This installs the ones that are missing (Debian, Ubuntu) when it
# may, and otherwise says what to install. Run it as often as you like.
set -eu

has() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]; }

missing=
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || has initdb || missing="$missing postgresql"
has mariadbd || missing="$missing mariadb-server"
has mariadb || missing="$missing mariadb-client"
has setpriv || missing="$missing util-linux"
# Mail goes out and comes in.
/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || missing="$missing python3-aiosmtpd"
has dovecot || missing="$missing dovecot-imapd"
# What is written for strangers is read back with tools that are not ours.
has python3 || missing="$missing python3"
has openssl || missing="$missing openssl"
# The unit of the package is judged by the program that will run it.
has systemd-analyze || missing="$missing systemd"
# Pages are opened in a real browser.
has chromium || missing="$missing chromium"
# Instructions are counted, because seconds on a shared machine prove nothing.
has valgrind || missing="$missing valgrind"
[ -z "$missing" ] && exit 0

as_root=
[ "$(id -u)" -eq 0 ] || as_root="sudo -n"
if ! has apt-get || { [ -n "$as_root" ] && ! sudo -n true 2>/dev/null; }; then
    echo "the tests need these packages, please install them:$missing" >&2
    exit 1
fi

# Debian starts what it installs; the tests start their own, so nothing else need run.
policy=/usr/sbin/policy-rc.d
made=
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
    made=1
fi
trap '[ -z "$made" ] || $as_root rm -f "$policy"' EXIT
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of words
$as_root apt-get install -y --no-install-recommends $missing >/dev/null 2>&1 || {
    $as_root apt-get update -q
    # shellcheck disable=SC2086
    $as_root apt-get install -y --no-install-recommends $missing
}
