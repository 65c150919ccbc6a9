#!/bin/sh
# Copies the data of every shard into a new folder of the backup volume: BACKUPS/<UTC time>/<first slot>.rdb, with their
# checksums. Each file is its master's data at one moment; the moments of two shards differ by seconds. A folder without a
# leading dot is complete. Keeps the newest ones: backup.sh [NUMBER], 7 by default.
. "$(dirname "$0")/lib.sh"
BACKUPS=${REDIS_BACKUPS:-/backups}

entry=$(any_member)
[ -n "$entry" ] || fail "no member of $SET answers"
before=$(owners "$entry")
[ "$(ask "$entry" CLUSTER INFO | field cluster_state)" = ok ] || fail "the cluster is not ok: nothing saved"

name=$(date -u +%Y%m%dT%H%M%SZ)
folder=$BACKUPS/.$name
rm -rf "$BACKUPS"/.[0-9]*
mkdir -p "$folder" || fail "cannot write to $BACKUPS"
masters=$(nodes "$entry" | awk '$7 > 0 { slot = $8; sub(/[-,].*/, "", slot); print $2, slot }')
echo "$masters" | while read -r ip slot; do
  redis-cli -h "$ip" -p "$PORT" --rdb "$folder/$slot.rdb" >/dev/null 2>&1 </dev/null && redis-check-rdb "$folder/$slot.rdb" >> "$folder/.checked" || exit 1
done || fail "a master did not send its data, or the volume is full: nothing saved"
[ "$(owners "$entry")" = "$before" ] || fail "slots moved meanwhile: nothing saved, run it again"

# [info] 1500 keys read
awk '/keys read/ { sum += $(NF - 2) } END { print sum + 0 }' "$folder/.checked" > "$folder/KEYS"
rm "$folder/.checked"
(cd "$folder" && sha256sum ./*.rdb KEYS > SHA256SUMS) && mv "$folder" "$BACKUPS/$name" && sync || fail "cannot finish $folder"
say "saved $(echo "$masters" | wc -l) shards, $(cat "$BACKUPS/$name/KEYS") keys, $(du -sk "$BACKUPS/$name" | cut -f1) KiB: $name"

cd "$BACKUPS" || exit 0
ls -d [0-9]*Z | sort -r | awk -v keep="${1:-7}" 'NR > keep' | while read -r old; do rm -rf "./$old"; say "removed $old"; done
