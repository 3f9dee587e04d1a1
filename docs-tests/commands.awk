# Writes out the blocks of a Markdown file that begin with ```sh run.

/^```sh run$/ {
  inside = 1
  next
}

/^```/ {
  inside = 0
}

inside
