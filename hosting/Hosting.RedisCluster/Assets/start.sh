#!/bin/sh
# Starts this member. The shell is replaced by redis-server, so that a TERM reaches it at once.
HERE=$(dirname "$0")
. "$HERE/lib.sh"
: "${POD_IP:?}"

# A member that a scale-in retired comes back as a new one: its volume knows a cluster that has forgotten it.
if [ -e "$DATA/retired" ]; then
  say "volume of a retired member: starting empty"
  rm -rf "$DATA/nodes.conf" "$DATA/appendonlydir" "$DATA/dump.rdb" "$DATA/scaling.lock" "$DATA/retired"
fi

# The rest of the limit is for buffers, fragmentation and the pages that a fork has to copy.
memory=
if [ -n "${REDIS_MEMORY_LIMIT:-}" ]; then memory="maxmemory $((REDIS_MEMORY_LIMIT / 100 * ${REDIS_MEMORY_PERCENT:-70}))"; fi

# With an append-only file, snapshots would only cost forks.
case ${REDIS_APPENDFSYNC:-everysec} in
  off) persistence="appendonly no" ;;
  *) persistence="appendonly yes
appendfsync ${REDIS_APPENDFSYNC:-everysec}
save \"\"" ;;
esac

# By the standard input: a password in the arguments could be read from the process list.
exec redis-server "$HERE/redis.conf" - <<CONF
port $PORT
bind ${REDIS_BIND:-* -::*}
dir $DATA
cluster-announce-ip $POD_IP
replica-announce-ip $POD_IP
cluster-announce-hostname $(name_of "$ORDINAL")
proc-title-template "{title} {listen-addr} $POD_NAME.$POD_NAMESPACE node=${NODE_NAME:--}"
requirepass "$(quoted "$REDIS_PASSWORD")"
masterauth "$(quoted "$REDIS_PASSWORD")"
$memory
$persistence
${REDIS_CONFIG:-}
CONF
