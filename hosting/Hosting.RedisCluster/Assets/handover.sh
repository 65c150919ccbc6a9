#!/bin/sh
# preStop: a master with slots hands them to its most advanced replica, so that stopping it loses no write and costs no
# election (node timeout and more). Then it goes on answering for a moment, until callers and Services have heard of it.
# Always ends in bounded time and never fails the stop.
. "$(dirname "$0")/lib.sh"
BOUND=${REDIS_HANDOVER_BOUND:-10}
DRAIN=${REDIS_HANDOVER_DRAIN:-1}
REDIS_ASK_TIMEOUT=2
begin=$(date +%s)
passed() { echo $(($(date +%s) - begin)); }
is_master() { info=$(ask "$LOCAL" INFO replication); [ "$(echo "$info" | field role)" = master ]; }

# slave0:ip=10.0.0.7,port=6379,state=online,offset=1234,lag=0
most_advanced() {
  echo "$info" | tr -d '\r' | sed -n 's/^slave[0-9]*:ip=\([^,]*\),.*state=online,offset=\([0-9]*\),.*/\2 \1/p' | sort -rn | awk 'NR == 1 { print $2 }'
}

# A failover that a replica was not fit for yet, or that lost its election on a busy machine, is asked for again.
hand_over() {
  while is_master; do
    replica=$(most_advanced)
    if [ -z "$replica" ]; then
      # One that was restarted a moment ago may be here at once; when all members stop together, none will be.
      [ "$(passed)" -lt 3 ] || { say "no replica online: stopping as a master"; return; }
    elif [ "$(ask "$replica" CLUSTER FAILOVER)" = OK ]; then
      tries=0
      while [ $tries -lt 20 ]; do
        is_master || { say "handed over to $replica"; return; }
        tries=$((tries + 1)); sleep 0.1
      done
    fi
    [ "$(passed)" -lt "$BOUND" ] || { say "no replica took over in time: stopping as a master"; return; }
    sleep 0.2
  done
}

[ -z "$(nodes "$LOCAL" | awk '$4 ~ /myself/ && $7 > 0')" ] || hand_over
sleep "$DRAIN"
