# shellcheck shell=bash
# A page that is a tour: what it shows as typed after "# " in its console blocks is run, section by section, and what stands
# below each command is what must be seen. "…" stands for anything, and white space for white space. Sourced.

# sections PAGE: its headings, in order.
sections() { sed -n 's/^## //p' "$1"; }

# steps PAGE SECTION: its commands and what is to be seen, as they stand in the blocks.
steps() {
    awk -v section="## $2" '
        /^## / { here = ($0 == section) }
        /^```/ { inside = ($0 == "```console"); next }
        here && inside' "$1"
}

# walk PAGE SECTION RUN: each command by RUN, and what it says against what the page says. Stops at the first that differs.
walk() {
    local page=$1 section=$2 run=$3 line command='' expected=''
    while IFS= read -r line || [ -n "$line" ]; do
        if [[ $line == '# '* ]]; then
            step "$run" "$command" "$expected" || return
            command=${line#\# } expected=''
        else
            expected+=$line$'\n'
        fi
    done < <(steps "$page" "$section")
    [ -n "$command" ] || { echo "there is no command in: $section" && return 1; }
    step "$run" "$command" "$expected"
}

step() {
    local run=$1 command=$2 expected=$3 said status=0
    [ -n "$command" ] || return 0
    echo "# $command"
    said=$("$run" "$command" 2>&1 </dev/null) || status=$?
    printf '%s\n' "$said"
    [ "$status" = 0 ] || { echo "it ended with $status" && return 1; }
    looks_like "$said" "$expected" || { printf 'the page says:\n%s' "$expected" && return 1; }
}

# looks_like SAID EXPECTED
looks_like() {
    local said pattern
    said=$(squeeze <<<"$1")
    # Quoted, a part of a pattern is itself.
    pattern=$(squeeze <<<"$2" | sed 's/[][*?\\]/\\&/g; s/…/*/g')
    # What stands for anything stands for nothing, too.
    pattern=${pattern//$'*\n'/*}
    pattern=${pattern/%$'\n*'/*}
    # shellcheck disable=SC2053
    [[ $said == $pattern ]]
}

squeeze() { sed -E 's/\x1b\[[0-9;]*m//g; s/[[:space:]]+/ /g; s/^ //; s/ $//'; }
