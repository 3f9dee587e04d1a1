# The benchmarks. They write what they measure to build/bench/*.tsv.

BENCH := $(BUILD)/bench
BENCHMARKS := bench-memory bench-loopback bench-instructions bench-heap bench-stack

## make bench           all benchmarks, one after the other, into docs/benchmarks.md; QUICK=1 for
##                      a quick look, into build/bench/benchmarks.md. Fails if a check does
.PHONY: bench bench-report
bench: test-tools
	rm -f $(BENCH)/*.tsv
	+$(MAKE) -j1 -k $(BENCHMARKS); status=$$?; $(MAKE) bench-report && exit $$status

BENCH_REPORT ?= $(if $(QUICK),$(BENCH),docs)
bench-report:
	bench/report.py --dir $(BENCH) --packaged $(PACKAGED) --out $(BENCH_REPORT)

BENCH_CFLAGS ?= -O2
BENCH_WARNINGS = -std=c99 -D_GNU_SOURCE -Wall -Wextra -pedantic -Werror
IN_MEMORY_SOURCES := $(wildcard bench/in-memory/*.c)

.PHONY: bench-memory bench-peers

## make bench-memory    ns a message in memory, beside C wslay and Rust libraries; QUICK=1 for
##                      few cases, without the Rust libraries; CASES='echo-ascii-*-burst'
BENCH_PEERS ?= $(if $(QUICK),,$(BENCH)/peers/release/peers)
bench-memory: lib $(BENCH)/in-memory $(if $(BENCH_PEERS),bench-peers)
	bench/in_memory.py $(if $(QUICK),--quick) $(if $(CASES),--cases '$(CASES)') --dir $(BENCH) \
	  --ours $(OUT) --theirs $(PACKAGED)/lib $(if $(BENCH_PEERS),--peers $(BENCH_PEERS))

bench-peers:
	CARGO_TARGET_DIR=$(BENCH)/peers $(CARGO) build --release $(CARGO_FLAGS) --quiet \
	  --manifest-path bench/peers/Cargo.toml

# LD_LIBRARY_PATH comes before the RUNPATH, so that the same program runs with either.
$(BENCH)/in-memory: $(IN_MEMORY_SOURCES) $(wildcard bench/in-memory/*.h) bench/bench.mk $(PACKAGED)/include/wslay/wslay.h
	@mkdir -p $(@D)
	$(CC) -Iinclude $(BENCH_WARNINGS) $(BENCH_CFLAGS) -o $@ $(IN_MEMORY_SOURCES) \
	  -L$(PACKAGED)/lib -Wl,--enable-new-dtags,-rpath,$(PACKAGED)/lib -lwslay -ldl

## make bench-alignment how much a message's place in memory matters to sending it, beside
##                      C wslay; not in the report
.PHONY: bench-alignment
bench-alignment: lib $(BENCH)/alignment $(PACKAGED)/include/wslay/wslay.h
	@for length in 3000 16384 65536; do \
	  for library in $(OUT) $(PACKAGED)/lib; do \
	    printf '%s: ' $$library; LD_LIBRARY_PATH=$$library $(BENCH)/alignment $$length || exit 1; \
	  done; \
	done

$(BENCH)/alignment: bench/alignment/main.c | lib
	@mkdir -p $(@D)
	$(CC) -Iinclude $(BENCH_WARNINGS) $(BENCH_CFLAGS) -o $@ $< -L$(OUT) -lwslay

.PHONY: bench-loopback check-loopback loopback-peers

## make bench-loopback  echo servers over loopback, beside C wslay and Rust libraries; QUICK=1
##                      for short runs, without the Rust libraries
LOOPBACK := $(addprefix $(BENCH)/loopback/,server floor load)
LOOPBACK_PEERS ?= $(if $(QUICK),,$(BENCH)/loopback-peers/release/loopback-peers)
bench-loopback: lib $(LOOPBACK) $(if $(LOOPBACK_PEERS),loopback-peers) $(PACKAGED)/include/wslay/wslay.h
	bench/loopback.py $(if $(QUICK),--quick) --dir $(BENCH) --ours $(OUT) --theirs $(PACKAGED)/lib \
	  $(if $(LOOPBACK_PEERS),--peers $(LOOPBACK_PEERS))

## make check-loopback  (slow) that its load generator finds faulty servers
check-loopback: lib $(LOOPBACK)
	bench/loopback/self-test.sh $(BENCH)/loopback $(OUT)

loopback-peers:
	CARGO_TARGET_DIR=$(BENCH)/loopback-peers $(CARGO) build --release $(CARGO_FLAGS) --quiet \
	  --manifest-path bench/loopback-peers/Cargo.toml

# No run path: LD_LIBRARY_PATH says which library is measured.
LOOPBACK_HEADERS := $(wildcard bench/loopback/*.h) bench/frame.h
$(BENCH)/loopback/server: $(addprefix bench/loopback/,server.c connection.c handshake.c) $(LOOPBACK_HEADERS) | lib
	@mkdir -p $(@D)
	$(CC) -Iinclude $(BENCH_WARNINGS) $(BENCH_CFLAGS) -o $@ $(filter %.c,$^) -L$(OUT) -lwslay -ldl

$(BENCH)/loopback/floor: $(addprefix bench/loopback/,server.c floor.c handshake.c) bench/frame.c $(LOOPBACK_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(BENCH_WARNINGS) $(BENCH_CFLAGS) -o $@ $(filter %.c,$^)

$(BENCH)/loopback/load: bench/loopback/load.c bench/frame.c bench/frame.h
	@mkdir -p $(@D)
	$(CC) $(BENCH_WARNINGS) $(BENCH_CFLAGS) -o $@ $(filter %.c,$^)

## make bench-instructions  instructions a message under callgrind, beside C wslay
## make check-instructions  (slow) the same against the baseline, bench/instructions.tsv
## make instructions-baseline  writes that anew
.PHONY: check-instructions instructions-baseline bench-instructions count-instructions
INSTRUCTIONS := $(BENCH)/instructions/instructions
INSTRUCTIONS_SOURCES := bench/frame.c $(filter-out %/slowdown.c,$(wildcard bench/instructions/*.c))
COUNT = bench/instructions/measure.py $(INSTRUCTIONS)
COMPARE = bench/instructions/compare.py $(BENCH)/instructions.tsv bench/instructions.tsv

count-instructions: lib $(INSTRUCTIONS)
	$(COUNT) $(OUT) $(BENCH)/instructions/ours >$(BENCH)/instructions.tsv

check-instructions: count-instructions
	$(COMPARE)
	bench/instructions/self-test.sh $(INSTRUCTIONS) $(OUT) include $(BENCH)/instructions/self-test

instructions-baseline: count-instructions
	cp $(BENCH)/instructions.tsv bench/instructions.tsv

bench-instructions: count-instructions $(PACKAGED)/include/wslay/wslay.h
	$(COUNT) $(PACKAGED)/lib $(BENCH)/instructions/packaged >$(BENCH)/instructions-packaged.tsv
	$(COMPARE) $(BENCH)/instructions-packaged.tsv

# -z now keeps the dynamic linker out of what is counted.
$(INSTRUCTIONS): $(INSTRUCTIONS_SOURCES) $(wildcard bench/*.h bench/instructions/*.h) bench/bench.mk | lib
	@mkdir -p $(@D)
	$(CC) -g -Iinclude $(BENCH_WARNINGS) $(BENCH_CFLAGS) -o $@ $(INSTRUCTIONS_SOURCES) \
	  -Wl,-z,now -L$(OUT) -lwslay

## make bench-heap      heap bytes of a connection, beside C wslay
.PHONY: bench-heap
bench-heap: lib $(PACKAGED)/include/wslay/wslay.h
	$(MAKE) -C bench/heap tsv table BUILDDIR=$(BENCH) CPPFLAGS='-I$(CURDIR)/include' \
	  THEIRS=$(PACKAGED)/lib/libwslay.so OURS=$(OUT)/libwslay.so

## make bench-stack     how deep calls go on the stack, beside C wslay
.PHONY: bench-stack
bench-stack: lib $(PACKAGED)/include/wslay/wslay.h
	$(MAKE) -C capi-tests/stack compare BUILDDIR=$(BENCH) $(C_TEST_VARIABLES) THEIRS=$(PACKAGED)/lib
