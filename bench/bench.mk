# The benchmarks. They write what they measure to build/bench/*.tsv.

BENCH := $(BUILD)/bench
BENCH_CFLAGS ?= -O2
BENCH_WARNINGS = -std=c99 -D_GNU_SOURCE -Wall -Wextra -pedantic -Werror
IN_MEMORY_SOURCES := $(wildcard bench/in-memory/*.c)

.PHONY: bench-memory

## make bench-memory    ns a message in memory, beside C wslay; QUICK=1 for the main cases
bench-memory: lib $(BENCH)/in-memory
	bench/memory.py $(if $(QUICK),--quick) --dir $(BENCH) --ours $(OUT) --theirs $(PACKAGED)/lib

# LD_LIBRARY_PATH comes before the RUNPATH, so that the same program runs with either.
$(BENCH)/in-memory: $(IN_MEMORY_SOURCES) $(wildcard bench/in-memory/*.h) bench/bench.mk $(PACKAGED)/include/wslay/wslay.h
	@mkdir -p $(@D)
	$(CC) -Iinclude $(BENCH_WARNINGS) $(BENCH_CFLAGS) -o $@ $(IN_MEMORY_SOURCES) \
	  -L$(PACKAGED)/lib -Wl,--enable-new-dtags,-rpath,$(PACKAGED)/lib -lwslay -ldl
