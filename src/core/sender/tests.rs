//! Unit tests of the send machine.
