#!/bin/sh
# Starts this member. The shell is replaced by redis-server, so that a TERM reaches it at once.
HERE=$(dirname "$0")
. "$HERE/lib.sh"
. "$HERE/data.sh"
trial=''
rm -f "$RUN/state"
trap '[ -z "$trial" ] || kill "$trial" 2> /dev/null; exit 0' TERM INT

# What ends a value in the clients' connection strings, or is cut off there, would shut them out for a reason that nobody sees.
case $PASSWORD in
  *,*) fail "the password has a comma, which ends it in the clients' connection strings: set another one" ;;
  [[:space:]]* | *[[:space:]] | *[[:cntrl:]]*) fail "the password begins or ends with a space, or has a control character, which clients cut off: set another one" ;;
esac

: "${POD_IP:?}"

# A member that a scale-in retired comes back as a new one: its volume knows a cluster that has forgotten it.
if [ -e "$DATA/retired" ]; then
  say "volume of a retired member: starting empty"
  rm -rf "$DATA/nodes.conf" "$DATA/appendonlydir" "$DATA/dump.rdb" "$DATA/bytes" "$DATA/loading" "$DATA/scaling.lock" "$DATA/retired"
fi

settle

# The rest of the limit is for buffers, fragmentation and the pages that a fork has to copy.
memory=
if [ -n "${REDIS_MEMORY_LIMIT:-}" ]; then memory="maxmemory $((REDIS_MEMORY_LIMIT / 100 * ${REDIS_MEMORY_PERCENT:-70}))"; fi

# With an append-only file, snapshots would only cost forks; a cache has neither.
case ${REDIS_APPENDFSYNC:-everysec} in
  off) persistence="appendonly no" ;;
  *) persistence="appendonly yes
appendfsync ${REDIS_APPENDFSYNC:-everysec}" ;;
esac

# The keeper removes it when the data are read: who finds it at the next start looks at them first.
: > "$DATA/loading"
rm -f "$RUN/waiting"
# By the standard input: a password in the arguments could be read from the process list. The default user takes it with and without
# the line break that a Secret may end in.
exec redis-server "$HERE/redis.conf" - <<CONF
port $PORT
bind ${REDIS_BIND:-* -::*}
dir $DATA
cluster-announce-ip $POD_IP
replica-announce-ip $POD_IP
cluster-announce-hostname $(name_of "$ORDINAL")
proc-title-template "{title} {listen-addr} $POD_NAME.$POD_NAMESPACE node=${NODE_NAME:--}"
user default on $(for one in "$PASSWORD" "$REDIS_PASSWORD" ${REDIS_PASSWORD_PREVIOUS:+"$REDIS_PASSWORD_PREVIOUS" "$(unbroken "$REDIS_PASSWORD_PREVIOUS")"}; do printf '#%s ' "$(hashed "$one")"; done) ~* &* +@all
masterauth "$(escaped "$PASSWORD")"
save ""
$memory
$persistence
${REDIS_CONFIG:-}
CONF
