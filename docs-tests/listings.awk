# Writes the listings of a Markdown file into files of the directory `to`. A listing is a
# fenced block that begins with ```c file=NAME; those of one file are put together in
# their order. Prints the names.

/^```c file=[a-z_]+\.c$/ {
  name = substr($2, 6)
  if (!(name in begun)) {
    begun[name] = 1
    print name
  } else {
    print "" >(to "/" name)
  }
  inside = 1
  next
}

/^```/ {
  inside = 0
  next
}

inside {
  print >(to "/" name)
}
