#!/bin/sh
# Puts a backup's keys back into the running cluster: restore.sh [latest|<UTC time>] [--replace]. The cluster may have
# another size than the one that was saved: every key goes to the master that owns its slot now. Without --replace the
# cluster has to be empty; with it, keys of the same name are overwritten and others stay.
. "$(dirname "$0")/lib.sh"
BACKUPS=${REDIS_BACKUPS:-/backups}
SOURCE=${REDIS_RESTORE_PORT:-7379}

# redis-cli --cluster import puts the password into a format string.
case $REDIS_PASSWORD in *[[:space:]%]*) fail "a password with a space or % does not survive redis-cli's import: rotate it first" ;; esac

name=${1:-latest}
[ "$name" != latest ] || name=$(cd "$BACKUPS" && ls -d [0-9]*Z | sort | tail -n 1)
folder=$BACKUPS/$name
[ -e "$folder/SHA256SUMS" ] || fail "no backup '$name'; there are: $(cd "$BACKUPS" && ls -d [0-9]*Z | tr '\n' ' ')"
(cd "$folder" && sha256sum -c SHA256SUMS >/dev/null 2>&1) || fail "$name is damaged: its checksums differ"

entry=$(any_member)
[ -n "$entry" ] || fail "no member of $SET answers"
[ "$(ask "$entry" CLUSTER INFO | field cluster_state)" = ok ] || fail "the cluster is not ok: nothing restored"
keys() { nodes "$entry" | awk '$7 > 0 { print $2 }' | while read -r ip; do ask "$ip" DBSIZE; done | awk '{ sum += $1 } END { print sum + 0 }'; }
replace=
if [ "${2:-}" = --replace ]; then replace=--cluster-replace
elif [ "$(keys)" != 0 ]; then fail "the cluster has $(keys) keys: with --replace those of the same name are overwritten"; fi

work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
total=0
for file in "$folder"/*.rdb; do
  # A server of our own reads the file; its keys then migrate as if it were joined to the cluster.
  redis-server - > "$work/log" 2>&1 <<CONF &
port $SOURCE
bind 127.0.0.1
dir $folder
dbfilename $(basename "$file")
appendonly no
save ""
CONF
  server=$!
  source() { timeout 5 env -u REDISCLI_AUTH redis-cli -p "$SOURCE" "$@" 2>/dev/null; }
  until [ "$(source PING)" = PONG ]; do kill -0 $server 2>/dev/null || fail "cannot read $file: $(tail -n 1 "$work/log")"; sleep 0.2; done
  count=$(source DBSIZE)
  if [ "$count" != 0 ]; then
    # shellcheck disable=SC2086 # absent or one argument
    redis-cli --cluster import "$entry:$PORT" --cluster-from "127.0.0.1:$SOURCE" --cluster-copy $replace > "$work/import" 2>&1 ||
      fail "$(basename "$file"): $(grep -v '^Migrating' "$work/import" | tail -n 1)"
    if grep -q 'ERR' "$work/import"; then fail "$(basename "$file"): $(grep 'ERR' "$work/import" | head -n 1)"; fi
  fi
  source SHUTDOWN NOSAVE; wait $server
  total=$((total + count)); say "$(basename "$file"): $count keys"
done
say "$name is back: $total keys saved, the cluster has $(keys)"
