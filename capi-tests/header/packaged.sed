# Makes packaged wslay's header fit into one C file with ours. What C forbids to
# define twice is renamed where it is defined: tags, enumerators, macros, the
# include guard. Uses keep their names, so that functions and callback types are
# declared twice in the same words, and the compiler compares them.
s/^(struct|union|enum) (wslay_[a-z_]+) \{/\1 packaged_\2 {/
s/^( +)(WSLAY_[A-Z0-9_]+)( = .*)$/\1packaged_\2\3/
s/^(#ifndef|# *define) (wslay_[a-z0-9_]+\(|WSLAY_(RSV|H))/\1 packaged_\2/
s|^( *# *include <wslay/wslayver.h>)$|/* \1 */|
