# shellcheck shell=bash disable=SC2154
# Builds the Debian packages of packaging/debian, and installs them over those of the
# distribution: a Debian 12 under a directory of its own, with a server that uses libwslay
# through libh2o-evloop.

suite=bookworm
tree=$work/debian/wslay-$version
debian_root=$work/debian-root
triple=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
debs=$work/debian
deb_version=$(dpkg-parsechangelog -l "$source_root/packaging/debian/changelog" -S Version)

# Shows the log of a step that fails, and ends all.
step() {
  local log=$work/$1.log
  shift
  "$@" >"$log" 2>&1 || {
    tail -n 50 "$log"
    echo "failed: $*"
    exit 1
  }
}

copy_sources() {
  rm -rf "$debs"
  mkdir -p "$tree"
  tar -C "$source_root" -c --exclude=./target --exclude=./build --exclude=./.git . | tar -C "$tree" -x
  cp -r "$tree/packaging/debian" "$tree/debian"
}

# As README.source says.
vendor_crates() (
  cd "$tree" || exit
  cargo vendor --locked >vendor.toml && mkdir -p .cargo && mv vendor.toml .cargo/config.toml
)

build_packages() (
  cd "$tree" || exit
  env -u MAKEFLAGS -u MAKELEVEL -u BUILDDIR -u CARGO_TARGET_DIR -u WSLAY_SOVERSION -u SOVERSION \
    dpkg-buildpackage -us -uc -b
)

# The distribution's packages of wslay, a library that uses it, and what building a program
# for that takes.
make_root() {
  rm -rf "$debian_root"
  mmdebstrap --mode=root --variant=apt \
    --include=libwslay1,libwslay-dev,libwslay-doc,libh2o-evloop-dev,libssl-dev,libc6-dev \
    $suite "$debian_root"
}

in_root() {
  chroot "$debian_root" "$@"
}

step copy-sources copy_sources
step vendor vendor_crates
step build-packages build_packages
step make-root make_root

test_lintian_finds_no_error() {
  lintian --allow-root --fail-on error "$debs"/*.changes
}

test_packages_have_these_files() {
  local name list
  for name in libwslay1 libwslay-dev libwslay-doc; do
    dpkg-deb --fsys-tarfile "$debs/$name"_*.deb | tar -t | grep -v '/$' |
      grep -v "/usr/share/doc/" >"$name"
  done
  expect libwslay1 "$(printf "./usr/lib/$triple/%s\n" libwslay.so.1 "libwslay.so.1.${version#*.}")" \
    "$(sort libwslay1)"
  # run.sh knows what `make install` makes.
  list=$(expected_files "lib/$triple" | sed 's|^\.|./usr|' | grep -v 'libwslay.so.1')
  expect libwslay-dev "$(grep -v /man/ <<<"$list")" "$(sort libwslay-dev)"
  expect libwslay-doc "$(grep /man/ <<<"$list" | sed 's/$/.gz/')" "$(sort libwslay-doc)"
}

# The crates that are compiled in are those that the copyright file names.
test_copyright_names_the_crates() {
  expect "the crates" \
    "$(cd "$source_root" && cargo tree --locked --edges normal --prefix none | cut -d' ' -f1 |
      sort -u | grep -v '^wslay$')" \
    "$(sed -n 's|^ vendor/\(.*\)/\*$|\1|p' "$source_root/packaging/debian/copyright")"
}

installed_versions() {
  in_root dpkg-query -W -f '${Package} ${Version} ${db:Status-Abbrev}\n' libwslay1 libwslay-dev libwslay-doc
}

# The same program before and after. LD_BIND_NOW makes the loader look for every function at
# its start.
test_h2o_server_works_over_the_upgrade() {
  compile "$source_root"/examples-c/client*.c -o client "-I$root/include" "$root/lib/libwslay.a"
  "${CC:-cc}" -std=gnu99 -Wall -Wextra -Werror --sysroot="$debian_root" \
    "$here/h2o_echoserv.c" -o h2o-echoserv -lh2o-evloop -lwslay
  install h2o-echoserv "$debian_root/usr/local/bin"
  printf '#!/bin/sh\nexec env LD_BIND_NOW=1 chroot %s h2o-echoserv "$@"\n' "$debian_root" >server
  chmod +x server
  installed_versions >before
  grep '^libwslay1 1\.1\.1-' before
  (talk_to_server)

  cp "$debs"/libwslay{1,-dev,-doc}_*.deb "$debian_root/tmp"
  dpkg --compare-versions "$deb_version" gt "$(sed -n 's/^libwslay1 \([^ ]*\).*/\1/p' before)"
  in_root sh -c 'dpkg -i /tmp/libwslay*.deb'
  installed_versions >after
  expect "what is installed" "$(printf "%s $deb_version ii \n" libwslay-dev libwslay-doc libwslay1)" \
    "$(sort after)"
  expect dpkg-audit "" "$(in_root dpkg --audit)"
  in_root apt-get check
  expect dpkg-verify "" "$(in_root dpkg --verify libwslay1 libwslay-dev libwslay-doc)"
  cmp "$debian_root/usr/lib/$triple/libwslay.so.1" <(dpkg-deb --fsys-tarfile "$debs"/libwslay1_*.deb |
    tar -xO "./usr/lib/$triple/libwslay.so.1.${version#*.}")
  # ldd -r names functions that are missing.
  in_root ldd -r "/usr/lib/$triple/libh2o-evloop.so.0.13" >libraries 2>&1
  grep 'libwslay.so.1 =>' libraries
  refused grep undefined libraries
  (talk_to_server)
  build_with_installed_package
}

# Through pkg-config, for the root and run in it.
# shellcheck disable=SC2046
build_with_installed_package() {
  export PKG_CONFIG_SYSROOT_DIR=$debian_root PKG_CONFIG_LIBDIR=$debian_root/usr/lib/$triple/pkgconfig
  expect --modversion "$version" "$(pkg-config --modversion libwslay)"
  compile --sysroot="$debian_root" "$here/echo_in_memory.c" -o "$debian_root/usr/local/bin/shared" \
    $(pkg-config --cflags --libs libwslay)
  compile --sysroot="$debian_root" -static "$here/echo_in_memory.c" \
    -o "$debian_root/usr/local/bin/static" $(pkg-config --static --cflags --libs libwslay)
  needs_libwslay "$debian_root/usr/local/bin/shared"
  in_root shared | tail -n 1 | grep -Fx 'both sides closed'
  in_root static | tail -n 1 | grep -Fx 'both sides closed'
}
