#!/bin/sh
# Changes the size of a formed cluster, one primitive at a time; run in pods from outside (kubectl exec). What drives it:
#   out   set the wanted size, add pods, then: lock in every pod | to, in pod 0 | unlock in every pod
#   in    set the wanted size, then: lock in every pod | to, in pod 0 | retire in each leaving pod | forget, in pod 0 |
#         remove the pods | unlock in every pod
# Every primitive looks at the cluster as it is and may be repeated: after an interruption, drive it again from the start.
HERE=$(dirname "$0")
. "$HERE/lib.sh"
# Nothing here is in a hurry, and silence must not be taken for an answer on a busy machine.
REDIS_ASK_TIMEOUT=${REDIS_ASK_TIMEOUT:-15}

usage() {
  echo "usage: scale.sh lock [REASON] | unlock | status | to SHARDS REPLICAS | retire | forget SHARDS REPLICAS" >&2
  exit 2
}

wanted() {
  case $1$2 in *[!0-9]*) usage ;; esac
  [ "$1" -ge 3 ] || fail "$1 shards: a cluster needs at least three masters to replace one that dies"
  S=$1 R=$2 N=$(($1 * (1 + $2)))
}

# This member's own line.
me() {
  tries=0
  while [ $tries -lt 10 ]; do
    mine=$(nodes "$LOCAL" | awk '$4 ~ /myself/')
    [ -z "$mine" ] || { echo "$mine"; return; }
    tries=$((tries + 1)); sleep 1
  done
}

# What still moves, or nothing: all wanted members are here and every live one is ok and knows the same owners.
unsettled() {
  table=$(nodes "$LOCAL" | live)
  i=0
  while [ $i -lt "$N" ]; do
    echo "$table" | awk -v i=$i '$3 == i { found = 1 } END { exit !found }' || { echo "$SET-$i is not in the cluster"; return; }
    i=$((i + 1))
  done
  echo "$table" | while read -r _ ip ordinal _; do
    state=$(ask "$ip" CLUSTER INFO | field cluster_state)
    [ "$state" = ok ] || { echo "$SET-$ordinal reports cluster_state:${state:-unknown}"; break; }
    [ "$(owners "$ip")" = "$(owners "$LOCAL")" ] || { echo "$SET-$ordinal has another view of the owners of slots"; break; }
  done
}

# Slots that an interrupted move left between two masters.
open_slots() { echo "$table" | while read -r _ ip _; do ask "$ip" CLUSTER NODES | grep -o '\[[^]]*\]'; done; }

# With the masters that are to stay: those that own slots, then those that were chosen before, then any spare one.
kept() {
  echo "$table" | awk -v s="$S" -v n="$N" '
    $4 ~ /slave/ { has[$5] = 1 }
    $4 ~ /master/ && $3 != "-" && $3 < n { id[++count] = $1; slots[$1] = $7; ordinal[$1] = $3 }
    END { for (i = 1; i <= count; i++) print (slots[id[i]] > 0 ? 0 : id[i] in has ? 1 : 2), ordinal[id[i]], id[i] }' |
  sort -k1n -k2n | awk -v s="$S" 'NR <= s { printf "%s ", $3 }'
}

# A leaving master with a staying replica: the replica takes over, and no slot has to move.
promotable() {
  echo "$table" | awk -v n="$N" '
    $4 ~ /master/ && $7 > 0 && ($3 == "-" || $3 >= n) { leaving[$1] = 1 }
    $4 ~ /slave/ && $3 != "-" && $3 < n { ip[$5] = $2 " " $3 }
    END { for (id in leaving) if (id in ip) { print ip[id]; exit } }'
}

# The members that roles may be given to, seen as if the kept masters had all slots. What still guards or holds slots that
# have to move is left out.
assignable() {
  echo "$table" | awk -v n="$N" -v keep="$1" '
    BEGIN { split(keep, list); for (i in list) kept[list[i]] = 1 }
    { line[NR] = $0; if ($4 ~ /master/ && $7 > 0 && !($1 in kept)) draining[$1] = 1 }
    END { for (i = 1; i <= NR; i++) {
      $0 = line[i]
      if ($3 == "-" || $3 >= n || $1 in draining || $5 in draining) continue
      if ($1 in kept) { if ($7 == 0) $7 = 1 } else if ($4 ~ /master/ || !($5 in kept)) { $4 = "master"; $5 = "-" }
      print } }' |
  while read -r id ip ordinal flags master link slots _; do
    where=$(identity "$ip"); echo "$id $ip $ordinal $flags $master $link $slots ${where##* }"
  done
}

# Replicas that the kept masters can spare, the highest ordinal first: to be turned into masters.
surplus() {
  echo "$table" | awk -v n="$N" -v r="$R" '$4 ~ /slave/ && $3 != "-" && $3 < n { if (++has[$5] > r) { ip = $2 " " $3 } } END { if (ip != "") print ip }'
}

balanced() {
  echo "$table" | awk -v s="$S" -v keep="$1" '
    BEGIN { split(keep, list); for (i in list) kept[list[i]] = 1; share = 16384 / s }
    $4 ~ /master/ && ($1 in kept ? $7 < share * 0.98 || $7 > share * 1.02 : $7 > 0) { off = 1 }
    END { exit off }'
}

# One step towards the wanted size; prints it. Nothing printed: the size is reached.
advance() {
  if [ -n "$(open_slots)" ]; then
    echo "mending slots that an interrupted move left open"
    redis-cli --cluster fix "$own" --cluster-yes >/dev/null 2>&1
    return
  fi
  set -- $(promotable)
  if [ $# = 2 ]; then echo "$SET-$2 takes over from its leaving master: $(ask "$1" CLUSTER FAILOVER)"; sleep 1; return; fi

  keep=$(kept)
  if [ "$(echo "$keep" | wc -w)" -lt "$S" ]; then
    set -- $(surplus)
    [ $# = 2 ] || { echo "waiting for a member that can become a master"; return; }
    echo "$SET-$2 becomes a master: $(ask "$1" CLUSTER RESET SOFT)"; return
  fi

  pairs=$(assignable "$keep" | awk -v wanted="$R" -f "$HERE/pairs.awk")
  if [ -n "$pairs" ]; then
    echo "$pairs" | while read -r id master; do
      set -- $(echo "$table" | awk -v id="$id" '$1 == id { print $2, $3 }')
      echo "$SET-$2 becomes a replica of $master: $(ask "$1" CLUSTER REPLICATE "$master")"
    done
    sleep 1; return
  fi

  if ! balanced "$keep"; then
    weights=$(echo "$table" | awk -v keep="$keep" 'BEGIN { split(keep, list); for (i in list) kept[list[i]] = 1 }
      $4 ~ /master/ { print $1 "=" ($1 in kept ? 1 : 0) }')
    echo "slots moved"
    # Minutes of work: told while it goes on.
    # shellcheck disable=SC2086 # one argument per weight
    redis-cli --cluster rebalance "$own" --cluster-use-empty-masters --cluster-pipeline 100 --cluster-weight $weights 2>&1 |
      while read -r line; do case $line in Moving* | '***'* | '[ERR]'*) say "$line" >&3 ;; esac; done
  fi
}

to() {
  exec 3>&1
  exec 9>"$DATA/scaling.run"
  flock -n 9 || { say "a scaling started earlier is still running: waiting for it"; flock 9; }
  [ -e "$DATA/scaling.lock" ] || fail "not locked: run 'scale.sh lock' in every pod first, or the keepers will interfere"
  set -- $(me)
  [ $# -gt 0 ] || fail "$POD_NAME does not answer"
  own=$2:$PORT
  waited=0 same=0 last=
  while [ $waited -lt "${REDIS_SCALE_TIMEOUT:-300}" ]; do
    reason=$(unsettled)
    if [ -n "$reason" ]; then
      [ "$reason" = "$last" ] || say "waiting: $reason"
      last=$reason waited=$((waited + 1)); sleep 1; continue
    fi
    # unsettled ran in a subshell: the view it agreed on is read again.
    table=$(nodes "$LOCAL" | live)
    did=$(advance)
    [ -n "$did" ] || { say "$S shards with $R replicas each"; return 0; }
    echo "$did" | while read -r line; do say "$line"; done
    if [ "$did" = "$last" ]; then same=$((same + 1)); else same=0; fi
    [ $same -lt 20 ] || fail "no progress: $did"
    last=$did waited=0
  done
  fail "gave up after $waited s: $reason"
}

retire() {
  set -- $(me)
  [ $# -gt 0 ] || fail "$POD_NAME does not answer"
  [ "$7" = 0 ] || fail "$POD_NAME still owns $7 slots: run 'scale.sh to' first"
  # No longer ready, it is still one who knows where keys are, until the Service has let go of it: three probes, two seconds each.
  : > "$DATA/retired"
  sleep "${REDIS_RETIRE_DRAIN:-8}"
  # Nameless, it is nobody's peer: no keeper meets it again.
  ask "$LOCAL" CONFIG SET cluster-announce-hostname "" >/dev/null
  reply=$(ask "$LOCAL" CLUSTER RESET HARD)
  [ "$reply" = OK ] || fail "$POD_NAME does not leave the cluster: ${reply:-no answer}"
  say "$POD_NAME leaves the cluster"
}

# Everywhere within a minute: a member that still knew a forgotten one would bring it back to the others.
forget() {
  tries=0
  while [ $tries -lt 60 ]; do
    table=$(nodes "$LOCAL" | live | awk -v n="$N" '$3 != "-" && $3 < n')
    staying=$(echo "$table" | awk '{ printf "%s ", $1 }')
    if [ "$(echo "$staying" | wc -w)" -lt "$N" ]; then left="not all $N members are seen"
    else left=$(echo "$table" | while read -r _ ip ordinal _; do
      view=$(nodes "$ip")
      [ -n "$view" ] || { echo "$SET-$ordinal does not answer"; continue; }
      echo "$view" | awk -v staying="$staying" 'BEGIN { split(staying, list); for (i in list) stays[list[i]] = 1 } !($1 in stays) && $7 == 0 { print $1 }' |
        while read -r id; do echo "$id"; ask "$ip" CLUSTER FORGET "$id" >/dev/null; done
    done); fi
    [ -n "$left" ] || { say "only the $N members are known"; return 0; }
    tries=$((tries + 1)); sleep 0.5
  done
  fail "some members still know others than the $N: $left"
}

# A change of size begins here, perhaps after an interrupted one that wanted fewer: who was retired then is a member again, and empty.
lock() {
  echo "$1" > "$DATA/scaling.lock"
  [ -e "$DATA/retired" ] || return 0
  [ "$(ask "$LOCAL" CONFIG SET cluster-announce-hostname "$(name_of "$ORDINAL")")" = OK ] || fail "$POD_NAME does not answer"
  rm -f "$DATA/retired"
}

case ${1:-} in
  lock) lock "${2:-scaling}" ;;
  unlock) rm -f "$DATA/scaling.lock" ;;
  status) nodes "$LOCAL" | sort -k3n | awk '{ printf "%s %s %s %s slots=%s\n", $3, $1, $4, $6, $7 }' ;;
  to) [ $# = 3 ] || usage; wanted "$2" "$3"; to ;;
  retire) retire ;;
  forget) [ $# = 3 ] || usage; wanted "$2" "$3"; forget ;;
  *) usage ;;
esac
