# Prints the code in a Markdown file: fenced and indented lines, and what stands between
# backticks in a paragraph.

function print_spans(n, i, part) {
  n = split(paragraph, part, "`")
  for (i = 2; i <= n; i += 2) {
    print part[i]
  }
  paragraph = ""
}

/^```/ {
  print_spans()
  fenced = !fenced
  next
}

fenced || /^    / {
  print
  next
}

/^$/ {
  print_spans()
  next
}

{
  paragraph = paragraph " " $0
}

END {
  print_spans()
}
