#!/bin/sh
# Makes a Debian package of a program that was built:
#   cargo build --release && scripts/debian-package.sh target/release/upheld upheld.deb
# It holds the program, a systemd unit that may do little, the account it runs as, and its papers.
set -eu

[ $# -eq 2 ] || { echo "usage: $0 PROGRAM PACKAGE.deb" >&2; exit 2; }
program=$1
package=$2
here=$(cd "$(dirname "$0")/.." && pwd)
command -v dpkg-deb >/dev/null || { echo "this needs dpkg-deb, which every Debian has" >&2; exit 2; }
[ -x "$program" ] || { echo "there is no program at \`$program\`: build it with \`cargo build --release\`" >&2; exit 2; }
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$here/Cargo.toml" | head -1)
# The oldest C library that has everything the program asks for.
libc=$(grep -ao 'GLIBC_2\.[0-9]*' "$program" | sort -uV | tail -1 | cut -d_ -f2)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
from=$here/packaging/debian
put() { install -D -m "$1" "$2" "$root/$3"; }
put 755 "$program" usr/bin/upheld
if command -v strip >/dev/null; then strip "$root/usr/bin/upheld"; fi
put 644 "$from/upheld.service" usr/lib/systemd/system/upheld.service
put 644 "$from/upheld.sysusers" usr/lib/sysusers.d/upheld.conf
put 644 "$from/upheld.tmpfiles" usr/lib/tmpfiles.d/upheld.conf
put 644 "$here/README.md" usr/share/doc/upheld/README.md
put 644 "$here/CHANGELOG.md" usr/share/doc/upheld/changelog
put 644 "$here/LICENSE" usr/share/doc/upheld/copyright
install -d "$root/DEBIAN"
for script in postinst prerm postrm; do install -m 755 "$from/$script" "$root/DEBIAN/$script"; done
cat > "$root/DEBIAN/control" <<CONTROL
Package: upheld
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: Upheld maintainers <maintainers@upheld.example>
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Depends: libc6 (>= ${libc:-2.36}), libgcc-s1
Recommends: ca-certificates
Section: admin
Priority: optional
Description: Makes each promise of a privacy notice true in running systems, and proves it
 Ties the sentences of a published privacy notice to controls on the systems that hold
 the data; answers access and erasure requests in every one of them; destroys what has
 reached its end; and keeps a log of evidence that anybody can verify offline.
CONTROL
dpkg-deb --root-owner-group -Zzstd -z9 --build "$root" "$package" >/dev/null
echo "$package: upheld $version, $(du -h "$package" | cut -f1)"
