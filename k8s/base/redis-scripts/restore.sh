#!/bin/sh
# Puts a backup back into the running cluster, which may have another size than the one that was saved: every key goes to the master
# that owns its slot now. While it does, writers are refused (NOPERM) and readers are served.
#   restore.sh list                          the backups: name, shards, keys, KiB
#   restore.sh plan [latest|NAME]            what would be replaced by what
#   restore.sh run [latest|NAME] [HOW]       HOW: empty    only into a cluster without keys (default)
#                                                 replace  what the cluster has is saved as one more backup, then removed
#                                                 merge    keys of the same name are overwritten, others stay
#   restore.sh resume                        lets writers go on, after a run that was cut off
. "$(dirname "$0")/lib.sh"
BACKUPS=${REDIS_BACKUPS:-/backups}
SOURCE=${REDIS_RESTORE_PORT:-7379}

names() { (cd "$BACKUPS" 2>/dev/null && ls -d [0-9]*Z 2>/dev/null) | sort; }

# Earlier backups did not note how many keys they have.
saved_keys() {
  cat "$BACKUPS/$1/KEYS" 2>/dev/null ||
    for file in "$BACKUPS/$1"/*.rdb; do redis-check-rdb "$file"; done | awk '/keys read/ { sum += $(NF - 2) } END { print sum + 0 }'
}

describe() {
  echo "$1: $(ls "$BACKUPS/$1"/*.rdb | wc -l) shards, $(saved_keys "$1") keys, $(du -sk "$BACKUPS/$1" | cut -f1) KiB"
}

choose() {
  name=$1
  [ "$name" != latest ] || name=$(names | tail -n 1)
  folder=$BACKUPS/$name
  [ -n "$name" ] && [ -e "$folder/SHA256SUMS" ] || fail "no backup '$1'; there are: $(names | tr '\n' ' ')"
  (cd "$folder" && sha256sum -c SHA256SUMS > /dev/null 2>&1) || fail "$name is damaged: its checksums differ"
}

reach() {
  entry=$(any_member)
  [ -n "$entry" ] || fail "no member of $SET answers"
  [ "$(ask "$entry" CLUSTER INFO | field cluster_state)" = ok ] || fail "the cluster is not ok: nothing restored"
  masters=$(nodes "$entry" | awk '$7 > 0 { print $2 }')
}

keys() { for ip in $masters; do ask "$ip" DBSIZE; done | awk '{ sum += $1 } END { print sum + 0 }'; }

# everywhere COMMAND...: on each master; fails with the first answer that is none of success.
everywhere() {
  for ip in $masters; do
    reply=$(ask "$ip" "$@")
    case $reply in OK | [01]) ;; *) echo "$ip: ${reply:-no answer}"; return 1 ;; esac
  done
}

# Our own user writes meanwhile; its password is in no argument list, and gone with the user.
hold() {
  secret=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
  why=$(everywhere ACL SETUSER restore on "#$(hashed "$secret")" '~*' '&*' +@all && everywhere ACL SETUSER default -@write) || fail "cannot pause writers: $why"
  held=1
}

release() {
  [ -n "${held:-}" ] || return 0
  held=''
  why=$(everywhere ACL SETUSER default +@write) || say "writers may still be refused, run 'restore.sh resume': $why"
  why=$(everywhere ACL DELUSER restore) || say "the user 'restore' may be left: $why"
}

# Moves the keys of one slot out of the server that read the file.
MOVE='local moved = 0
while true do
  local keys = redis.call("CLUSTER", "GETKEYSINSLOT", ARGV[1], 100)
  if #keys == 0 then return moved end
  redis.call("MIGRATE", ARGV[2], ARGV[3], "", 0, 60000, "REPLACE", "AUTH2", "restore", ARGV[4], "KEYS", unpack(keys))
  moved = moved + #keys
end'

# The slots that the file has keys of, each with the address of its owner in the cluster.
moves() {
  { nodes "$entry" | awk '$7 > 0 { print "to", $2, $8 }'; feeder CLUSTER NODES | tr -d '\r' | awk '{ for (i = 9; i <= NF; i++) print "from", "-", $i }'; } | awk '
    { n = split($3, part, ",")
      for (i = 1; i <= n; i++) {
        if (split(part[i], range, "-") == 1) range[2] = range[1]
        for (slot = range[1]; slot <= range[2]; slot++) if ($1 == "to") owner[slot] = $2; else print slot, owner[slot]
      } }'
}

# The keys of one file, a line for each tenth.
import() {
  label=$(basename "$1")
  redis-server - > "$work/log" 2>&1 <<CONF &
port $SOURCE
bind 127.0.0.1
cluster-enabled yes
cluster-config-file $work/$label.conf
cluster-require-full-coverage no
dir $(dirname "$1")
dbfilename $label
appendonly no
save ""
CONF
  server=$!
  until [ "$(feeder CLUSTER INFO | field cluster_state)" = ok ]; do
    kill -0 $server 2>/dev/null || fail "cannot read $label: $(tail -n 1 "$work/log")"
    sleep 0.2
  done
  count=$(feeder DBSIZE)
  sha=$(feeder SCRIPT LOAD "$MOVE")
  moved=0 tenth=0
  { echo "$sha $PORT $secret"; moves; } | awk 'NR == 1 { sha = $1; rest = $2 " " $3; next } { print "EVALSHA", sha, 0, $1, $2, rest }' | feeder_all | while read -r reply; do
    case $reply in '' | *[!0-9]*) echo "$label: $reply" > "$work/failed"; break ;; esac
    moved=$((moved + reply))
    if [ $((moved * 10 / count)) -gt $tenth ]; then tenth=$((moved * 10 / count)); say "$label: $moved of $count keys"; fi
  done
  [ ! -e "$work/failed" ] || fail "$(cat "$work/failed")"
  [ "$(feeder DBSIZE)" = 0 ] || fail "$label: $(feeder DBSIZE) of $count keys are left: the import ended early"
  feeder SHUTDOWN NOSAVE; wait $server
}
feeder() { timeout 5 env -u REDISCLI_AUTH redis-cli -p "$SOURCE" "$@" 2>/dev/null; }
feeder_all() { env -u REDISCLI_AUTH redis-cli -p "$SOURCE" 2>&1; }

run() {
  how=$1
  reach
  had=$(keys)
  if [ "$had" != 0 ] && [ "$how" = empty ]; then fail "the cluster has $had keys; 'replace' removes them, 'merge' overwrites those of the same name"; fi
  work=$(mktemp -d)
  server=''
  trap 'status=$?; [ -z "$server" ] || kill "$server" 2>/dev/null; release; rm -rf "$work"; exit $status' EXIT
  trap 'exit 143' TERM INT
  hold
  say "writers are paused"
  if [ "$had" != 0 ] && [ "$how" = replace ]; then
    say "saving what is replaced: $(sh "$(dirname "$0")/backup.sh" 1000 2>&1)" || fail "nothing was changed"
    for ip in $masters; do
      [ "$(printf 'AUTH restore %s\nFLUSHALL\n' "$secret" | ask "$ip" | tail -n 1)" = OK ] || fail "$ip does not remove its keys"
    done
  fi
  for file in "$folder"/*.rdb; do import "$file"; done
  release
  say "$name is back: $(saved_keys "$name") keys saved, the cluster has $(keys)"
}

case ${1:-} in
  list) for name in $(names); do describe "$name"; done ;;
  plan)
    choose "${2:-latest}"; reach
    describe "$name"
    echo "$SET in $POD_NAMESPACE: $(echo "$masters" | wc -l) shards, $(keys) keys" ;;
  run)
    case ${3:-empty} in empty | replace | merge) ;; *) fail "'$3': empty, replace or merge" ;; esac
    choose "${2:-latest}"; run "${3:-empty}" ;;
  resume) reach; held=1; release; say "writers go on" ;;
  *) echo "usage: restore.sh list | plan [latest|NAME] | run [latest|NAME] [empty|replace|merge] | resume" >&2; exit 2 ;;
esac
