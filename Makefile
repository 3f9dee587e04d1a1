# Builds, checks and installs libwslay. `make help` lists the targets; the usual
# variables (PREFIX, LIBDIR, INCLUDEDIR, DESTDIR, SOVERSION, CC, ...) are below.

# make splits names at spaces.
$(if $(word 2,$(CURDIR)),$(error The path of this directory has a space in it: $(CURDIR)))

PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
PKGCONFIGDIR ?= $(LIBDIR)/pkgconfig
CMAKEDIR ?= $(LIBDIR)/cmake/wslay
MANDIR ?= $(PREFIX)/share/man
DESTDIR ?=

CARGO ?= cargo
CARGO_FLAGS ?= --locked
INSTALL ?= install
STRIP ?= strip
BUILDDIR ?= build
export CARGO_TARGET_DIR ?= target
PORT ?= 9000

# The number in the SONAME. Debian's packages of wslay have 1, upstream's own
# build has 0: programs find the library only by the one they were linked with.
SOVERSION ?= $(if $(wildcard /etc/debian_version),1,0)
export WSLAY_SOVERSION := $(SOVERSION)

VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
DESCRIPTION := $(shell sed -n 's/^description = "\(.*\)"/\1/p' Cargo.toml)
MINOR_PATCH := $(shell sed -n 's/^version = "[0-9]*\.\(.*\)"/\1/p' Cargo.toml)
# What a program linked with libwslay.a needs beside it: libc, and libdl where libc
# does not have dlsym (glibc before 2.34).
LIBS_PRIVATE := -lc -ldl

SONAME := libwslay.so.$(SOVERSION)
REALNAME := $(SONAME).$(MINOR_PATCH)
HEADERS := $(addprefix include/wslay/,wslay.h wslayver.h wslayx.h)
CMAKE_FILES := wslay-config.cmake wslay-config-version.cmake
# A page of section 3 is installed under the name of each function that it describes.
MAN3 := $(sort $(notdir $(wildcard man/*.3)) $(addsuffix .3,$(shell sed -n 's/^\.Fo //p' man/*.3)))
MAN7 := $(notdir $(wildcard man/*.7))

# Absolute, because other Makefiles run in other directories.
BUILD := $(abspath $(BUILDDIR))
# A build for another machine has a place of its own.
OUT := $(BUILD)/lib$(if $(CARGO_BUILD_TARGET),/$(CARGO_BUILD_TARGET))
RELEASE := $(CARGO_TARGET_DIR)/$(if $(CARGO_BUILD_TARGET),$(CARGO_BUILD_TARGET)/)release
RUST_SOURCES := Cargo.toml $(wildcard Cargo.lock) build.rs $(shell find src -name '*.rs')

.PHONY: all lib examples metadata run chat
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

all: lib examples metadata

lib: $(OUT)/$(REALNAME) $(OUT)/libwslay.a
	@ln -sf $(REALNAME) $(OUT)/$(SONAME)
	@ln -sf $(SONAME) $(OUT)/libwslay.so

# One cargo run makes both libraries; the copy in OUT carries the SONAME in its
# name, so that another SOVERSION is built anew; it is a new file, since programs may be
# running with the old one. Naming the crate types leaves out
# the rlib, beside which cargo would not do link-time optimisation.
$(OUT)/$(REALNAME): $(RUST_SOURCES)
	$(CARGO) rustc --release --lib --crate-type cdylib,staticlib $(CARGO_FLAGS)
	@mkdir -p $(OUT)
	$(INSTALL) -m 755 $(RELEASE)/libwslay.so $@

$(OUT)/libwslay.a: $(OUT)/$(REALNAME)
	cp $(RELEASE)/libwslay.a $@

examples: lib
	$(MAKE) -C examples-c BUILDDIR=$(BUILD)/examples CPPFLAGS='-I$(CURDIR)/include' \
	  LDFLAGS='-L$(OUT) -Wl,-rpath,$(OUT)' LDLIBS=-lwslay

# The paths in libwslay.pc follow ${prefix} where they lie under it.
SUBSTITUTE = sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' \
	-e 's|@DESCRIPTION@|$(DESCRIPTION)|' -e 's|@LIBS_PRIVATE@|$(LIBS_PRIVATE)|'
metadata:
	@mkdir -p $(BUILD)/metadata
	$(SUBSTITUTE) -e 's|@LIBDIR@|$(LIBDIR:$(PREFIX)/%=$${prefix}/%)|' \
	  -e 's|@INCLUDEDIR@|$(INCLUDEDIR:$(PREFIX)/%=$${prefix}/%)|' \
	  packaging/libwslay.pc.in >$(BUILD)/metadata/libwslay.pc
	sed 's|@INCLUDEDIR@|$(INCLUDEDIR)|' packaging/wslay-config.cmake \
	  >$(BUILD)/metadata/wslay-config.cmake
	cp packaging/wslay-config-version.cmake $(BUILD)/metadata/

run: examples
	@echo 'Echo server on port $(PORT), until Ctrl-C. To talk to it:'
	@echo '  $(BUILDDIR)/examples/client localhost $(PORT)'
	@echo 'or, in the console of a browser:'
	@echo '  w = new WebSocket("ws://localhost:$(PORT)"); w.onmessage = e => console.log(e.data);'
	@echo '  w.onopen = () => w.send("hello")'
	@echo 'A chat for the browser, with this library in between: make chat'
	@exec $(BUILD)/examples/fork-echoserv $(PORT)

CHAT_PORT ?= $(if $(filter file default,$(origin PORT)),9001,$(PORT))
chat: examples
	@echo 'Open http://localhost:$(CHAT_PORT)/ in two tabs of a browser; Ctrl-C ends the chat.'
	@exec $(BUILD)/examples/chat $(CHAT_PORT)

.PHONY: install install-man install-strip uninstall clean help

install: lib metadata install-man
	$(INSTALL) -d '$(DESTDIR)$(LIBDIR)' '$(DESTDIR)$(INCLUDEDIR)/wslay' \
	  '$(DESTDIR)$(PKGCONFIGDIR)' '$(DESTDIR)$(CMAKEDIR)'
	$(INSTALL) -m 755 $(OUT)/$(REALNAME) '$(DESTDIR)$(LIBDIR)'
	ln -sf $(REALNAME) '$(DESTDIR)$(LIBDIR)/$(SONAME)'
	ln -sf $(SONAME) '$(DESTDIR)$(LIBDIR)/libwslay.so'
	$(INSTALL) -m 644 $(OUT)/libwslay.a '$(DESTDIR)$(LIBDIR)'
	$(INSTALL) -m 644 $(HEADERS) '$(DESTDIR)$(INCLUDEDIR)/wslay'
	$(INSTALL) -m 644 $(BUILD)/metadata/libwslay.pc '$(DESTDIR)$(PKGCONFIGDIR)'
	$(INSTALL) -m 644 $(CMAKE_FILES:%=$(BUILD)/metadata/%) '$(DESTDIR)$(CMAKEDIR)'

install-man:
	$(INSTALL) -d '$(DESTDIR)$(MANDIR)/man3' '$(DESTDIR)$(MANDIR)/man7'
	$(INSTALL) -m 644 man/*.3 '$(DESTDIR)$(MANDIR)/man3'
	$(INSTALL) -m 644 man/*.7 '$(DESTDIR)$(MANDIR)/man7'
	@for page in man/*.3; do \
	  for name in $$(sed -n 's/^\.Fo //p' $$page); do \
	    [ -e man/$$name.3 ] || ln -sf $${page#man/} '$(DESTDIR)$(MANDIR)/man3'/$$name.3; \
	  done; \
	done

install-strip: install
	$(STRIP) --strip-unneeded '$(DESTDIR)$(LIBDIR)/$(REALNAME)'
	$(STRIP) --strip-debug '$(DESTDIR)$(LIBDIR)/libwslay.a'

uninstall:
	rm -f $(patsubst %,'$(DESTDIR)$(LIBDIR)/%',$(REALNAME) $(SONAME) libwslay.so libwslay.a) \
	  $(patsubst include/%,'$(DESTDIR)$(INCLUDEDIR)/%',$(HEADERS)) \
	  '$(DESTDIR)$(PKGCONFIGDIR)/libwslay.pc' \
	  $(patsubst %,'$(DESTDIR)$(CMAKEDIR)/%',$(CMAKE_FILES)) \
	  $(patsubst %,'$(DESTDIR)$(MANDIR)/man3/%',$(MAN3)) \
	  $(patsubst %,'$(DESTDIR)$(MANDIR)/man7/%',$(MAN7))
	-rmdir '$(DESTDIR)$(INCLUDEDIR)/wslay' '$(DESTDIR)$(CMAKEDIR)'

clean:
	rm -rf $(BUILDDIR)
	$(CARGO) clean -p wslay

help:
	@sed -n 's/^## //p' Makefile checks.mk bench/bench.mk

## make                 the library (build/lib), the examples, the pkg-config and CMake files
## make run             the echo server on PORT (9000)
## make chat            a chat for the browser on PORT (9001)
## make install         under DESTDIR and PREFIX (/usr/local); LIBDIR, INCLUDEDIR, MANDIR, SOVERSION
## make install-strip   the same, without symbols that linking does not need
## make uninstall       removes what install put there
## make clean           removes build/ and what cargo built

include checks.mk
include bench/bench.mk
