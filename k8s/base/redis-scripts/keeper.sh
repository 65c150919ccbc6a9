#!/bin/sh
# Keeps this member in its cluster: a loop beside redis-server, in every pod, with no leader and no API access. It only
# ever changes its own member, from what it sees, and each step is safe to repeat:
#   meet      peers that the member does not reach, by DNS, after asking them who they are
#   follow    the master at its present address
#   reown     a slot whose owner was replaced while it was moving here
#   forget    the dead that nobody expects back
#   claim     this ordinal's slots, while the cluster forms
#   attach    as a replica, where one is missing, on another node than the master if possible
#   relieve   a master that cannot write to its volume, by a replica that can
# While a scaling holds the lock (scale.sh), it gives no roles and claims nothing. It also leaves what it sees for the probes.
HERE=$(dirname "$0")
. "$HERE/lib.sh"
INTERVAL=${REDIS_KEEPER_INTERVAL:-1}

stop=''
trap 'stop=1' TERM INT
trap : PIPE
pause() { sleep "$INTERVAL" & wait $!; }

# One connection for as long as the member answers: a redis-cli that reads our questions from one pipe and writes into another.
connect() {
  [ -p "$RUN/answers" ] || mkfifo "$RUN/questions" "$RUN/answers" || return 1
  redis-cli -h "$LOCAL" -p "$PORT" < "$RUN/questions" > "$RUN/answers" 2>&1 &
  cli=$!
  exec 3> "$RUN/questions" 4< "$RUN/answers"
}

disconnect() {
  [ -n "$cli" ] || return 0
  exec 3>&- 4<&-
  kill "$cli" 2> /dev/null
  wait "$cli" 2> /dev/null
  cli=''
}

look() {
  [ -n "$cli" ] || connect || return 1
  [ $((round % 5)) = 0 ] && echo "$SELDOM$QUESTIONS" >&3 || echo "$QUESTIONS" >&3
  round=$((round + 1))
  if listen <&4; then
    [ "$REPLICAS $seen" = "$counted" ] || { vacancies; counted="$REPLICAS $seen"; }
  else
    disconnect
  fi
  case $problem in
    'Could not connect'* | 'Error: '* | 'no answer')
      [ ! -e "$RUN/state" ] || rm -f "$RUN/state"
      return 1 ;;
  esac
  judge
  mark state "$reason"
  [ "$problem" = "$told" ] || { told=$problem; [ -z "$problem" ] || say "redis-server says: $problem"; }
  [ -z "$problem" ] || return 1
  # For the next start: the data was read, and this is how much there is.
  [ ! -e "$DATA/loading" ] || rm -f "$DATA/loading"
  [ "$bytes" = "$recorded" ] || { { echo "$bytes" > "$DATA/bytes"; } 2> /dev/null && recorded=$bytes; }
}

# Members to expect: the wanted ones, and whoever the cluster knows (a scaling changes the one before the other).
expected() {
  { i=0; while [ $i -lt "$SIZE" ]; do echo $i; i=$((i + 1)); done
    echo "$table" | awk '$3 != "-" && $4 !~ /fail/ { print $3 }'
  } | sort -n -u
}

missing() {
  reached=$(echo "$table" | live | awk '{ print $3 }')
  for peer in $(expected); do
    case "
$reached
" in *"
$peer
"*) ;; *) [ "$peer" = "$ORDINAL" ] || echo "$peer" ;; esac
  done
}

meet_one() {
  address=$(address_of "$1")
  [ -n "$address" ] || return 0
  found=$(identity "$address")
  [ -n "$found" ] || return 0
  if [ "${found%% *}" != "$(name_of "$1")" ]; then
    say "not meeting $address: it is ${found%% *}, not $(name_of "$1")"; return 0
  fi
  say "meeting $SET-$1 at $address: $(ask "$LOCAL" CLUSTER MEET "$address" "$PORT")"
}

# All at once: after a restart of all, names still give addresses that nobody has, and each of them costs a timeout.
meet() {
  met=''
  for peer in $1; do meet_one "$peer" & met="$met $!"; done
  # shellcheck disable=SC2086 # one argument per process; not the connection, which does not end
  wait $met
}

# After a restart of all, nodes may have learnt a master's new address while the replication still tries the old one.
follow() {
  master=$(echo "$table" | awk '$4 ~ /myself/ && $4 ~ /slave/ { print $5 }')
  [ -n "$master" ] || return 0
  known=$(echo "$table" | live | awk -v id="$master" '$1 == id { print $2 }')
  if [ -n "$known" ] && [ -n "$followed" ] && [ "$known" != "$followed" ]; then
    say "following $known instead of $followed: $(ask "$LOCAL" CLUSTER REPLICATE "$master")"
  fi
}

# A slot that this member was taking in when its owner was replaced: the successor's claim is not believed as long as the slot is open, and
# with the slot of a dead owner, or of none, the member serves nothing. It is told who the owner is; the move is ended by scale.sh.
reown() {
  for slot in $(printf %s "$lines" | awk '$3 ~ /myself/' | grep -o '\[[0-9]*-<-' | tr -d '[<-'); do
    known=$(echo "$table" | covering "$slot")
    for address in $(echo "$table" | live | awk '$4 ~ /master/ && $4 !~ /myself/ && $7 > 0 { print $2 }'); do
      owner=$(nodes "$address" | awk '$4 ~ /myself/' | covering "$slot")
      if [ -n "$owner" ] && [ "$owner" != "$known" ]; then say "slot $slot is $owner's now: $(ask "$LOCAL" CLUSTER SETSLOT "$slot" NODE "$owner")"; break; fi
    done
  done
}

# With everyone here, a dead one without slots is the former self of a member that lost its volume, or was scaled away.
forget() {
  for id in $(echo "$table" | awk '$4 ~ /fail($|,)/ && $7 == 0 { print $1 }'); do
    say "forgetting $id: $(ask "$LOCAL" CLUSTER FORGET "$id")"
  done
}

# Slots are claimed once in a cluster's life. A fresh member of a formed cluster (its volume was lost) must not: hence
# only when every wanted member is here and none of them, asked one by one, knows an owner of any of these slots.
claim() {
  [ "$ORDINAL" -lt "$SHARDS" ] || return 0
  first=$(first_slot "$ORDINAL" "$SHARDS"); last=$(last_slot "$ORDINAL" "$SHARDS")
  for address in $(echo "$table" | live | awk '$4 !~ /myself/ { print $2 }') "$LOCAL"; do
    view=$(nodes "$address")
    [ -n "$view" ] || return 0
    [ -z "$(echo "$view" | covering "$first" "$last")" ] || return 0
  done
  say "claiming slots $first-$last: $(ask "$LOCAL" CLUSTER ADDSLOTSRANGE "$first" "$last")"
}

# All keepers compute the same pairs from the same view, and each applies its own.
attach() {
  pairs=$(echo "$table" | live | while read -r id ip ordinal flags master link slots _; do
      where=$(identity "$ip"); [ -n "$where" ] && echo "$id $ip $ordinal $flags $master $link $slots ${where##* }"
    done | awk -v wanted="$REPLICAS" -f "$HERE/pairs.awk")
  mine=$(echo "$pairs" | awk -v me="$(echo "$table" | awk '$4 ~ /myself/ { print $1 }')" '$1 == me { print $2 }')
  [ -z "$mine" ] || say "becoming a replica of $mine: $(ask "$LOCAL" CLUSTER REPLICATE "$mine")"
}

# attach asks every member for its node: only when something is out of place.
out_of_place() {
  echo "$table" | live | awk -v wanted="$REPLICAS" '
    $4 ~ /master/ && $7 > 0 { owner[$1] = 1 }
    $4 ~ /master/ && $7 == 0 && $4 ~ /myself/ { free = 1 }
    $4 ~ /slave/ { has[$5]++; if ($4 ~ /myself/) mine = $5 }
    END { for (id in owner) if (has[id] < wanted) lacking = 1
          exit !(lacking && (free || (mine != "" && (has[mine] > wanted || !(mine in owner))))) }'
}

# A master that cannot write to its volume refuses writes for as long as that lasts. A replica whose volume has room takes over.
relieve() {
  for address in $(echo "$table" | live | awk '$4 ~ /myself/ { me = $1 } { ip[$1] = $2; of[$1] = $5 } END { for (id in of) if (of[id] == me) print ip[id] }'); do
    if [ "$(ask "$address" INFO persistence | field aof_last_write_status)" = ok ]; then
      say "the volume takes no writes: $address takes over: $(ask "$address" CLUSTER FAILOVER)"
      return
    fi
  done
}

step() {
  topology
  look || return 0
  [ ! -e "$DATA/retired" ] || return 0
  if [ "$disk" = err ] && [ "$role" = master ]; then full=$((full + 1)); else full=0; fi
  locked=''; [ ! -e "$DATA/scaling.lock" ] || locked=1
  # A step that found all in place need not look again until something changes.
  now="$SIZE $locked $followed $seen"
  if [ "$now" = "$settled" ] && [ $full = 0 ]; then return 0; fi
  settled=''

  table=$(printf %s "$lines" | table_of)
  # Beyond the wanted size and alone: a retired member that was restarted.
  [ "$ORDINAL" -lt "$SIZE" ] || [ "$(echo "$table" | wc -l)" -gt 1 ] || return 0
  absent=$(missing)
  [ -z "$absent" ] || meet "$absent"
  follow
  case $state-$lines in ok-*) ;; *-\<-*) reown ;; esac
  # Not at the first failure, and not every second while the replicas are no better off.
  [ $((full % 10)) != 2 ] || relieve
  [ -z "$absent$locked" ] || return 0
  forget
  if [ "$assigned" != 16384 ]; then
    echo "$table" | awk '$4 ~ /myself/ && $4 ~ /master/ && $7 == 0 { found = 1 } END { exit !found }' && claim
  elif [ "$state" = ok ]; then
    if out_of_place; then attach; elif [ "$now" = "$before" ]; then settled=$now; fi
  fi
  before=$now
}

topology
say "keeping $POD_NAME of $DOMAIN, $SHARDS shards with $REPLICAS replicas each"
cli='' counted='' told='' recorded='' settled='' before='' full=0 round=0
while [ -z "$stop" ]; do step; pause; done
disconnect
