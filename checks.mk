# The test targets. Each check-* runs on its own; `make check` runs the everyday
# ones, and `make check-all`, which CI runs, the slow ones too.

## make headers         writes include/wslay/*.h anew from the Rust sources
## make check           installs the test tools, runs all checks below, prints a table
## make check-all       the same and the slow checks
CHECKS := check-rust check-rules check-c check-header check-headers check-symbols check-abi \
  check-no-panic check-nomem check-stack check-install check-man check-packaged check-oracle check-interop \
  check-docs
SLOW_CHECKS := lint check-no-panic-planted autobahn check-instructions check-loopback diff diff-planted check-hostile check-valgrind \
  check-asan check-tsan fuzz fuzz-planted check-asan-examples check-chat check-cargo-c check-deb mutants check-miri

.PHONY: check check-all test-tools headers $(CHECKS) $(SLOW_CHECKS)

check: test-tools
	+@MAKE='$(MAKE)' BUILDDIR=$(BUILD) scripts/run-checks.sh $(CHECKS)

check-all: test-tools
	+@MAKE='$(MAKE)' BUILDDIR=$(BUILD) scripts/run-checks.sh $(CHECKS) $(SLOW_CHECKS)

test-tools:
	@scripts/install-test-tools.sh

headers:
	scripts/headers.sh

## make check-rust      cargo test
check-rust:
	$(CARGO) test $(CARGO_FLAGS) --features std

# The distribution's C wslay, to compare with.
PACKAGED := $(BUILD)/packaged
$(PACKAGED)/include/wslay/wslay.h:
	scripts/fetch-packaged-wslay.sh $(PACKAGED)

C_TEST_VARIABLES = CPPFLAGS='-I$(CURDIR)/include' LIBWSLAY_SO=$(OUT)/libwslay.so \
  LIBWSLAY_A=$(OUT)/libwslay.a

## make check-c         the C tests, against the shared and the static library
check-c: lib
	$(MAKE) -C capi-tests check BUILDDIR=$(BUILD)/capi-tests $(C_TEST_VARIABLES)

## make check-rules     that each rule of the contract is named by a test
check-rules:
	capi-tests/check-rules.sh

## make check-header    the headers in C and C++, and against packaged wslay's
HEADER_TEST_ARGUMENTS = $(CURDIR)/include $(PACKAGED)/include $(BUILD)/header-tests
check-header: $(PACKAGED)/include/wslay/wslay.h
	capi-tests/header/check-header.sh $(HEADER_TEST_ARGUMENTS)
	capi-tests/header/test-check-header.sh $(HEADER_TEST_ARGUMENTS)

## make check-headers   that include/ is what the Rust sources generate
check-headers:
	scripts/headers.sh --check

## make check-symbols   what the libraries export
check-symbols: lib
	capi-tests/check-symbols.sh $(OUT)/libwslay.so $(SONAME)
	capi-tests/check-symbols.sh $(OUT)/libwslay.a
	capi-tests/check-symbols.sh --self-test
	sed -n 's/^ \(.*\)@Base .*/\1/p' packaging/debian/libwslay1.symbols | \
	  diff -u --label packaging/debian/libwslay1.symbols - capi-tests/symbols.txt

## make check-nomem     sessions in which memory runs out, at every allocation
check-nomem: lib
	$(MAKE) -C capi-tests/nomem check BUILDDIR=$(BUILD)/nomem-tests $(C_TEST_VARIABLES)

## make check-stack     that no call goes deeper than 24 KiB on the stack
check-stack: lib
	$(MAKE) -C capi-tests/stack check BUILDDIR=$(BUILD)/stack-tests $(C_TEST_VARIABLES)

## make check-no-panic  that nothing in the library can panic or abort
## make check-no-panic-planted  (slow) that panics put into a copy of it are found
check-no-panic: lib
	scripts/check-no-panic.sh $(OUT)/libwslay.so

check-no-panic-planted:
	scripts/check-no-panic.sh --self-test

## make check-abi       symbols and types, by abidiff against the packaged wslay
CHECK_ABI_ARGUMENTS = $(PACKAGED) $(OUT)/libwslay.so include
check-abi: lib $(PACKAGED)/include/wslay/wslay.h
	scripts/check-abi.sh $(CHECK_ABI_ARGUMENTS)
	scripts/check-abi.sh --self-test $(CHECK_ABI_ARGUMENTS)

## make check-install   make install, then programs built through pkg-config, CMake and Meson
check-install: lib
	+MAKE='$(MAKE)' BUILDDIR=$(BUILD) install-tests/run.sh $(BUILD)/install-tests layout pkg_config cmake meson servers

## make check-man       the manual pages, against the headers and the library
check-man: lib
	scripts/check-man.sh $(OUT) $(BUILD)/man-tests
	scripts/check-man.sh --self-test $(OUT) $(BUILD)/man-tests

## make check-packaged  programs built with the distribution's wslay run on this one
check-packaged: lib $(PACKAGED)/include/wslay/wslay.h
	+MAKE='$(MAKE)' BUILDDIR=$(BUILD) PACKAGED=$(PACKAGED) install-tests/run.sh $(BUILD)/packaged-tests packaged

## make check-oracle    that the C tests hold for the distribution's wslay too
check-oracle: $(PACKAGED)/include/wslay/wslay.h
	$(MAKE) -C capi-tests oracle BUILDDIR=$(BUILD)/capi-tests ORACLE_SO=$(PACKAGED)/lib/libwslay.so \
	  ORACLE_INCLUDE=$(PACKAGED)/include $(C_TEST_VARIABLES)

## make check-interop   the examples against other WebSocket implementations
check-interop: examples
	BUILDDIR=$(BUILD) interop/run.sh pytest node

## make check-docs      what the documents name, the tutorial's programs, migrating.md's commands
check-docs: examples $(PACKAGED)/include/wslay/wslay.h
	+MAKE='$(MAKE)' CLIENT=$(BUILD)/examples/client PACKAGED=$(PACKAGED) \
	  docs-tests/run.sh $(BUILD)/docs-tests $(CURDIR)/include $(OUT)

## make check-chat      (slow) the chat in Chromium
check-chat: examples
	BUILDDIR=$(BUILD) interop/run.sh browser

## make check-asan-examples  (slow) the examples under ASan, LSan and UBSan
ASAN_EXAMPLES = $(BUILD)/examples-asan
check-asan-examples: lib
	$(MAKE) -C examples-c BUILDDIR=$(ASAN_EXAMPLES) CPPFLAGS='-I$(CURDIR)/include' \
	  CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all' \
	  LDFLAGS='-L$(OUT) -Wl,-rpath,$(OUT)' LDLIBS=-lwslay
	EXAMPLES=$(ASAN_EXAMPLES) BUILDDIR=$(BUILD) PYTEST_ARGS='--ignore=test_load.py .' \
	  interop/run.sh pytest

## make autobahn        (slow) Autobahn's test suite; RUNS=5 for five runs of each program
## make autobahn-packaged    the same for the distribution's wslay, to compare
AUTOBAHN := $(BUILD)/autobahn
PLAY_AUTOBAHN = autobahn/run.py --suite $(AUTOBAHN)/suite $(if $(RUNS),--runs $(RUNS))
.PHONY: autobahn-suite autobahn-packaged
autobahn autobahn-packaged: export PYTHONDONTWRITEBYTECODE := 1
autobahn: examples autobahn-suite
	$(MAKE) -C autobahn BUILDDIR=$(AUTOBAHN) CPPFLAGS='-I$(CURDIR)/include' \
	  LDFLAGS='-L$(OUT) -Wl,-rpath,$(OUT)'
	autobahn/test_gate.py $(AUTOBAHN)
	$(PLAY_AUTOBAHN) --reports $(AUTOBAHN)/reports \
	  server-default=$(AUTOBAHN)/echoserv client-default=$(AUTOBAHN)/client \
	  server-opt-in-fork=$(BUILD)/examples/fork-echoserv \
	  server-opt-in-epoll=$(BUILD)/examples/epoll-echoserv client-opt-in=$(AUTOBAHN)/client-opt-in

autobahn-packaged: autobahn-suite $(PACKAGED)/include/wslay/wslay.h
	$(MAKE) -C autobahn default BUILDDIR=$(AUTOBAHN)/packaged CPPFLAGS='-I$(PACKAGED)/include' \
	  LDFLAGS='-L$(PACKAGED)/lib -Wl,-rpath,$(PACKAGED)/lib'
	$(PLAY_AUTOBAHN) --reports $(AUTOBAHN)/packaged/reports \
	  server-default=$(AUTOBAHN)/packaged/echoserv client-default=$(AUTOBAHN)/packaged/client

autobahn-suite:
	autobahn/install-suite.sh $(AUTOBAHN)

## make lint            (slow) formatting, clippy, shellcheck
lint:
	scripts/lint.sh

## make check-valgrind  (slow) the C tests under valgrind
check-valgrind: lib
	$(MAKE) -C capi-tests check-shared BUILDDIR=$(BUILD)/capi-tests $(C_TEST_VARIABLES) \
	  RUN='valgrind --quiet --leak-check=full --error-exitcode=1'

## make check-asan      (slow) the C tests under ASan, LSan and UBSan
check-asan:
	+MAKE='$(MAKE)' scripts/check-asan.sh $(BUILD)/asan $(CURDIR)/include

## make check-tsan      (slow) two threads with a context each under TSan, SESSIONS=1000
check-tsan:
	+MAKE='$(MAKE)' $(if $(SESSIONS),SESSIONS=$(SESSIONS)) \
	  scripts/check-tsan.sh $(BUILD)/tsan $(CURDIR)/include

## make check-cargo-c   (slow) that cargo-c installs what make install does
CARGO_C ?= $(BUILD)/tools/bin/cargo-cinstall
check-cargo-c: lib $(CARGO_C)
	+MAKE='$(MAKE)' BUILDDIR=$(BUILD) CARGO_C=$(CARGO_C) \
	  install-tests/run.sh $(BUILD)/cargo-c-tests cargo_c pkg_config cmake

# Unoptimised, which takes a third of the time.
$(BUILD)/tools/bin/cargo-cinstall:
	CARGO_TARGET_DIR=$(BUILD)/tools/target CARGO_PROFILE_DEV_DEBUG=0 $(CARGO) install \
	  cargo-c --version 0.10.24+cargo-0.98.0 --locked --debug --root $(BUILD)/tools
	rm -rf $(BUILD)/tools/target

## make check-deb       (slow) the Debian packages, over the distribution's in a test root
check-deb: lib
	+MAKE='$(MAKE)' BUILDDIR=$(BUILD) install-tests/run.sh $(BUILD)/deb-tests debian

## make check-miri      (slow) the Rust tests under Miri: both aliasing models, and big-endian
# The core has no unsafe code: under the aliasing models it runs beneath the programs of
# tests/, and its own tests, which take long there, run for the byte order alone. Miri
# interprets a program for another machine without its linker or libc.
BIG_ENDIAN_32 := powerpc-unknown-linux-gnu
MIRI_TEST = $(CARGO) +nightly miri test $(CARGO_FLAGS) --features std --no-fail-fast
check-miri:
	rustup component add --toolchain nightly miri rust-src
	failed=0; \
	MIRIFLAGS="$(MIRIFLAGS) -Zmiri-tree-borrows" $(MIRI_TEST) -- --skip core:: || failed=1; \
	$(MIRI_TEST) -- --skip core:: || failed=1; \
	$(MIRI_TEST) --lib --target $(BIG_ENDIAN_32) || failed=1; \
	exit $$failed

## make diff            the same random sessions on this library and the packaged one
## make diff-planted    that changes planted in either of them are found
DIFF_VARIABLES = BUILDDIR=$(BUILD)/diff-tests CPPFLAGS='-I$(CURDIR)/include' \
  THEIRS=$(PACKAGED)/lib/libwslay.so OURS=$(OUT)/libwslay.so
.PHONY: diff diff-planted
diff: lib $(PACKAGED)/include/wslay/wslay.h
	$(MAKE) -C diff-tests check $(DIFF_VARIABLES) \
	  $(if $(SESSIONS),SESSIONS=$(SESSIONS)) $(if $(SEED),SEED=$(SEED))

diff-planted: lib $(PACKAGED)/include/wslay/wslay.h
	$(MAKE) -C diff-tests planted $(DIFF_VARIABLES)

## make check-hostile   (slow) what hostile peers cost in memory and time, beside the packaged one
HOSTILE_VARIABLES = BUILDDIR=$(BUILD)/hostile-peers CPPFLAGS='-I$(CURDIR)/include' \
  THEIRS=$(PACKAGED)/lib/libwslay.so OURS=$(OUT)/libwslay.so
check-hostile: lib $(PACKAGED)/include/wslay/wslay.h
	$(MAKE) -C hostile-peers self-test $(HOSTILE_VARIABLES)
	$(MAKE) -C hostile-peers check $(HOSTILE_VARIABLES) $(if $(ONLY),ONLY='$(ONLY)')

## make fuzz            libFuzzer on each target of fuzz/, SECONDS_EACH=15
## make fuzz-planted    that a fault planted in the library is found by it
SECONDS_EACH ?= 15
CARGO_FUZZ ?= $(BUILD)/tools/bin/cargo-fuzz
.PHONY: fuzz fuzz-planted
fuzz: $(CARGO_FUZZ)
	SECONDS_EACH=$(SECONDS_EACH) CARGO_FUZZ=$(CARGO_FUZZ) BUILDDIR=$(BUILD) fuzz/run.sh

fuzz-planted: $(CARGO_FUZZ)
	CARGO_FUZZ=$(CARGO_FUZZ) BUILDDIR=$(BUILD) fuzz/run.sh --self-test

$(BUILD)/tools/bin/cargo-fuzz:
	CARGO_TARGET_DIR=$(BUILD)/tools/target CARGO_PROFILE_DEV_DEBUG=0 $(CARGO) install \
	  cargo-fuzz --version 0.13.2 --locked --debug --root $(BUILD)/tools
	rm -rf $(BUILD)/tools/target

## make mutants         (slow) that the Rust tests notice faults in the core; MUTANTS_SHARD=all for all
CARGO_MUTANTS ?= $(BUILD)/tools/bin/cargo-mutants
.PHONY: mutants
mutants: $(CARGO_MUTANTS)
	$(if $(MUTANTS_SHARD),MUTANTS_SHARD=$(MUTANTS_SHARD)) CARGO_MUTANTS=$(CARGO_MUTANTS) \
	  scripts/mutants.sh $(BUILD)/mutants $(MUTANTS_ARGUMENTS)

$(BUILD)/tools/bin/cargo-mutants:
	CARGO_TARGET_DIR=$(BUILD)/tools/target CARGO_PROFILE_DEV_DEBUG=0 $(CARGO) install \
	  cargo-mutants --version 27.1.0 --locked --debug --root $(BUILD)/tools
	rm -rf $(BUILD)/tools/target
