#!/bin/sh
# Keeps this member in its cluster: a loop beside redis-server, in every pod, with no leader and no API access. It only
# ever changes its own member, from what it sees, and each step is safe to repeat:
#   meet      peers that the member does not reach, by DNS, after asking them who they are
#   follow    the master at its present address
#   forget    the dead that nobody expects back
#   claim     this ordinal's slots, while the cluster forms
#   attach    as a replica, where one is missing, on another node than the master if possible
# While a scaling holds the lock (scale.sh), it meets and follows only.
HERE=$(dirname "$0")
. "$HERE/lib.sh"
INTERVAL=${REDIS_KEEPER_INTERVAL:-1}

stop=
trap 'stop=1' TERM INT
pause() { sleep "$INTERVAL" & wait $!; }

# Members to expect: the wanted ones, and whoever the cluster knows (a scaling changes the one before the other).
expected() {
  { i=0; n=$(size); while [ $i -lt "$n" ]; do echo $i; i=$((i + 1)); done
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
  for peer in $1; do meet_one "$peer" & done
  wait
}

# After a restart of all, nodes may have learnt a master's new address while the replication still tries the old one.
follow() {
  master=$(echo "$table" | awk '$4 ~ /myself/ && $4 ~ /slave/ { print $5 }')
  [ -n "$master" ] || return 0
  known=$(echo "$table" | live | awk -v id="$master" '$1 == id { print $2 }')
  followed=$(ask "$LOCAL" INFO replication | field master_host)
  if [ -n "$known" ] && [ -n "$followed" ] && [ "$known" != "$followed" ]; then
    say "following $known instead of $followed: $(ask "$LOCAL" CLUSTER REPLICATE "$master")"
  fi
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
  [ "$ORDINAL" -lt "$(shards)" ] || return 0
  first=$(first_slot "$ORDINAL" "$(shards)"); last=$(last_slot "$ORDINAL" "$(shards)")
  for address in $(echo "$table" | live | awk '$4 !~ /myself/ { print $2 }') "$LOCAL"; do
    view=$(nodes "$address")
    [ -n "$view" ] || return 0
    owned=$(echo "$view" | awk -v first="$first" -v last="$last" '{
      n = split($8, part, ","); for (i = 1; i <= n; i++) if (part[i] != "-") {
        if (split(part[i], range, "-") == 1) range[2] = range[1]
        if (range[1] <= last && range[2] >= first) { print "yes"; exit } } }')
    [ -z "$owned" ] || return 0
  done
  say "claiming slots $first-$last: $(ask "$LOCAL" CLUSTER ADDSLOTSRANGE "$first" "$last")"
}

# All keepers compute the same pairs from the same view, and each applies its own.
attach() {
  pairs=$(echo "$table" | live | while read -r id ip ordinal flags master link slots _; do
      where=$(identity "$ip"); [ -n "$where" ] && echo "$id $ip $ordinal $flags $master $link $slots ${where##* }"
    done | awk -v wanted="$(replicas)" -f "$HERE/pairs.awk")
  mine=$(echo "$pairs" | awk -v me="$(echo "$table" | awk '$4 ~ /myself/ { print $1 }')" '$1 == me { print $2 }')
  [ -z "$mine" ] || say "becoming a replica of $mine: $(ask "$LOCAL" CLUSTER REPLICATE "$mine")"
}

# attach asks every member for its node: only when something is out of place.
out_of_place() {
  echo "$table" | live | awk -v wanted="$(replicas)" '
    $4 ~ /master/ && $7 > 0 { owner[$1] = 1 }
    $4 ~ /master/ && $7 == 0 && $4 ~ /myself/ { free = 1 }
    $4 ~ /slave/ { has[$5]++; if ($4 ~ /myself/) mine = $5 }
    END { for (id in owner) if (has[id] < wanted) lacking = 1
          exit !(lacking && (free || (mine != "" && (has[mine] > wanted || !(mine in owner))))) }'
}

step() {
  [ -e "$DATA/retired" ] && return 0
  table=$(nodes "$LOCAL")
  [ -n "$table" ] || return 0
  # Beyond the wanted size and alone: a retired member that was restarted.
  [ "$ORDINAL" -lt "$(size)" ] || [ "$(echo "$table" | wc -l)" -gt 1 ] || return 0
  locked=; [ ! -e "$DATA/scaling.lock" ] || locked=1
  # A step that found all in place need not look again until something changes.
  seen="$(size) $locked $table"
  [ "$seen" = "$settled" ] && return 0
  settled=

  absent=$(missing)
  [ -z "$absent" ] || meet "$absent"
  follow
  [ -z "$absent$locked" ] || return 0
  forget
  info=$(ask "$LOCAL" CLUSTER INFO)
  if [ "$(echo "$info" | field cluster_slots_assigned)" != 16384 ]; then
    echo "$table" | awk '$4 ~ /myself/ && $4 ~ /master/ && $7 == 0 { found = 1 } END { exit !found }' && claim
  elif [ "$(echo "$info" | field cluster_state)" = ok ]; then
    if out_of_place; then attach; elif [ "$table" = "$before" ]; then settled=$seen; fi
  fi
  before=$table
}

say "keeping $POD_NAME of $DOMAIN, $(shards) shards with $(replicas) replicas each"
settled=''
before=''
while [ -z "$stop" ]; do step; pause; done
