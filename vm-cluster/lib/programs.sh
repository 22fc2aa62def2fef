# shellcheck shell=bash
# Programs of this machine in the root file system of another.

# put_programs ROOT PROGRAM…: into /bin; libraries go where the loader looks, its own place and that of Debian's.
put_programs() {
    local root=$1 program path library
    shift
    for program in "$@"; do
        path=$(command -v "$program")
        cp --remove-destination "$path" "$root/bin/"
        for library in $(libraries_of "$path"); do
            install -D "$library" "$root$library"
        done
    done
}

libraries_of() { ldd "$1" | awk '$2 == "=>" { print $3 } $1 ~ /^\// { print $1 }'; }
