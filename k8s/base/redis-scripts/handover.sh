#!/bin/sh
# preStop: a master with slots hands them to its most advanced replica, so that stopping it loses no write and costs no
# election. Always ends in bounded time and never fails the stop.
. "$(dirname "$0")/lib.sh"
info=$(ask "$LOCAL" INFO replication)
[ "$(echo "$info" | field role)" = master ] || exit 0
own=$(nodes "$LOCAL" | awk '$4 ~ /myself/ && $7 > 0')
[ -n "$own" ] || exit 0

# slave0:ip=10.0.0.7,port=6379,state=online,offset=1234,lag=0
replica=$(echo "$info" | tr -d '\r' | sed -n 's/^slave[0-9]*:ip=\([^,]*\),.*state=online,offset=\([0-9]*\),.*/\2 \1/p' | sort -rn | awk 'NR == 1 { print $2 }')
[ -n "$replica" ] || { say "no replica online: stopping as a master"; exit 0; }

[ "$(ask "$replica" CLUSTER FAILOVER)" = OK ] || { say "$replica refuses to take over"; exit 0; }
tries=0
while [ $tries -lt 60 ]; do
  [ "$(ask "$LOCAL" INFO replication | field role)" = slave ] && { say "handed over to $replica"; exit 0; }
  tries=$((tries + 1)); sleep 0.1
done
say "$replica did not take over in time"
