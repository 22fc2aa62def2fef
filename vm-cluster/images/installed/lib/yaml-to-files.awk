# Writes every leaf of a YAML document into a file of its own: `write_files: [{path: /a}]` becomes OUT/write_files/0/path
# (in block style). Knows what rendered cloud-configs are made of: nested mappings and sequences, plain and quoted scalars,
# literal blocks (|, |-, |+). Whatever else it meets it refuses. Usage: awk -v out=DIR -f yaml-to-files.awk FILE
#
# The open collections are a stack: indent[d] (columns), kind[d] ("map", "seq"), prefix[d] (its folder), name[d] (key or number).

BEGIN { depth = leaves = 0 }

function refuse(why) {
    print FILENAME ":" FNR ": " why > "/dev/stderr"
    refused = 1
    exit 1
}

function folder(d) { return d == 0 ? out : prefix[d] "/" name[d] }

function open(what, column) {
    prefix[depth + 1] = folder(depth)
    depth++
    kind[depth] = what
    indent[depth] = column
    name[depth] = what == "seq" ? -1 : ""
}

function leaf(text) {
    file[leaves] = folder(depth)
    content[leaves++] = text
}

# A process for each folder would take an emulated machine half a minute.
function write_leaves(    i) {
    for (i = 0; i < leaves; i++) print substr(file[i], 1, match(file[i], /\/[^\/]*$/) - 1) | "xargs mkdir -p"
    close("xargs mkdir -p")
    for (i = 0; i < leaves; i++) {
        printf "%s", content[i] > file[i]
        close(file[i])
    }
}

function unquoted(text) {
    if (text ~ /^".*"$/) {
        text = substr(text, 2, length(text) - 2)
        gsub(/\\"/, "\"", text)
        gsub(/\\n/, "\n", text)
        gsub(/\\\\/, "\\", text)
        return text
    }
    if (text ~ /^'.*'$/) {
        text = substr(text, 2, length(text) - 2)
        gsub(/''/, "'", text)
        return text
    }
    if (text ~ /^["'&*!>{\[]/ && text !~ /^(\[\]|\{\})$/) refuse("cannot read: " text)
    sub(/[ \t]+#.*$/, "", text)
    return text
}

function value(text) {
    if (text ~ /^\|[-+]?[ \t]*$/) {
        literal = 1
        chomp = substr(text, 2, 1)
        parent = indent[depth]
        block = ""
        column0 = -1
    } else if (text != "") leaf(unquoted(text))
}

function end_literal() {
    literal = 0
    if (chomp != "+") sub(/\n+$/, "", block)
    leaf(chomp == "" && block != "" ? block "\n" : block)
}

# One line of a literal block, or the first one behind it (returns 0).
function literal_line(line,    column) {
    match(line, /^ */)
    column = RLENGTH
    if (line ~ /^[ \t]*$/ && column0 < 0) { block = block "\n"; return 1 }
    if (line ~ /^ *$/ && column < column0) { block = block "\n"; return 1 }
    if (column0 < 0 && column > parent) column0 = column
    if (column0 < 0 || column < column0) return 0
    block = block substr(line, column0 + 1) "\n"
    return 1
}

function close_deeper(column) { while (depth > 0 && indent[depth] > column) depth-- }

function item(text, column) {
    close_deeper(column)
    if (kind[depth] != "seq" || indent[depth] != column) open("seq", column)
    name[depth]++
    match(text, /^- */)
    if (RLENGTH < length(text)) node(substr(text, RLENGTH + 1), column + RLENGTH, 1)
}

function entry(text, column) {
    close_deeper(column)
    if (kind[depth] == "seq" && indent[depth] == column) depth--
    if (kind[depth] != "map" || indent[depth] != column) open("map", column)
    name[depth] = substr(text, 1, index(text, ":") - 1)
    sub(/^[^:]*: */, "", text)
    value(text)
}

function node(text, column, in_item) {
    if (text ~ /^-( |$)/) item(text, column)
    else if (text ~ /^[A-Za-z0-9_.-]+:( |$)/) entry(text, column)
    else if (in_item) value(text)
    else refuse("neither an item nor a key: " text)
}

{ sub(/\r$/, "") }
literal && literal_line($0) { next }
literal { end_literal() }
/^[ \t]*(#.*)?$/ || /^---$/ { next }
{
    match($0, /^ */)
    node(substr($0, RLENGTH + 1), RLENGTH, 0)
}
END {
    if (literal && !refused) end_literal()
    if (!refused) write_leaves()
    exit refused
}
