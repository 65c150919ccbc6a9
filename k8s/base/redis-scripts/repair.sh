#!/bin/sh
# For a person, in a member that waits at its start because its data are lost or damaged and nobody else has them:
#   repair.sh            says what there is and what each choice would keep
#   repair.sh truncate   keeps what stands before the damage
#   repair.sh empty      starts without data: what the shard had is gone, unless a backup has it
HERE=$(dirname "$0")
. "$HERE/lib.sh"
. "$HERE/data.sh"
[ -e "$RUN/waiting" ] || fail "$POD_NAME does not wait at its start: nothing to repair"

case ${1:-} in
  '')
    cut -d' ' -f2- "$RUN/waiting"
    [ ! -e "$MANIFEST" ] || redis-check-aof "$MANIFEST" 2>&1 | grep -v '^Start' ;;
  truncate)
    [ -e "$MANIFEST" ] || fail "there is no append-only file"
    yes | redis-check-aof --fix "$MANIFEST" || fail "only the last file can be cut; the choices left are 'empty' and a backup" ;;
  empty) rm -rf "$DATA/appendonlydir" "$DATA/dump.rdb" "$DATA/bytes" "$DATA/loading" ;;
  *) echo "usage: repair.sh [truncate | empty]" >&2; exit 2 ;;
esac
[ -z "${1:-}" ] || : > "$DATA/decided"
